/** What every way of drawing a figure gets: its marks, and what they are arranged by. */
import type { RenderFunction } from '@observablehq/plot'
import type { Interval } from '../../lib/statistics/interval.ts'
import type { DrawingDocument } from './drawing.ts'
import { type Estimate, numberWords } from './estimate.ts'
import type { Factor, Model } from './model.ts'
import { pointLabel, type View } from './view.ts'

/** One mark: a point with what is told of it. */
export interface Mark {
  readonly index: number
  readonly mean: number | null
  readonly bar: Interval | null
  readonly estimate: Estimate
  readonly across: number | string
  readonly by: number | string
  readonly panel: string
}

/** What every way of drawing gets. `width` is in CSS pixels. */
export interface Sketch {
  readonly document: DrawingDocument
  readonly marks: readonly Mark[]
  readonly model: Model
  readonly view: View
  readonly width: number
  readonly across: Factor | null
  readonly by: Factor | null
  readonly panels: Factor | null
  readonly label: string
}

/** What a mark says where it is pointed at. */
export function markWords({ model }: Sketch, { index, estimate, bar }: Mark): string {
  const { mean, count } = estimate
  const words = mean === null ? 'no value' : numberWords(mean)
  const spread = bar === null ? '' : ` [${numberWords(bar.low)}, ${numberWords(bar.high)}]`
  return `${pointLabel(model, index)}: ${words}${spread}, n = ${count}`
}

/** For a mark of Plot's with one element a datum: each element says which point it is, for a script to ask. */
export function saysPoint(data: readonly Mark[]): { readonly render: RenderFunction } {
  return {
    render(index, scales, values, dimensions, context, next) {
      const group = next!(index, scales, values, dimensions, context)
      for (const child of (group as unknown as { children: Iterable<Bound> }).children)
        child.setAttribute('data-point', String(data[child.__data__]!.index))
      return group
    },
  }
}

/** An element, as d3 binds it to its datum's place. */
interface Bound {
  readonly __data__: number
  setAttribute(name: string, value: string): void
}
