/**
 * How the results of a design are drawn: a heat map of two swept numbers, lines with intervals of one (a series by a second
 * one), small multiples by a third. Whatever is swept beyond is held at one value. Of all this a reader may choose.
 */
import type { Factor, Model } from './model.ts'

/** What the bars around a mean are. */
export type Spread = 'ci' | 'se' | 'sd'
export const SPREADS: Readonly<Record<Spread, string>> = {
  ci: '95 % interval',
  se: 'standard error',
  sd: 'standard deviation',
}

export type Drawn = 'heat' | 'lines'

export interface View {
  /** Index of the field. */
  readonly field: number
  readonly drawn: Drawn
  readonly spread: Spread
  /** Indices of factors: along the axis, as second axis or series, as panels; null: none. */
  readonly across: number | null
  readonly by: number | null
  readonly panels: number | null
  /** Level at which each further swept factor is held, by its index. */
  readonly held: Readonly<Record<number, number>>
}

/** More series than these are not told apart by colour and shape; more panels are not seen. */
export const [MOST_SERIES, MOST_PANELS] = [12, 12]
/** Marks in a figure. */
export const MOST_MARKS = 20_000

/** Indices of factors that take more than one value and make the axes: of a design that is no product, the first that orders it. */
export function sweptFactors({ factors, isFactorial, points }: Model): number[] {
  const swept = factors.flatMap(({ values }, i) => (values.length > 1 ? [i] : []))
  if (isFactorial) return swept
  const ordering = swept.find((i) => factors[i]!.isNumeric && factors[i]!.values.length === points)
  return ordering === undefined ? [] : [ordering]
}

/** The view a reader sees first. */
export function firstView(model: Model, field: number = firstField(model)): View {
  const swept = sweptFactors(model)
  const size = (i: number) => model.factors[i]!.values.length
  const numeric = swept.filter((i) => model.factors[i]!.isNumeric).sort((a, b) => size(b) - size(a) || a - b)
  const across = numeric[0] ?? swept[0] ?? null
  const others = swept.filter((i) => i !== across)
  const second = numeric.find((i) => i !== across && size(i) > 2)
  const isHeat = second !== undefined && size(across!) > 2
  const by = isHeat ? second : (others.find((i) => size(i) <= MOST_SERIES) ?? null)
  const view: View = {
    field,
    drawn: isHeat ? 'heat' : 'lines',
    spread: 'ci',
    across,
    by,
    panels: null,
    held: {},
  }
  return settled(model, view)
}

/** The first field that is not the same at all points, else the first. */
function firstField({ fields }: Model): number {
  return Math.max(
    0,
    fields.findIndex(({ mean }) => mean.some((value) => value !== mean[0])),
  )
}

/** A view in which every swept factor has its place: as panels where they are few enough, else held at its first value. */
export function settled(model: Model, view: View): View {
  const swept = sweptFactors(model)
  const { across, by } = view
  const free = swept.filter((i) => i !== across && i !== by)
  const fits = (i: number) => model.factors[i]!.values.length <= MOST_PANELS
  const kept = view.panels !== null && free.includes(view.panels) && fits(view.panels) ? view.panels : null
  const panels = kept ?? free.find(fits) ?? null
  const held = Object.fromEntries(free.filter((i) => i !== panels).map((i) => [i, view.held[i] ?? 0]))
  const canHeat = across !== null && by !== null
  return { ...view, panels, held, drawn: canHeat ? view.drawn : 'lines' }
}

/** Whether a heat map can be drawn of this view's factors, and lines. */
export function canDraw(model: Model, { across, by }: View, drawn: Drawn): boolean {
  if (drawn === 'heat') return across !== null && by !== null
  return by === null || model.factors[by]!.values.length <= MOST_SERIES
}

/** Indices of the points that a view shows. */
export function shownPoints(model: Model, { held }: View): number[] {
  const fixed = Object.entries(held).map(([i, level]) => [model.factors[Number(i)]!, level] as const)
  const shown: number[] = []
  for (let index = 0; index < model.points; index++)
    if (fixed.every(([{ levels }, level]) => levels[index] === level)) shown.push(index)
  return shown
}

/** `remove = 0.2, degree = 8`, of the factors that a view holds at one value. */
export function heldWords(model: Model, { held }: View): string {
  return Object.entries(held)
    .map(([i, level]) => levelWords(model.factors[Number(i)]!, level))
    .join(', ')
}

export function levelWords({ name, values }: Factor, level: number): string {
  return `${name} = ${values[level]}`
}

/** `infect = 0.05, remove = 0.2`: the factors that are swept; of a design that sweeps none, all. */
export function pointLabel({ factors }: Model, index: number): string {
  const swept = factors.filter(({ values }) => values.length > 1)
  return (swept.length > 0 ? swept : factors)
    .map((factor) => levelWords(factor, factor.levels[index]!))
    .join(', ')
}
