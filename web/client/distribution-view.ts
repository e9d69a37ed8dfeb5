/** How the values lie at one point, which its reader chooses: by its parameters, in the figure, or in the table. */
import { type Bins, drawDistribution } from '../report/distribution.ts'
import type { DrawingDocument } from '../report/drawing.ts'
import { estimateAt, numberWords } from '../report/estimate.ts'
import type { Model } from '../report/model.ts'
import { pointLabel } from '../report/view.ts'
import { choice } from './choice.ts'
import { make } from './make-element.ts'

const MOST_LEVELS = 1_000

/** Values of a field (by its index) at a point; without them, how many there are in each bin. Null where neither is there. */
export type ValuesAt = (
  field: number,
  point: number,
) => Promise<{ readonly bins: Bins; readonly values: readonly number[] | null } | null>

export interface DistributionView {
  show(field: number, point: number): void
}

export function showDistribution(place: HTMLElement, model: Model, valuesAt: ValuesAt): DistributionView {
  const controls = make('div', { class: 'controls' })
  const drawing = make('div', { class: 'drawing' })
  const caption = make('figcaption', { 'aria-live': 'polite' })
  place.replaceChildren(
    make('h3', {}, 'How the values lie at one point'),
    controls,
    make('figure', {}, drawing, caption),
  )
  let [field, point] = [0, 0]
  let turn = 0
  const draw = async () => {
    const mine = ++turn
    try {
      const found = await valuesAt(field, point)
      if (mine === turn) put(found)
    } catch (error) {
      if (mine === turn) drawing.textContent = `The values cannot be read: ${(error as Error).message}`
    }
  }
  const put = (found: Awaited<ReturnType<ValuesAt>>) => {
    const { label } = model.fields[field]!
    const { count, mean, deviation } = estimateAt(model.fields[field]!, point)
    const at = pointLabel(model, point)
    const words = `${label}${at === '' ? '' : ` at ${at}`}: n = ${count}, mean ${numberWords(mean)}, standard deviation ${numberWords(deviation, 4)}`
    const strays = found?.bins.strays ?? 0
    caption.textContent = `${words}${strays === 0 ? '' : `; not drawn: ${strays} that are not finite`}.`
    if (found === null || found.bins.counts.length === 0)
      drawing.textContent =
        found === null ? 'This page does not hold these values.' : 'There are no values at this point.'
    else {
      const width = Math.max(280, Math.floor(drawing.clientWidth))
      const drawn = drawDistribution(document as unknown as DrawingDocument, found.bins, found.values, {
        label,
        title: words,
        mean,
        width,
      })
      drawing.replaceChildren(drawn as unknown as Node)
    }
  }
  const move = (next: number) => {
    point = next
    void draw()
  }
  const fill = () => controls.replaceChildren(...pointControls(model, point, move))
  let width = 0
  new ResizeObserver(() => {
    if (Math.abs(drawing.clientWidth - width) <= 8) return
    width = drawing.clientWidth
    void draw()
  }).observe(drawing)
  fill()
  return {
    show(nextField, nextPoint) {
      ;[field, point] = [nextField, nextPoint]
      fill()
      void draw()
    },
  }
}

/** A list for each swept parameter where every combination is there; else the number of the point. */
function pointControls(model: Model, point: number, move: (point: number) => void): HTMLElement[] {
  if (model.points === 1) return []
  const swept = model.factors.filter(({ values }) => values.length > 1)
  if (!model.isFactorial || swept.some(({ values }) => values.length > MOST_LEVELS)) {
    const input = make('input', {
      type: 'number',
      min: '1',
      max: String(model.points),
      value: String(point + 1),
    })
    input.addEventListener('change', () => {
      const next = Math.min(model.points, Math.max(1, Math.round(Number(input.value) || 1)))
      input.value = String(next)
      move(next - 1)
    })
    return [make('label', {}, `point, of ${model.points}`, input)]
  }
  const levels = swept.map((factor) => factor.levels[point]!)
  return swept.map(({ label, values }, k) =>
    choice(
      label,
      values.map((value, level) => ({ value: String(level), words: String(value) })),
      String(levels[k]),
      (value) => {
        levels[k] = Number(value)
        move(pointWith(model, swept, levels))
      },
    ),
  )
}

function pointWith(model: Model, swept: Model['factors'], levels: readonly number[]): number {
  for (let index = 0; index < model.points; index++)
    if (swept.every((factor, k) => factor.levels[index] === levels[k])) return index
  return 0
}
