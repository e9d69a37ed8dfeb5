/** One chunk of a record with the proof that it is part of the root. */
import { fromHex } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import { type ChunkProof, chunkProof } from '../provenance/chunk-proof.ts'
import type { Manifest } from '../provenance/manifest.ts'
import { leafOf } from '../runners/protocol.ts'
import type { Lab } from './lab.ts'
import type { FoundRecord } from './record.ts'
import { openChunks } from './recorded-chunks.ts'
import { intactManifest } from './rerun.ts'

/** The proof of chunk `chunk` of a record whose results are at hand. Throws `usage`, `not-found` or `not-intact`. */
export function exportChunk(lab: Lab, record: FoundRecord, chunk: number): ChunkProof {
  const { manifest, leaves: file } = intactManifest(lab, record)
  const { experiment, results, proof } = manifest
  if (chunk >= results.chunks)
    throw new RepriseError('usage', `there are chunks 0 to ${results.chunks - 1}`, {
      subject: `--chunk ${chunk}`,
    })
  const leaves = leavesOf(manifest, file)
  const chunks = openChunks(lab, record, manifest, true)
  try {
    const bytes = chunks?.chunk(chunk) ?? null
    if (bytes === null)
      throw new RepriseError('not-found', 'its results are not at hand', {
        subject: `chunk ${chunk}`,
        remedy: 'Name the run in its lab, or a bundle with results',
      })
    if (leafOf(bytes) !== Buffer.from(leaves[chunk]!).toString('hex'))
      throw new RepriseError('not-intact', 'its bytes are not those whose hash is in the manifest', {
        subject: `chunk ${chunk}`,
        remedy: 'See what reprise verify says of it',
      })
    const { entry = null, log = null, key = null } = proof
    return chunkProof({ experiment: experiment.hash, root: results.root, leaves }, chunk, bytes, {
      entry,
      log,
      key,
    })
  } finally {
    chunks?.close()
  }
}

function leavesOf({ results }: Manifest, file: Uint8Array | null): readonly Uint8Array[] {
  const { leaves, chunks } = results
  if (!('sha256' in leaves)) return leaves.map(fromHex)
  const bytes = file ?? new Uint8Array(0)
  return Array.from({ length: chunks }, (_, i) => bytes.subarray(32 * i, 32 * i + 32))
}
