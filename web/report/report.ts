/** The page of a report, and its figures as files: put together from what `reportSource` read. */
import { parseHTML } from 'linkedom'
import { canonical } from '../../lib/canonical.ts'
import { utf8 } from '../../lib/digest.ts'
import { clientScript } from '../client-script.ts'
import { html } from '../html.ts'
import { packed, pageOf } from '../page.ts'
import { designSection } from './design-section.ts'
import type { DrawingDocument } from './drawing.ts'
import { svgFile } from './drawing.ts'
import { drawFigure, figureTitle } from './figure.ts'
import {
  checkSection,
  failureSection,
  header,
  numberSection,
  resultSection,
  withheldNotice,
} from './page-parts.ts'
import { recordSection } from './record-section.ts'
import type { ReportSource } from './source.ts'
import { REPORT_STYLE } from './style.ts'
import { firstView } from './view.ts'

/** CSS pixels of a figure that is drawn before a page is open, and marks in it. */
const [WIDTH, MOST_STATIC] = [760, 2_500]

/** The same in every report, and so bundled once in a process. */
let script: Promise<string> | undefined

/** The HTML of the page: one text with all that it needs. */
export async function reportPage(source: ReportSource): Promise<string> {
  const { model, hasResults, bins, held } = source
  script ??= clientScript('report', ['tabulate', 'judge', 'engine'])
  const view = firstView(model)
  const drawing = hasResults ? drawFigure(drawingDocument(), model, view, WIDTH, MOST_STATIC) : null
  const caption = model.fields.length === 0 || model.points < 2 ? '' : figureTitle(model, view)
  const body = html`<main class="report">${header(source)}
${withheldNotice(source)}
${hasResults ? resultSection(source, drawing?.outerHTML ?? null, caption) : null}
${hasResults ? numberSection(source) : null}
${failureSection(source)}
${checkSection()}
${designSection(source.manifest, model)}
${recordSection(source)}
<footer><p>Made by Reprise ${source.manifest.run.reprise}. This file stands alone: it asks no network for anything, and works from a disk.</p></footer></main>
`
  const data = new Map(held)
  if (hasResults) data.set('model', packed(utf8(canonical(model))))
  if (bins !== null) data.set('bins', packed(utf8(canonical(bins))))
  return pageOf({
    title: `${model.name}: results and record`,
    style: REPORT_STYLE,
    script: await script,
    body,
    data,
  })
}

/** Figures as SVG files by their names: one a field. Where nothing can be drawn, none. */
export function reportFigures({ model }: ReportSource): Map<string, string> {
  const figures = new Map<string, string>()
  for (const [field, { name }] of model.fields.entries()) {
    const drawing = drawFigure(drawingDocument(), model, firstView(model, field), WIDTH)
    if (drawing !== null) figures.set(`${fileName(name, field)}.svg`, svgFile(drawing))
  }
  return figures
}

function drawingDocument(): DrawingDocument {
  return parseHTML('<!doctype html><html><body></body></html>').document as unknown as DrawingDocument
}

/** Letters, digits, - and _ of a field's name; its place keeps those apart that look the same then. */
function fileName(name: string, place: number): string {
  const told = name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60)
  return `${String(place + 1).padStart(2, '0')}-${told}`
}
