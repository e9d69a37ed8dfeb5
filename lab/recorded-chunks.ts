/** The results of a record, wherever they are at hand: in the run of this lab, or in `chunks.jsonl` beside the manifest. */
import { existsSync, realpathSync } from 'node:fs'
import type { Manifest } from '../provenance/manifest.ts'
import { pathBeside } from './beside.ts'
import { ChunkFile, type ChunkLine } from './chunk-lines.ts'
import type { Lab, RunFolder } from './lab.ts'
import { type FoundRecord, runOfManifest } from './record.ts'
import { ResultsStore } from './results.ts'

export interface RecordedChunks {
  /** With their indices, ascending where nobody changed them; nothing of them has been checked. */
  chunks(): Iterable<ChunkLine>
  /** The bytes of one chunk, or null. */
  chunk(index: number): Uint8Array | null
  close(): void
}

/**
 * Results that came with the record; else, where `inLab` allows it, those of the same run in this lab. Null where there
 * are none; a run of this lab that lost its results is an error. The caller closes them.
 */
export function openChunks(
  lab: Lab,
  record: FoundRecord,
  manifest: Manifest,
  inLab: boolean,
): RecordedChunks | null {
  const lines = record.run === null ? pathBeside([record.folder], 'chunks.jsonl') : null
  if (lines !== null) return new ChunkFile(lines)
  const found = record.run ?? runOfManifest(lab, manifest)
  // A copy of a run's folder is not the run: what lies in it was not read when the run's own results were.
  const run = inLab || record.run !== null || isFolderOf(found, record.folder) ? found : null
  if (run === null || ((record.run === null || inLab) && !existsSync(run.results))) return null
  return ofStore(run)
}

function isFolderOf(run: RunFolder | null, folder: string): boolean {
  return run !== null && realpathSync(run.path) === realpathSync(folder)
}

function ofStore(run: RunFolder): RecordedChunks {
  const store = ResultsStore.open(run)
  return {
    chunks: () => store.chunks(),
    chunk: (index) => store.bytes(index),
    close: () => store.close(),
  }
}
