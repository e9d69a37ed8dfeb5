/** The figure of a report: means point by point, as a view has them. */
import { nameWords } from '../../lab/words.ts'
import { drawDots } from './draw-dots.ts'
import { drawHeat } from './draw-heat.ts'
import { drawLines } from './draw-lines.ts'
import { type Drawing, type DrawingDocument, stacked } from './drawing.ts'
import { barOf, estimateAt } from './estimate.ts'
import type { Factor, Model } from './model.ts'
import { heldWords, MOST_MARKS, SPREADS, shownPoints, type View } from './view.ts'

/** Draws it; null where there is nothing to draw, or more than a figure can hold. */
export function drawFigure(
  document: DrawingDocument,
  model: Model,
  view: View,
  width: number,
  most = MOST_MARKS,
): Drawing | null {
  const field = model.fields[view.field]
  if (field === undefined || model.points < 2) return null
  const points = shownPoints(model, view)
  if (points.length > most) return null
  const factor = (i: number | null) => (i === null ? null : model.factors[i]!)
  const [across, by, panels] = [factor(view.across), factor(view.by), factor(view.panels)]
  const at = (of: Factor | null, index: number) => (of === null ? '' : of.values[of.levels[index]!]!)
  const marks = points.map((index) => {
    const estimate = estimateAt(field, index)
    return {
      index,
      estimate,
      mean: estimate.mean !== null && Number.isFinite(estimate.mean) ? estimate.mean : null,
      bar: barOf(estimate, view.spread),
      across: across === null ? index : at(across, index),
      by: at(by, index),
      panel: panels === null ? '' : `${panels.name} = ${at(panels, index)}`,
    }
  })
  const sketch = { document, marks, model, view, width, across, by, panels, label: field.label }
  const draw = across === null ? drawDots : view.drawn === 'heat' ? drawHeat : drawLines
  return stacked(document, draw(sketch), figureTitle(model, view))
}

/** What the figure shows, in a sentence. */
export function figureTitle(model: Model, view: View): string {
  const { factors, fields } = model
  const name = (i: number | null) => (i === null ? '' : factors[i]!.label)
  const field = fields[view.field]!
  const over = view.across === null ? 'point by point' : `by ${name(view.across)}`
  const by = view.by === null ? '' : ` and ${name(view.by)}`
  const panels = view.panels === null ? '' : `, a panel for each ${name(view.panels)}`
  const held = heldWords(model, view)
  const bars = view.drawn === 'heat' ? '' : `; bars: ${barWords(view, field.isShare)}`
  const what = field.isShare ? 'Share' : 'Mean'
  return nameWords(
    `${what} of ${field.label} ${over}${by}${panels}${held === '' ? '' : `, at ${held}`}${bars}`,
    400,
  )
}

/** `95 % interval (Student’s t)`. */
export function barWords({ spread }: Pick<View, 'spread'>, isShare: boolean): string {
  if (spread !== 'ci') return `± ${SPREADS[spread]}`
  return `${SPREADS.ci} (${isShare ? 'Wilson’s' : 'Student’s t'})`
}
