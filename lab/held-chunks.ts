/** The chunks of a record as they go out of the lab: in order, all there, and each held against its leaf. */
import { toHex } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Manifest } from '../provenance/manifest.ts'
import { leafOf } from '../runners/protocol.ts'
import type { ChunkLine } from './chunk-lines.ts'
import type { RecordedChunks } from './recorded-chunks.ts'

/** Throws `not-intact` at the first chunk that is missing, or has other bytes than those whose hash is in the manifest. */
export function* heldChunks(
  chunks: RecordedChunks,
  manifest: Manifest,
  leaves: Uint8Array | null,
): Generator<ChunkLine> {
  const leafAt = leafLookup(manifest, leaves)
  let next = 0
  for (const { chunk, bytes } of chunks.chunks()) {
    if (chunk !== next++ || leafOf(bytes) !== leafAt(chunk))
      throw new RepriseError('not-intact', 'its bytes are not those whose hash is in the manifest', {
        subject: `chunk ${chunk}`,
        remedy: 'See what reprise verify says of it',
      })
    yield { chunk, bytes }
  }
  if (leafAt(next) !== undefined)
    throw new RepriseError('not-intact', 'is missing', { subject: `chunk ${next}` })
}

function leafLookup({ results }: Manifest, file: Uint8Array | null): (chunk: number) => string | undefined {
  const { leaves } = results
  if (!('sha256' in leaves)) return (chunk) => leaves[chunk]
  const bytes = file ?? new Uint8Array(0)
  return (chunk) =>
    32 * chunk < bytes.length ? toHex(bytes.subarray(32 * chunk, 32 * chunk + 32)) : undefined
}
