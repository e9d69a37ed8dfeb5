/**
 * Measurements of whole processes: throughput, efficiency against a bare loop, memory of the controller, time to a
 * first result. Ratios are taken within one run, of measurements that alternate, so that a machine that is slower
 * this minute is slower for both sides.
 */
import { sha256, u32be } from '../lib/digest.ts'
import { DEFAULT_GENERATOR, randomStream } from '../lib/random.ts'
import { calibrate } from './busy.ts'
import { bare, experimentFile, type Run, reprise, TINY } from './processes.ts'
import { count, median, table } from './table.ts'

const ENGINES = 2
const MEGABYTE = 2 ** 20

/** Tiny jobs per second, durable and sealed: of the whole process, and from `started` to `sealed`. */
export async function throughput(repeats = 3): Promise<string> {
  const jobs = 1_000_000
  const runs: Run[] = []
  for (let i = 0; i < repeats; i++) runs.push(await reprise(TINY, ENGINES))
  const whole = median(runs.map((run) => run.seconds))
  const phase = median(runs.map((run) => run.phase))
  return table(
    ['a million tiny jobs in chunks of 1,000', 'time', 'jobs per second'],
    [
      ['whole process', `${whole.toFixed(2)} s`, count(jobs / whole)],
      ['from started to sealed', `${phase.toFixed(2)} s`, count(jobs / phase)],
    ],
  )
}

/** Time to a first durable chunk on a warm machine, and of a whole run that has but one. */
export async function firstChunk(repeats = 7): Promise<string> {
  const file = experimentFile('tiny-one-chunk', 'tiny(1000)')
  await reprise(file, ENGINES) // warms the disk cache and makes the key
  const runs: Run[] = []
  for (let i = 0; i < repeats; i++) runs.push(await reprise(file, ENGINES, true))
  const seconds = (of: (run: Run) => number) => `${median(runs.map(of)).toFixed(2)} s`
  return table(
    ['a run of one chunk', 'time'],
    [
      ['until the first chunk is durable', seconds((run) => run.firstChunk)],
      ['whole process', seconds((run) => run.seconds)],
    ],
  )
}

/**
 * Time of the bare loop over time of Reprise, for jobs of so many milliseconds: pairs A B, A B, … and the median of
 * their ratios. Start-up is what two jobs take, on either side.
 */
export async function efficiency(milliseconds: number, repeats = 3): Promise<readonly string[]> {
  const draws = calibrate(milliseconds, (i) => randomStream(DEFAULT_GENERATOR, sha256(u32be(i))))
  const jobs = Math.round((ENGINES * 16_000) / milliseconds)
  const file = experimentFile(`busy-${milliseconds}ms`, `busy(${jobs}, ${draws})`)
  const least = experimentFile(`busy-${milliseconds}ms-least`, `busy(${ENGINES}, ${draws})`)

  const pairs: { bare: number; reprise: number; bareLeast: number; repriseLeast: number }[] = []
  for (let i = 0; i < repeats; i++) {
    pairs.push({
      bareLeast: await bare(ENGINES, draws, ENGINES),
      repriseLeast: (await reprise(least, ENGINES)).seconds,
      bare: await bare(jobs, draws, ENGINES),
      reprise: (await reprise(file, ENGINES)).seconds,
    })
  }
  const whole = median(pairs.map((pair) => pair.bare / pair.reprise))
  const phase = median(pairs.map((p) => (p.bare - p.bareLeast) / (p.reprise - p.repriseLeast)))
  const perJob = median(pairs.map((p) => ((p.bare - p.bareLeast) * ENGINES * 1000) / jobs))
  const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`
  return [
    `${milliseconds} ms (${perJob.toFixed(2)} measured)`,
    count(jobs),
    `${median(pairs.map((pair) => pair.bare)).toFixed(2)} s`,
    `${median(pairs.map((pair) => pair.reprise)).toFixed(2)} s`,
    percent(whole),
    percent(phase),
  ]
}

export async function efficiencyTable(): Promise<string> {
  const rows = [await efficiency(1), await efficiency(10)]
  return table(['job', 'jobs', 'bare loop', 'Reprise', 'efficiency', 'without start-up'], rows)
}

/** Peak memory of the controller for more and more jobs. */
export async function memory(sizes: readonly number[]): Promise<string> {
  const rows: string[][] = []
  for (const jobs of sizes) {
    const { peak, seconds } = await reprise(experimentFile(`tiny-${jobs}`, `tiny(${jobs})`), ENGINES, true)
    rows.push([count(jobs), `${Math.round(peak / MEGABYTE)} MiB`, `${seconds.toFixed(1)} s`])
  }
  return table(['tiny jobs', 'peak memory of the controller', 'time'], rows)
}
