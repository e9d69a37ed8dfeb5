/**
 * Measurements of whole processes: throughput, efficiency against a bare loop, memory of the controller, time to a
 * first result. Ratios are of measurements that alternate, so that a machine that is slower this minute is slower
 * for both sides; each is made in a quiet moment, and the tables say what others took of the machine at most.
 */
import { sha256, u32be } from '../lib/digest.ts'
import { DEFAULT_GENERATOR, randomStream } from '../lib/random.ts'
import { calibrate } from './busy.ts'
import { bare, experimentFile, type Run, reprise, TINY } from './processes.ts'
import { type Measured, quietly } from './quiet.ts'
import { count, median, table } from './table.ts'

const ENGINES = 2
const MEGABYTE = 2 ** 20

/** Tiny jobs per second, durable and sealed: of the whole process, and from `started` to `sealed`. */
export async function throughput(repeats = 5): Promise<string> {
  const jobs = 1_000_000
  const runs: Measured<Run>[] = []
  for (let i = 0; i < repeats; i++) runs.push(await quietly(() => reprise(TINY, ENGINES)))
  const whole = median(runs.map((run) => run.value.seconds))
  const phase = median(runs.map((run) => run.value.phase))
  return table(
    ['a million tiny jobs in chunks of 1,000', 'time', 'jobs per second', 'others took'],
    [
      ['whole process', `${whole.toFixed(2)} s`, count(jobs / whole), mostOthers(runs)],
      ['from started to sealed', `${phase.toFixed(2)} s`, count(jobs / phase), ''],
    ],
  )
}

/** Time to a first durable chunk on a warm machine, and of a whole run that has but one. */
export async function firstChunk(repeats = 7): Promise<string> {
  const file = experimentFile('tiny-one-chunk', 'tiny(1000)')
  await reprise(file, ENGINES) // warms the disk cache and makes the key
  const runs: Measured<Run>[] = []
  for (let i = 0; i < repeats; i++) runs.push(await quietly(() => reprise(file, ENGINES, true)))
  const seconds = (of: (run: Run) => number) => `${median(runs.map((run) => of(run.value))).toFixed(2)} s`
  return table(
    ['a run of one chunk', 'time', 'others took'],
    [
      ['until the first chunk is durable', seconds((run) => run.firstChunk), mostOthers(runs)],
      ['whole process', seconds((run) => run.seconds), ''],
    ],
  )
}

/**
 * Time of the bare loop over time of Reprise, for jobs of so many milliseconds: pairs A B, A B, … and the median of
 * their ratios. Start-up is what two jobs take, on either side. The ratio of processor times, controller and all, is
 * what would be left if nobody ever waited.
 */
async function efficiency(milliseconds: number, repeats: number): Promise<readonly string[]> {
  const draws = calibrate(milliseconds, (i) => randomStream(DEFAULT_GENERATOR, sha256(u32be(i))))
  const jobs = Math.round((ENGINES * 16_000) / milliseconds)
  const file = experimentFile(`busy-${milliseconds}ms`, `busy(${jobs}, ${draws})`)
  const least = experimentFile(`busy-${milliseconds}ms-least`, `busy(${ENGINES}, ${draws})`)

  const bareLeast = median(await each(repeats, () => bare(ENGINES, draws, ENGINES)))
  const repriseLeast = median(await each(repeats, async () => (await reprise(least, ENGINES)).seconds))
  const pairs: { a: Measured<number>; b: Measured<Run> }[] = []
  for (let i = 0; i < repeats; i++) {
    const a = await quietly(() => bare(jobs, draws, ENGINES))
    const b = await quietly(() => reprise(file, ENGINES))
    pairs.push({ a, b })
    const seconds = `${a.value.toFixed(2)} s, ${b.value.seconds.toFixed(2)} s with Reprise`
    const processor = `processor ${a.processor.toFixed(2)} s, ${b.processor.toFixed(2)} s`
    console.error(
      `${milliseconds} ms, pair ${i + 1}: ${seconds}; ${processor}; others took ${mostOthers([a, b])}`,
    )
  }
  const percent = (ratios: readonly number[]) => `${(100 * median(ratios)).toFixed(1)} %`
  const perJob = median(pairs.map(({ a }) => ((a.value - bareLeast) * ENGINES * 1000) / jobs))
  return [
    `${milliseconds} ms (${perJob.toFixed(2)} measured)`,
    count(jobs),
    `${median(pairs.map(({ a }) => a.value)).toFixed(2)} s`,
    `${median(pairs.map(({ b }) => b.value.seconds)).toFixed(2)} s`,
    percent(pairs.map(({ a, b }) => a.value / b.value.seconds)),
    percent(pairs.map(({ a, b }) => (a.value - bareLeast) / (b.value.seconds - repriseLeast))),
    percent(pairs.map(({ a, b }) => a.processor / b.processor)),
    mostOthers(pairs.flatMap(({ a, b }) => [a, b])),
  ]
}

export async function efficiencyTable(repeats = 3): Promise<string> {
  const rows = [await efficiency(1, repeats), await efficiency(10, repeats)]
  const head = ['job', 'jobs', 'bare loop', 'Reprise', 'efficiency', 'without start-up', 'processor time']
  return table([...head, 'others took'], rows)
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

/** Measured in quiet moments, so many times. */
async function each(repeats: number, action: () => Promise<number>): Promise<number[]> {
  const values: number[] = []
  for (let i = 0; i < repeats; i++) values.push((await quietly(action)).value)
  return values
}

function mostOthers(all: readonly Measured<unknown>[]): string {
  return `≤ ${(100 * Math.max(...all.map((measured) => measured.others))).toFixed(1)} %`
}
