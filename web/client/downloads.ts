/** Files that a reader takes out of a page: its table as CSV, and the record for a Reprise of his own. */
import { meansCsv } from '../report/flat.ts'
import type { Model } from '../report/model.ts'
import { make } from './make-element.ts'
import type { PageRecord } from './record.ts'

/** Fills `place`, which says how code and leaves are named, with a button a file. Nothing is read before it is asked for. */
export function showDownloads(place: HTMLElement, model: Model | null, record: PageRecord): void {
  const { manifest, chunks, leaves } = record
  const { capsule = '', leaves: named = '' } = place.dataset
  const buttons = [
    model === null ? null : saving('Numbers (CSV)', 'means.csv', 'text/csv', () => meansCsv(model)),
    saving('Manifest (JSON)', 'manifest.json', 'application/json', () => manifest),
    capsule === '' ? null : saving('Code (capsule)', capsule, 'text/javascript', () => codeOf(record)),
    chunks === null
      ? null
      : saving('Results (JSON lines)', 'chunks.jsonl', 'application/jsonl', () => chunks),
    leaves === null ? null : saving('Leaf hashes', named, 'application/octet-stream', () => leaves),
  ]
  place.replaceChildren(...buttons.filter((button) => button !== null))
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
