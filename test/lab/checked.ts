/** `check` carried out on an experiment's text, with real engines. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type CheckOptions, type CheckReport, check } from '../../lab/check.ts'
import type { VariationReport } from '../../lab/judge-variation.ts'
import { Scratch } from '../../lab/scratch.ts'
import { baseline, variationsFor } from '../../lab/variations.ts'
import { temporaryFolder } from './run.ts'

/** Names of all variations on a machine with no other Node. */
export const NAMES: readonly string[] = variationsFor({
  chunks: [0, 1],
  program: false,
  nodes: [],
  locales: [],
  home: '/',
}).map(({ name }) => name)

/** An experiment of 3 points and 6 chunks, with this body of `run`, these statements before it, and these options. */
export function source(run: string, before = '', options = ''): string {
  return `import { experiment } from 'reprise'
import * as os from 'node:os'
${before}
export default experiment({
  name: 'checked', parameters: { a: [1, 2, 3] }, repetitions: 6, chunk: 3, ${options}
  async run({ point, repetition, random, log }) {
    ${run}
  },
})
`
}

export interface Asked extends Partial<CheckOptions> {
  /** The only variations; all when not given. */
  readonly only?: readonly string[]
  /** Files beside the experiment. */
  readonly files?: Readonly<Record<string, string>>
}

export async function checked(t: TestContext, text: string, asked: Asked = {}): Promise<CheckReport> {
  const { only, files = {}, ...options } = asked
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'project'))
  for (const [name, words] of Object.entries({ 'package.json': '{}', ...files }))
    writeFileSync(join(folder, 'project', name), words)
  const path = join(folder, 'project', 'x.ts')
  writeFileSync(path, text)
  const skip = only === undefined ? [] : NAMES.filter((name) => !only.includes(name))
  const scratch = new Scratch()
  try {
    return await check(path, { chunks: 4, timeoutMs: null, runtimes: [], skip, ...options }, scratch)
  } finally {
    scratch.close()
  }
}

/** Names of the variations in a state. */
export function inState(report: CheckReport, state: VariationReport['state']): string[] {
  return report.variations.filter((one) => one.state === state).map(({ name }) => name)
}

/** A report as `check` gives it of a variation that differs. */
export function differing(name: string): VariationReport {
  const situation = { chunks: [0, 1], program: false, nodes: [], locales: [], home: '/' }
  const { how, aspect } =
    variationsFor(situation).find((variation) => variation.name === name) ?? baseline([0])
  const nothing = { why: null, incomplete: false, unsteadyOnly: false, divergent: [], experiment: null }
  return { name, how, aspect, state: 'divergent', ms: 1, ...nothing }
}
