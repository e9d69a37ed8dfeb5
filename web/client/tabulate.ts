/**
 * A worker that reads the chunks of a page: it computes the whole table again from their bytes, by the code that made the page,
 * and gives the values at a point when they are asked for. So neither freezes the page.
 */
import { chunkOutcomes, pointTallies } from '../../lab/outcomes.ts'
import { canonical } from '../../lib/canonical.ts'
import { blockCount } from '../../lib/document.ts'
import type { Manifest } from '../../provenance/manifest.ts'
import { modelOf } from '../report/model.ts'
import { linesOf, numbered } from './held-lines.ts'
import type { Asked, Told } from './tabulator.ts'

const decoder = new TextDecoder()

let held: { readonly manifest: Manifest; readonly lines: readonly Uint8Array[] } | null = null

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  try {
    if (data.kind === 'table') tell(tabulate(data))
    else tell({ ...data, values: valuesAt(data.field, data.point) })
  } catch (error) {
    tell({ kind: 'problem', words: (error as Error).message })
  }
})

function tell(told: Told): void {
  self.postMessage(told)
}

function tabulate({ manifest: text, chunks, model }: Extract<Asked, { kind: 'table' }>): Told {
  const manifest = JSON.parse(decoder.decode(text)) as Manifest
  held = { manifest, lines: linesOf(chunks) }
  const { document } = manifest.experiment
  const again = modelOf(document, chunkOutcomes(document, numbered(held.lines)), manifest.run.labels ?? {})
  return { kind: 'table', isSame: canonical(again) === decoder.decode(model), chunks: held.lines.length }
}

function valuesAt(field: string, point: number): Float64Array<ArrayBuffer> {
  const { manifest, lines } = held!
  const { document } = manifest.experiment
  const blocks = blockCount(document)
  const own = numbered(lines).slice(point * blocks, (point + 1) * blocks)
  const [tally] = pointTallies(document, chunkOutcomes(document, own), true)
  return Float64Array.from(tally?.fields.get(field)?.values ?? [])
}
