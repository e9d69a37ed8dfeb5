/** A report in the browser: its figure, table and distribution as the reader chooses, computed again from the chunks it holds. */

import { count } from '../../lab/words.ts'
import { parseCanonical } from '../../lib/canonical.ts'
import { decode } from '../../lib/values.ts'
import type { Manifest } from '../../provenance/manifest.ts'
import { binsOf } from '../report/distribution.ts'
import type { Model } from '../report/model.ts'
import type { PointBins } from '../report/source.ts'
import { firstView } from '../report/view.ts'
import { showDistribution, type ValuesAt } from './distribution-view.ts'
import { showDownloads } from './downloads.ts'
import { showFigure } from './figure-view.ts'
import { changedWords } from './page-words.ts'
import { payload } from './payload.ts'
import { readRecord } from './record.ts'
import { showTable } from './table-view.ts'
import { startTabulator, type Tabulator } from './tabulator.ts'
import { mountVerification } from './verification.ts'

const element = (id: string) => document.getElementById(id)

async function open(): Promise<void> {
  const modelBytes = await payload('model')
  const model = modelBytes === null ? null : (decode(parseCanonical(modelBytes)) as unknown as Model)
  let tabulator: Tabulator | null = null
  const values = pending<ValuesAt>()
  if (model !== null) showResults(model, values.promise)
  document.documentElement.dataset.ready = 'figure'
  await painted()
  const record = await readRecord()
  showDownloads(element('downloads')!, model, record)
  const verification = element('verification')!
  verification.replaceChildren()
  mountVerification(verification, record, (finding) =>
    changedWords(JSON.parse(new TextDecoder().decode(record.manifest)) as Manifest, finding),
  )
  if (modelBytes !== null && record.chunks !== null)
    tabulator = startTabulator(record, record.chunks, modelBytes)
  values.resolve(await valuesFrom(model, tabulator))
  document.documentElement.dataset.ready = 'record'
  if (tabulator !== null) await tellTable(tabulator)
  document.documentElement.dataset.ready = 'table'
}

/** Figure, table and distribution, each following the others. */
function showResults(model: Model, values: Promise<ValuesAt>): void {
  const view = firstView(model)
  let field = view.field
  const table = element('table')!
  const distribution =
    model.fields.length === 0 || element('distribution')?.firstElementChild == null
      ? null
      : showDistribution(element('distribution')!, model, async (...at) => (await values)(...at))
  const pick = (point: number) => distribution?.show(field, point)
  const show = (next: number) => {
    field = next
    showTable(table, model, field, pick)
  }
  showFigure(
    model,
    view,
    (next) => {
      if (next.field === field) return
      show(next.field)
      pick(0)
    },
    pick,
  )
  show(field)
  pick(0)
}

/** Whether the table is what the chunks say. */
async function tellTable({ table }: Tabulator): Promise<void> {
  const place = element('recomputed')!
  place.textContent = 'Computing the numbers again from the chunks in this page…'
  try {
    const { isSame, chunks } = await table
    place.textContent = isSame
      ? `Your browser has computed all these numbers again from the ${count(chunks)} chunks that this page holds: they are the same, bit for bit. Whether these are the recorded chunks is shown by “Verify” below.`
      : 'These numbers are not those of the chunks that this page holds: somebody has changed the page.'
    place.className = isSame ? 'quiet' : 'state bad'
  } catch (error) {
    place.textContent = `The numbers could not be computed again: ${(error as Error).message}`
  }
}

async function valuesFrom(model: Model | null, tabulator: Tabulator | null): Promise<ValuesAt> {
  if (model === null) return async () => null
  if (tabulator !== null)
    return async (field, point) => {
      const values = await tabulator.values(model.fields[field]!.name, point)
      return { bins: binsOf(values), values }
    }
  const bytes = await payload('bins')
  const all = bytes === null ? [] : (decode(parseCanonical(bytes)) as unknown as readonly PointBins[])
  const byPlace = new Map(all.map((bins) => [`${bins.field} ${bins.point}`, bins]))
  return async (field, point) => {
    const bins = byPlace.get(`${field} ${point}`)
    return bins === undefined ? null : { bins, values: null }
  }
}

function pending<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** After what was put into the page is on the screen. */
function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
}

void open()
