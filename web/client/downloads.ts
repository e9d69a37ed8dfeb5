/** Files that a reader takes out of a page: its table as CSV, and the record for a Reprise of his own. */
import { chunkOutcomes } from '../../lab/outcomes.ts'
import { several } from '../../lab/words.ts'
import type { Manifest } from '../../provenance/manifest.ts'
import { meansCsv, modelCsv } from '../report/flat.ts'
import type { Model } from '../report/model.ts'
import { linesOf, numbered } from './held-lines.ts'
import { make } from './make-element.ts'
import type { PageRecord } from './record.ts'

/** Fills `place`, which says how code and leaves are named, with a button a file. Nothing is read before it is asked for. */
export function showDownloads(place: HTMLElement, model: Model | null, record: PageRecord): void {
  const { manifest, chunks, leaves } = record
  const left = chunks === null && model !== null ? model.leftOut.count : 0
  const numbers = left === 0 ? 'Numbers (CSV)' : `Numbers (CSV, without ${several(left, 'field')})`
  const { capsule = '', leaves: named = '' } = place.dataset
  const buttons = [
    model === null ? null : saving(numbers, 'means.csv', 'text/csv', () => csvOf(model, record)),
    saving('Manifest (JSON)', 'manifest.json', 'application/json', () => manifest),
    capsule === '' ? null : saving('Code (capsule)', capsule, 'text/javascript', () => codeOf(record)),
    chunks === null
      ? null
      : saving('Results (JSON lines)', 'chunks.jsonl', 'application/jsonl', () => chunks),
    leaves === null ? null : saving('Leaf hashes', named, 'application/octet-stream', () => leaves),
  ]
  place.replaceChildren(...buttons.filter((button) => button !== null))
}

/** Of the chunks where the page holds them: they have every field. */
function csvOf(model: Model, { manifest, chunks }: PageRecord): Promise<string> {
  const { document } = (JSON.parse(new TextDecoder().decode(manifest)) as Manifest).experiment
  if (chunks === null) return modelCsv(document, model)
  const lines = numbered(linesOf(chunks))
  return meansCsv(document, () => chunkOutcomes(document, lines))
}

function codeOf({ manifest, capsule }: PageRecord): string | Uint8Array {
  if (capsule !== null) return capsule
  const { source } = (JSON.parse(new TextDecoder().decode(manifest)) as { capsule: { source: string } })
    .capsule
  return source
}

function saving(
  words: string,
  name: string,
  type: string,
  content: () => string | Uint8Array | Promise<string>,
): HTMLElement {
  const button = make('button', { type: 'button' }, `Save ${words}`)
  button.addEventListener('click', async () => {
    const url = URL.createObjectURL(new Blob([(await content()) as BlobPart], { type }))
    const link = make('a', { href: url, download: name })
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000) // it is read after this returns
  })
  return button
}
