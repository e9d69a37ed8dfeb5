/** A small real run, once for all tests of a file: its manifest and its chunks. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { executeRun } from '../../lab/execute.ts'
import { findLab } from '../../lab/lab.ts'
import { planRun } from '../../lab/plan.ts'
import { ResultsStore } from '../../lab/results.ts'
import { type Manifest, manifestBytes } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import { provenAnew } from './forger.ts'
import type { Trees } from './tree.ts'

export interface StoredChunk {
  readonly chunk: number
  readonly bytes: Uint8Array
}

export interface Sealed {
  /** As the lab wrote it. */
  readonly bytes: Uint8Array
  readonly manifest: Manifest
  readonly capsule: Uint8Array
  readonly chunks: readonly StoredChunk[]
}

const EXPERIMENT = `import { experiment } from 'reprise'
export default experiment({
  name: 'small', parameters: { a: [1, 2], b: ['x'] }, repetitions: 4, chunk: 2,
  run({ point, random, repetition }) {
    if (point.a === 2 && repetition === 3) throw new Error('this one fails')
    return { x: random(), list: new Float64Array([random(), NaN]) }
  },
})
`

export async function sealedRun(trees: Trees): Promise<Sealed> {
  const folder = trees.plant({ 'small.ts': EXPERIMENT, 'package.json': '{}' })
  const lab = findLab(folder, join(folder, '.reprise'))
  const launcher = localLauncher()
  try {
    const run = await planRun(lab, join(folder, 'small.ts'), launcher, new Date())
    await executeRun(lab, run, pool(launcher, { engines: 1 }), new AbortController().signal)
    const store = ResultsStore.open(run)
    const chunks = [...store.chunks()].map(({ chunk, bytes }) => ({ chunk, bytes: Uint8Array.from(bytes) }))
    store.close()
    const bytes = readFileSync(run.manifest)
    const manifest = parseManifest(bytes)
    return { bytes, manifest, chunks, capsule: Buffer.from(manifest.capsule.source ?? '', 'utf8') }
  } finally {
    launcher.close()
  }
}

/** A plain copy that a test may change as it likes. */
export type Loose = Record<string, Record<string, unknown>> & {
  experiment: { document: Record<string, unknown>; hash: string }
  run: Record<string, unknown> & { counts: Record<string, unknown> }
  results: { chunks: number; root: string; leaves: string[] }
  capsule: Record<string, unknown>
}

/** The manifest changed by `change`, with a proof that fits again, of the forger's own ledger and key. */
export function forged(manifest: Manifest, change: (loose: Loose) => void): Uint8Array {
  const { proof: _, ...record } = structuredClone(manifest)
  change(record as unknown as Loose)
  return manifestBytes(provenAnew(record))
}
