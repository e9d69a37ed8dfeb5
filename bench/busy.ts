/**
 * An experiment of jobs with a fixed amount of CPU work: so many draws, added up. An amount and not a time: a job
 * that spins until a clock says stop would take its time whatever stands in its way, and hide all costs.
 */
import { type Experiment, experiment, type Random } from 'reprise'

/** The work of a job. */
export function sumOfDraws(random: Random, draws: number): number {
  let sum = 0
  for (let i = 0; i < draws; i++) sum += random()
  return sum
}

/** The experiment with so many jobs of so many draws; the chunk size is the default. */
export function busy(jobs: number, draws: number): Experiment<{ readonly draws: number }, number> {
  return experiment({
    name: 'busy',
    parameters: { draws: [draws] },
    repetitions: jobs,
    run: ({ point, random }) => sumOfDraws(random, point.draws),
  })
}

/**
 * How many draws take `milliseconds` on this machine: median of some tries after warming up, each with a generator
 * of its own as every job has (one that is used for long is compiled better).
 */
export function calibrate(milliseconds: number, generator: (i: number) => Random): number {
  const tries: number[] = []
  for (let i = 0; i < 600; i++) {
    const random = generator(i)
    const start = performance.now()
    sumOfDraws(random, 100_000)
    tries.push(performance.now() - start)
  }
  const settled = tries.slice(100).sort((a, b) => a - b)
  return Math.round((100_000 * milliseconds) / settled[settled.length >> 1]!)
}
