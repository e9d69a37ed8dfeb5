/** How the values of one field lie at one point: a histogram, and where there are not too many, every value beneath it. */
import * as Plot from '@observablehq/plot'
import { type Drawing, type DrawingDocument, plotted, stacked } from './drawing.ts'
import { SERIES } from './palette.ts'

/** Values that were counted, in bins of one width from `low` to `high`. */
export interface Bins {
  readonly low: number
  readonly high: number
  readonly counts: readonly number[]
  /** Values that are not finite, and so in no bin. */
  readonly strays: number
}

const [MOST_BINS, MOST_TICKS] = [40, 1_000]

/** Bins of these values: whole numbers that are few have one each, else as many as the root of their count (H. A. Sturges chose fewer). */
export function binsOf(values: readonly number[]): Bins {
  const finite = values.filter((value) => Number.isFinite(value))
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of finite) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const strays = values.length - finite.length
  if (finite.length === 0) return { low: 0, high: 1, counts: [], strays }
  const isWhole = finite.every((value) => Number.isInteger(value)) && high - low < MOST_BINS
  if (isWhole) [low, high] = [low - 0.5, high + 0.5]
  else if (low === high) [low, high] = [low - (Math.abs(low) || 1) / 20, high + (Math.abs(high) || 1) / 20]
  const length = isWhole
    ? Math.round(high - low)
    : Math.min(MOST_BINS, Math.ceil(Math.sqrt(finite.length)) + 1)
  const counts = new Array<number>(length).fill(0)
  for (const value of finite) {
    const bin = Math.floor(((value - low) / (high - low)) * length)
    counts[Math.min(length - 1, Math.max(0, bin))]!++
  }
  return { low, high, counts, strays }
}

/** Draws them; `values` are marked one by one where they are at hand. */
export function drawDistribution(
  document: DrawingDocument,
  bins: Bins,
  values: readonly number[] | null,
  { label, title, mean, width }: { label: string; title: string; mean: number | null; width: number },
): Drawing {
  const { low, high, counts } = bins
  const step = (high - low) / Math.max(1, counts.length)
  const bars = counts.map((count, i) => ({ count, from: low + step * i, to: low + step * (i + 1) }))
  const told = (values ?? []).filter((value) => Number.isFinite(value)).slice(0, MOST_TICKS)
  const x = { domain: [low, high], label, labelAnchor: 'center', labelArrow: 'none' } as const
  const parts = [
    plotted(document, {
      width,
      height: 200,
      marginLeft: 64,
      marginBottom: told.length > 0 ? 4 : 44,
      x: told.length > 0 ? { ...x, axis: null } : x,
      y: {
        label: 'jobs',
        labelAnchor: 'center',
        labelArrow: 'none',
        grid: true,
        ticks: 5,
        ...(counts.length === 0 ? { domain: [0, 1] } : {}),
      },
      marks: [
        Plot.rectY(bars, {
          x1: 'from',
          x2: 'to',
          y: 'count',
          fill: SERIES[0]!,
          insetLeft: 0.5,
          insetRight: 0.5,
          title: ({ count }: (typeof bars)[number]) => `${count}`,
        }),
        Plot.ruleY([0]),
        ...(mean === null || !Number.isFinite(mean)
          ? []
          : [
              Plot.ruleX([mean], { strokeDasharray: '4 3' }),
              Plot.text([mean], { x: (d: number) => d, text: () => 'mean', frameAnchor: 'top', dy: -10 }),
            ]),
      ],
    }),
    ...(told.length > 0
      ? [
          plotted(document, {
            width,
            height: 62,
            marginLeft: 64,
            marginTop: 2,
            marginBottom: 40,
            x,
            y: { axis: null, domain: [0, 1] },
            marks: [
              Plot.ruleX(told, {
                x: (d: number) => d,
                y1: 0,
                y2: 1,
                strokeOpacity: told.length > 200 ? 0.25 : 0.6,
              }),
            ],
          }),
        ]
      : []),
  ]
  return stacked(document, parts, title)
}
