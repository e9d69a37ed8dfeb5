/**
 * What recording costs (DESIGN law 9: under 2 % of a run whose jobs take 1 ms): `reprise run` against the same run with
 * the bare minimum recorded, in pairs, A B, B A, …, and the median of their ratios. The experiment lies in a git
 * repository of its own, so that code identity is part of the cost.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256, u32be } from '../lib/digest.ts'
import { DEFAULT_GENERATOR, randomStream } from '../lib/random.ts'
import { calibrate } from './busy.ts'
import { reprise, unrecorded } from './processes.ts'
import { type Measured, quietly } from './quiet.ts'
import { count, median, table } from './table.ts'

const ENGINES = 2
const SECONDS = 20

export async function recordingTable(repeats = 7): Promise<string> {
  const draws = calibrate(1, (i) => randomStream(DEFAULT_GENERATOR, sha256(u32be(i))))
  const jobs = SECONDS * 1000 * ENGINES
  const folder = mkdtempSync(join(tmpdir(), 'reprise-bench-code-'))
  try {
    const file = repository(folder, jobs, draws)
    await reprise(file, ENGINES) // warms the disk cache and makes the key
    const pairs: { with: Measured<number>; without: Measured<number> }[] = []
    for (let i = 0; i < repeats; i++) {
      const recorded = () => quietly(async () => (await reprise(file, ENGINES)).seconds)
      const bare = () => quietly(() => unrecorded(file, ENGINES))
      const first = i % 2 === 0 ? await recorded() : await bare()
      const second = i % 2 === 0 ? await bare() : await recorded()
      const pair = i % 2 === 0 ? { with: first, without: second } : { with: second, without: first }
      pairs.push(pair)
      console.error(
        `recording, pair ${i + 1}: ${pair.with.value.toFixed(2)} s, ${pair.without.value.toFixed(2)} s with the bare minimum`,
      )
    }
    const cost = (of: (one: Measured<number>) => number) =>
      `${(100 * (median(pairs.map((pair) => of(pair.with) / of(pair.without))) - 1)).toFixed(2)} %`
    return table(
      ['1 ms jobs', 'recorded', 'bare minimum', 'cost', 'in processor time'],
      [
        [
          count(jobs),
          `${median(pairs.map((pair) => pair.with.value)).toFixed(2)} s`,
          `${median(pairs.map((pair) => pair.without.value)).toFixed(2)} s`,
          cost((one) => one.value),
          cost((one) => one.processor),
        ],
      ],
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** An experiment with its only dependency, committed. */
function repository(folder: string, jobs: number, draws: number): string {
  const git = (...words: string[]) =>
    execFileSync(
      'git',
      ['-C', folder, '-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...words],
      { stdio: 'ignore' },
    )
  cpSync(join(import.meta.dirname, 'busy.js'), join(folder, 'busy.js'))
  const file = join(folder, 'experiment.mjs')
  writeFileSync(file, `import { busy } from './busy.js'\nexport default busy(${jobs}, ${draws})\n`)
  git('init', '-q')
  git('add', 'experiment.mjs', 'busy.js')
  git('commit', '-q', '-m', 'the experiment')
  return file
}
