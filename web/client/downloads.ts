/** Files that a reader takes out of a page: its table as CSV, and the record for a Reprise of his own. */
import { meansCsv } from '../report/flat.ts'
import type { Model } from '../report/model.ts'
import { make } from './make-element.ts'
import type { PageRecord } from './record.ts'

/** Fills `place` with a button a file. */
export function showDownloads(place: HTMLElement, model: Model | null, record: PageRecord): void {
  const manifest = JSON.parse(new TextDecoder().decode(record.manifest)) as {
    capsule: { sha256: string; source: string | null }
    results: { leaves: { sha256?: string } }
  }
  const { sha256, source } = manifest.capsule
  const capsule = source ?? record.capsule
  const buttons = [
    model === null ? null : saving('Numbers (CSV)', 'means.csv', 'text/csv', () => meansCsv(model)),
    saving('Manifest (JSON)', 'manifest.json', 'application/json', () => record.manifest),
    capsule === null ? null : saving('Code (capsule)', `${sha256}.mjs`, 'text/javascript', () => capsule),
    record.chunks === null
      ? null
      : saving('Results (JSON lines)', 'chunks.jsonl', 'application/jsonl', () => record.chunks!),
    record.leaves === null
      ? null
      : saving(
          'Leaf hashes',
          `${manifest.results.leaves.sha256}.leaves`,
          'application/octet-stream',
          () => record.leaves!,
        ),
  ]
  place.replaceChildren(...buttons.filter((button) => button !== null))
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
