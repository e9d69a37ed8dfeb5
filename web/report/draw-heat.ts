/** A heat map, or one for each panel, with its scale beneath. Where there is room, each cell says its number too. */
import * as Plot from '@observablehq/plot'
import { type Drawing, type DrawingDocument, plotted } from './drawing.ts'
import { numberWords } from './estimate.ts'
import { inkOn, NOTHING, SCHEME } from './palette.ts'
import { panelRows } from './panels.ts'
import { type Mark, markWords, type Sketch, saysPoint } from './sketch.ts'

/** Pixels that a number in a cell takes. */
const [TEXT_WIDTH, TEXT_HEIGHT] = [34, 16]
const [TOP, BOTTOM, LEFT] = [10, 44, 64]
const STEPS = 48

export function drawHeat(sketch: Sketch): Drawing[] {
  const { document, marks, width, label } = sketch
  const [across, by] = [sketch.across!, sketch.by!]
  const [low, high] = extent(marks)
  const { rows, perRow } = panelRows(marks, width, 260)
  const columns = across.values.length
  const cell = (width - LEFT - 20) / perRow / columns
  const height = Math.min(Math.max(by.values.length * Math.min(Math.max(cell, 22), 44), 120), 520)
  const isTold = cell > TEXT_WIDTH && height / by.values.length > TEXT_HEIGHT
  const along = (mean: number) => (high > low ? (mean - low) / (high - low) : 0.5)
  const maps = rows.map((row) =>
    plotted(document, {
      width,
      height: height + TOP + BOTTOM + (perRow > 1 || row[0]!.panel !== '' ? 18 : 0),
      marginLeft: LEFT,
      marginBottom: BOTTOM,
      padding: 0,
      x: {
        type: 'band',
        domain: across.values,
        label: across.label,
        labelAnchor: 'center',
        ...ticks(columns, cell),
      },
      y: { type: 'band', domain: by.values.toReversed(), label: by.label, labelAnchor: 'center' },
      fx: { label: null, padding: 0.06, domain: [...new Set(row.map(({ panel }) => panel))] },
      color: { type: 'linear', scheme: SCHEME, domain: [low, high], unknown: NOTHING },
      marks: [
        Plot.cell(row, {
          x: 'across',
          y: 'by',
          ...(row[0]!.panel === '' ? {} : { fx: 'panel' }),
          fill: 'mean',
          inset: 0.5,
          title: (mark: Mark) => markWords(sketch, mark),
          ...saysPoint(row),
        }),
        ...(isTold
          ? [
              Plot.text(row, {
                x: 'across',
                y: 'by',
                ...(row[0]!.panel === '' ? {} : { fx: 'panel' }),
                text: ({ mean }: Mark) => (mean === null ? '–' : numberWords(mean, 3)),
                fill: ({ mean }: Mark) => (mean === null ? 'currentColor' : inkOn(along(mean))),
                pointerEvents: 'none',
              }),
            ]
          : []),
      ],
    }),
  )
  return [...maps, scaleOf(document, low, high, label, width)]
}

/** Fewer ticks than columns where they would run into each other. */
function ticks(columns: number, cell: number): { tickFormat?: (value: unknown, i: number) => string } {
  const every = Math.ceil(44 / cell)
  return every < 2 || columns < 4 ? {} : { tickFormat: (value, i) => (i % every === 0 ? String(value) : '') }
}

function extent(marks: readonly Mark[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { mean } of marks) {
    if (mean === null) continue
    low = Math.min(low, mean)
    high = Math.max(high, mean)
  }
  return low <= high ? [low, high] : [0, 1]
}

/** The scale of colours, as steps: a ramp would need a canvas. */
function scaleOf(
  document: DrawingDocument,
  low: number,
  high: number,
  label: string,
  width: number,
): Drawing {
  const span = high > low ? high - low : 1
  const steps = Array.from({ length: STEPS }, (_, i) => ({
    from: low + (span * i) / STEPS,
    to: low + (span * (i + 1)) / STEPS,
  }))
  return plotted(document, {
    width,
    height: 52,
    marginLeft: LEFT,
    marginRight: Math.max(20, width - LEFT - 320),
    marginTop: 4,
    marginBottom: 36,
    x: { domain: [low, low + span], label, labelAnchor: 'center', labelArrow: 'none', ticks: 4, nice: false },
    y: { axis: null, domain: [0, 1] },
    color: { type: 'linear', scheme: SCHEME, domain: [low, high > low ? high : low + 1] },
    marks: [
      Plot.rect(steps, {
        x1: 'from',
        x2: 'to',
        y1: 0,
        y2: 1,
        fill: ({ from, to }: (typeof steps)[number]) => (from + to) / 2,
        insetRight: -0.5,
      }),
    ],
  })
}
