/** The epidemic example on small networks, run once for the tests of a file: its manifest and its chunks. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { executeRun } from '../../lab/execute.ts'
import { ROOT } from '../../lab/installed.ts'
import { findLab, type Lab, type RunFolder } from '../../lab/lab.ts'
import { planRun } from '../../lab/plan.ts'
import { ResultsStore } from '../../lab/results.ts'
import { type Manifest, manifestBytes, withProof } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import { provenAnew } from '../provenance/forger.ts'
import type { Trees } from '../provenance/tree.ts'

export interface Run {
  readonly manifest: Manifest
  /** The exact text. */
  readonly bytes: Uint8Array
  /** Chunk bytes by index. */
  readonly chunks: readonly Uint8Array[]
  readonly lab: Lab
  readonly run: RunFolder
}

/** What lies beside each experiment as `data.txt`. */
export const DATA = 'as it was recorded'

/** Runs experiments, each a text by the name of its file, in labs of their own. */
export async function runs(
  trees: Trees,
  experiments: Readonly<Record<string, string>>,
): Promise<Record<string, Run>> {
  const launcher = localLauncher()
  const made: Record<string, Run> = {}
  try {
    for (const [name, text] of Object.entries(experiments)) {
      const folder = trees.plant({ 'package.json': '{}', 'data.txt': DATA })
      cpSync(join(ROOT, 'examples/network.ts'), join(folder, 'network.ts'))
      writeFileSync(join(folder, `${name}.ts`), text)
      const lab = findLab(folder, join(folder, '.reprise'))
      const run = await planRun(lab, join(folder, `${name}.ts`), launcher, new Date())
      await executeRun(lab, run, pool(launcher, { engines: 1 }), new AbortController().signal)
      const store = ResultsStore.open(run)
      const chunks = [...store.chunks()].map(({ bytes }) => Uint8Array.from(bytes))
      store.close()
      const bytes = readFileSync(run.manifest)
      made[name] = { manifest: parseManifest(bytes), bytes, chunks, lab, run }
    }
  } finally {
    launcher.close()
  }
  return made
}

/** examples/epidemic.ts with networks of 300 nodes: 20 points, 80 chunks. */
export function smallEpidemic(): string {
  const text = readFileSync(join(ROOT, 'examples/epidemic.ts'), 'utf8')
  const small = text.replace(
    'nodes: [100_000], degree: [8] },\n  repetitions',
    'nodes: [300], degree: [8] },\n  repetitions',
  )
  if (small === text) throw new Error('the example is written otherwise')
  return small
}

/** The manifest of a liar, whole, signed by a key of his own and with a timestamp that is none, whose record `change` has altered. */
export function lied(
  { manifest }: Run,
  change: (record: { -readonly [K in keyof Manifest]: Manifest[K] }) => void,
): Uint8Array {
  const record = structuredClone(manifest)
  change(record)
  const { proof: _, ...rest } = record
  const { record: __, digest: ___, ...proof } = provenAnew(rest).proof
  return manifestBytes(withProof(rest, { ...proof, timestamps: ['MAA='] }))
}
