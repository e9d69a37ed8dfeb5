/**
 * One of two runs that are compared: its manifest, checked, and its chunks where they are at hand, in this lab or in a bundle.
 * Chunk bytes are held against the manifest's leaf before anything is said of them.
 */
import { type ChunkPlace, type ChunkRecord, chunkPlace, parseChunk } from '../lib/chunk.ts'
import { toHex } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import { leafHash } from '../lib/merkle.ts'
import type { Manifest } from '../provenance/manifest.ts'
import type { Lab } from './lab.ts'
import { findRecord } from './record.ts'
import { openChunks, type RecordedChunks } from './recorded-chunks.ts'
import { intactManifest } from './rerun.ts'

export class Side {
  readonly manifest: Manifest
  readonly capsule: Uint8Array
  readonly #leaves: Uint8Array | null
  readonly #chunks: RecordedChunks | null

  private constructor(lab: Lab, text: string) {
    const record = findRecord(lab, text)
    const { manifest, capsule, leaves } = intactManifest(lab, record)
    this.manifest = manifest
    this.capsule = capsule
    this.#leaves = leaves
    this.#chunks = openChunks(lab, record, manifest, true)
  }

  /** The run or manifest meant by `text`; the caller closes it. */
  static open(lab: Lab, text: string): Side {
    return new Side(lab, text)
  }

  /** Whether its results are at hand. */
  get hasResults(): boolean {
    return this.#chunks !== null
  }

  /** The leaf hash of a chunk, hex. */
  leaf(chunk: number): string {
    const { leaves } = this.manifest.results
    if (!('sha256' in leaves)) return leaves[chunk]!
    return toHex(this.#leaves!.subarray(32 * chunk, 32 * chunk + 32))
  }

  /** Whether a chunk has the same bytes in both; they are runs of the same number of chunks. */
  isSame(other: Side, chunk: number): boolean {
    const [mine, theirs] = [this.#leaves, other.#leaves]
    if (mine === null || theirs === null) return this.leaf(chunk) === other.leaf(chunk)
    const [from, to] = [32 * chunk, 32 * chunk + 32]
    return Buffer.compare(mine.subarray(from, to), theirs.subarray(from, to)) === 0
  }

  /** The bytes of a chunk; null where they are not at hand. Throws `not-intact` when they are others. */
  bytes(chunk: number): Uint8Array | null {
    const bytes = this.#chunks?.chunk(chunk) ?? null
    if (bytes !== null && toHex(leafHash(bytes)) !== this.leaf(chunk)) {
      throw new RepriseError('not-intact', 'its stored bytes are not those of the manifest', {
        subject: `run ${this.manifest.run.id}, chunk ${chunk}`,
        remedy: 'See reprise verify; get the results from a copy, or run it again',
      })
    }
    return bytes
  }

  place(chunk: number): ChunkPlace {
    return chunkPlace(this.manifest.experiment.document, chunk)
  }

  /** A chunk, parsed; null where it is not at hand. */
  chunk(chunk: number): ChunkRecord | null {
    const bytes = this.bytes(chunk)
    return bytes === null ? null : parseChunk(bytes, this.place(chunk))
  }

  close(): void {
    this.#chunks?.close()
  }
}
