/** The figure of a report as its reader wants it: which field, drawn how, along what, with which bars. */
import type { DrawingDocument } from '../report/drawing.ts'
import { drawFigure, figureTitle } from '../report/figure.ts'
import type { Model } from '../report/model.ts'
import {
  canDraw,
  type Drawn,
  SPREADS,
  type Spread,
  settled,
  sweptFactors,
  type View,
} from '../report/view.ts'
import { choice } from './choice.ts'

/** Levels that can be chosen from in a list. */
const MOST_LEVELS = 1_000
const DRAWN: Readonly<Record<Drawn, string>> = { heat: 'heat map', lines: 'lines with bars' }

/** Fills the elements of the figure. `changed` is told of each new view, `picked` of each point that is pointed at. */
export function showFigure(
  model: Model,
  first: View,
  changed: (view: View) => void,
  picked: (point: number) => void,
): void {
  const [controls, place, caption] = ['figure-controls', 'figure', 'figure-caption'].map(
    (id) => document.getElementById(id)!,
  )
  let view = first
  let width = 0
  const redraw = () => {
    width = Math.floor(place!.clientWidth)
    const drawing = drawFigure(document as unknown as DrawingDocument, model, view, Math.max(280, width))
    if (drawing !== null) place!.replaceChildren(drawing as unknown as Node)
    else if (model.points > 1 && model.fields.length > 0)
      place!.textContent = 'There are too many points to draw: hold a factor at one value.'
    caption!.textContent = model.points < 2 || model.fields.length === 0 ? '' : figureTitle(model, view)
  }
  const choose = (next: Partial<View>) => {
    view = settled(model, { ...view, ...next })
    if (!canDraw(model, view, view.drawn)) view = { ...view, drawn: view.drawn === 'heat' ? 'lines' : 'heat' }
    redraw()
    const focused = (document.activeElement as HTMLElement | null)?.closest('label')?.firstChild?.textContent
    fill()
    for (const label of controls!.querySelectorAll('label'))
      if (label.firstChild?.textContent === focused) label.querySelector('select')?.focus()
    changed(view)
  }
  const fill = () => controls!.replaceChildren(...controlsOf(model, view, choose))
  place!.addEventListener('click', ({ target }) => {
    const point = (target as Element).closest('[data-point]')?.getAttribute('data-point')
    if (point != null) picked(Number(point))
  })
  new ResizeObserver(() => {
    if (Math.abs(place!.clientWidth - width) > 8) redraw()
  }).observe(place!)
  fill()
  redraw()
}

function controlsOf(model: Model, view: View, choose: (next: Partial<View>) => void): HTMLElement[] {
  const { factors, fields } = model
  const swept = sweptFactors(model)
  const named = (indices: readonly number[]) =>
    indices.map((i) => ({ value: String(i), words: factors[i]!.label }))
  const drawable = (Object.keys(DRAWN) as Drawn[]).filter((drawn) => canDraw(model, view, drawn))
  const others = swept.filter((i) => i !== view.across)
  const list: (HTMLElement | null)[] = [
    fields.length < 2
      ? null
      : choice(
          'field',
          fields.map(({ label }, i) => ({ value: String(i), words: label })),
          String(view.field),
          (value) => choose({ field: Number(value) }),
        ),
    drawable.length < 2
      ? null
      : choice(
          'drawn as',
          drawable.map((drawn) => ({ value: drawn, words: DRAWN[drawn] })),
          view.drawn,
          (value) => choose({ drawn: value as Drawn }),
        ),
    swept.length < 2
      ? null
      : choice('along', named(swept), String(view.across), (value) => {
          const across = Number(value)
          choose({ across, by: view.by === across ? view.across : view.by })
        }),
    others.length < 2
      ? null
      : choice('and by', named(others), String(view.by), (value) => choose({ by: Number(value) })),
    ...Object.keys(view.held).map((key) => heldChoice(model, view, Number(key), choose)),
    view.drawn === 'heat' || fields.length === 0
      ? null
      : choice(
          'bars',
          Object.entries(SPREADS).map(([value, words]) => ({ value, words })),
          view.spread,
          (value) => choose({ spread: value as Spread }),
        ),
  ]
  return list.filter((element) => element !== null)
}

function heldChoice(
  { factors }: Model,
  view: View,
  i: number,
  choose: (next: Partial<View>) => void,
): HTMLElement {
  const { label, values } = factors[i]!
  const options = values
    .slice(0, MOST_LEVELS)
    .map((value, level) => ({ value: String(level), words: String(value) }))
  return choice(label, options, String(view.held[i]), (value) =>
    choose({ held: { ...view.held, [i]: Number(value) } }),
  )
}
