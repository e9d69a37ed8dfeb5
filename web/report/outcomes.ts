/** All outcomes of a sealed record in design order, each chunk held against its leaf: read again for every look. */
import { heldChunks } from '../../lab/held-chunks.ts'
import type { Lab } from '../../lab/lab.ts'
import { chunkOutcomes } from '../../lab/outcomes.ts'
import { openChunks } from '../../lab/recorded-chunks.ts'
import type { Outcome } from '../../lab/rows.ts'
import type { ReportSource } from './source.ts'

/** Of a source that has results; else none. Throws `not-intact`. */
export function* reportOutcomes(
  lab: Lab,
  { record, manifest, leaves }: Pick<ReportSource, 'record' | 'manifest' | 'leaves'>,
): Generator<Outcome> {
  const chunks = openChunks(lab, record, manifest, true)
  if (chunks === null) return
  try {
    yield* chunkOutcomes(manifest.experiment.document, heldChunks(chunks, manifest, leaves))
  } finally {
    chunks.close()
  }
}
