/** A manifest of so many chunks, made without running any: its leaves are hashes of their indices, all else is as it must be. */
import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '../lib/digest.ts'
import { type ExperimentDocument, experimentHash, jobCount } from '../lib/document.ts'
import { merkleRoot } from '../lib/merkle.ts'
import { MAX_LEAVES, manifestBytes, withProof } from '../provenance/manifest.ts'

/** Leaf hashes that belong to nothing. */
export function madeUpLeaves(chunks: number): Uint8Array[] {
  return Array.from({ length: chunks }, (_, i) => createHash('sha256').update(`\0${i}`).digest())
}

/** Writes such a manifest, with its file of leaves where it needs one, into a new folder, and gives its path. */
export function largeManifest(chunks: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-large-'))
  const document: ExperimentDocument = {
    format: 'reprise/experiment/1',
    name: 'large',
    design: { product: [{ name: 'a', values: [1] }] },
    repetitions: 10 * chunks,
    chunk: 10,
    random: 'xor4096',
    seed: null,
  }
  const leaves = madeUpLeaves(chunks)
  const file = Buffer.concat(leaves)
  const digest = createHash('sha256').update(file).digest('hex')
  const source = '// a capsule\n'
  const manifest = withProof({
    format: 'reprise/manifest/1',
    experiment: { document, hash: toHex(experimentHash(document)) },
    capsule: { sha256: createHash('sha256').update(source).digest('hex'), bytes: source.length, source },
    run: {
      id: '20261125T120000000-000000',
      planned: '2026-11-25T12:00:00.000Z',
      sealed: '2026-11-25T12:00:01.000Z',
      file: 'large.ts',
      code: { commit: null, reason: 'made up' },
      packages: [],
      lock: null,
      inputs: {},
      reprise: '0.2.0',
      sessions: [],
      counts: { chunks, jobs: jobCount(document), failedJobs: 0, retried: 0 },
      rerunOf: null,
    },
    results: {
      chunks,
      root: toHex(merkleRoot(leaves)),
      leaves: chunks <= MAX_LEAVES ? leaves.map(toHex) : { sha256: digest },
    },
  })
  if (chunks > MAX_LEAVES) writeFileSync(join(folder, `${digest}.leaves`), file)
  const path = join(folder, 'manifest.json')
  writeFileSync(path, manifestBytes(manifest))
  return path
}
