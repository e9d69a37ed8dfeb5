/**
 * An experiment of tiny jobs: a million means of 100 draws, about a microsecond of science each. Nobody should run
 * such jobs; what is left when they are run is the cost of Reprise itself.
 */
import { type Experiment, experiment, type Random } from 'reprise'

export const CHUNK = 1000

/** The mean of 100 draws. */
export function meanOfDraws(random: Random): number {
  let sum = 0
  for (let i = 0; i < 100; i++) sum += random()
  return sum / 100
}

/** The experiment with so many jobs, in chunks of 1,000. */
export function tiny(jobs: number): Experiment<unknown, number> {
  return experiment({
    name: 'tiny',
    repetitions: jobs,
    chunk: CHUNK,
    run: ({ random }) => meanOfDraws(random),
  })
}

export default tiny(1_000_000)
