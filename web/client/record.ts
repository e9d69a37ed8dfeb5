/** The record that a page holds, as bytes: nothing of it is believed before it was verified. */
import type { HeldRecord } from '../verification/judgement.ts'
import { payload } from './payload.ts'

export interface PageRecord extends HeldRecord {
  /** The exact text of the manifest. */
  readonly manifest: Uint8Array
  /** Where the manifest keeps its leaves in a file: that file; else null, as where it was too large for a page. */
  readonly leaves: Uint8Array | null
  /** The capsule where the manifest does not embed it; null as above. */
  readonly capsule: Uint8Array | null
  /** Chunk bytes, one chunk a line, ascending by index; null where they were too large for a page. */
  readonly chunks: Uint8Array | null
  /** Input files that the page holds, by their SHA-256 (hex): those in elements `input-<sha256>`. */
  readonly inputs: ReadonlyMap<string, Uint8Array>
}

/** The parts of a record by the ids of the elements that hold them. */
export const RECORD_IDS = {
  manifest: 'manifest',
  leaves: 'leaves',
  capsule: 'capsule',
  chunks: 'chunks',
} as const

/** An input file is in the element with this and its SHA-256 as its id. */
export const INPUT_ID = 'input-'

/** Reads the record of this page. */
export async function readRecord(): Promise<PageRecord> {
  const manifest = await payload(RECORD_IDS.manifest)
  if (manifest === null) throw new Error('this page holds no manifest')
  const [leaves, capsule, chunks] = await Promise.all([
    payload(RECORD_IDS.leaves),
    payload(RECORD_IDS.capsule),
    payload(RECORD_IDS.chunks),
  ])
  return { manifest, leaves, capsule, chunks, inputs: await readInputs() }
}

async function readInputs(): Promise<Map<string, Uint8Array>> {
  const inputs = new Map<string, Uint8Array>()
  for (const { id } of document.querySelectorAll(`script[id^="${INPUT_ID}"]`)) {
    const bytes = await payload(id)
    if (bytes !== null) inputs.set(id.slice(INPUT_ID.length), bytes)
  }
  return inputs
}
