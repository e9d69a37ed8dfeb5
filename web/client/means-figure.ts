/** The figure of a run's means, as a report draws it; the reader chooses the field and what the bars are. */
import { decode } from '../../lib/values.ts'
import type { DrawingDocument } from '../report/drawing.ts'
import { drawFigure, figureTitle } from '../report/figure.ts'
import type { Model } from '../report/model.ts'
import { firstView, SPREADS, type Spread } from '../report/view.ts'

/** CSS pixels. */
const [NARROWEST, WIDEST] = [280, 820]

/** Draws a model, given as its canonical text; what was chosen before stays. Without anything to draw it is not there. */
export function showFigure(element: HTMLElement, text: string): void {
  const model = decode(JSON.parse(text)) as unknown as Model
  const fields = model.fields.map(({ label }) => label)
  element.hidden = fields.length === 0
  if (element.hidden) return
  if (element.dataset.fields !== JSON.stringify(fields)) build(element, fields)
  const redraw = () => draw(element, model)
  redraw()
  element.onchange = redraw
  window.onresize = redraw
}

function build(element: HTMLElement, fields: readonly string[]): void {
  element.dataset.fields = JSON.stringify(fields)
  const chooser = document.createElement('p')
  chooser.className = 'choose'
  const numbered = fields.map((name, i): [string, string] => [String(i), name])
  chooser.append(select('field', 'Mean of', numbered), select('spread', 'Bars', Object.entries(SPREADS)))
  const place = document.createElement('div')
  place.className = 'place'
  element.replaceChildren(chooser, place, document.createElement('figcaption'))
}

function select(name: string, words: string, options: readonly (readonly [string, string])[]): HTMLElement {
  const label = document.createElement('label')
  const chosen = document.createElement('select')
  chosen.name = name
  for (const [value, told] of options) chosen.append(new Option(told, value))
  label.append(`${words} `, chosen)
  return label
}

function draw(element: HTMLElement, model: Model): void {
  const chosen = (name: string) => element.querySelector<HTMLSelectElement>(`[name=${name}]`)!.value
  const view = { ...firstView(model, Number(chosen('field'))), spread: chosen('spread') as Spread }
  element.querySelector<HTMLSelectElement>('[name=spread]')!.parentElement!.hidden = view.drawn === 'heat'
  const width = Math.max(NARROWEST, Math.min(WIDEST, element.clientWidth))
  // Made in a document of its own, in which no policy minds the style that is taken out again.
  const apart = document.implementation.createHTMLDocument('') as unknown as DrawingDocument
  const drawing = drawFigure(apart, model, view, width)
  const place = element.querySelector('.place')!
  const svg = drawing === null ? null : document.adoptNode(drawing as unknown as SVGElement)
  for (const part of svg?.querySelectorAll('g[aria-label]') ?? []) part.removeAttribute('aria-label') // the whole has one
  place.replaceChildren(...(svg === null ? [] : [svg]))
  element.querySelector('figcaption')!.textContent = drawing === null ? '' : figureTitle(model, view)
}
