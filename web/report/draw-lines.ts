/** Means along one factor with their bars: lines where it is a number, dots where it is not; a series by a second factor. */
import * as Plot from '@observablehq/plot'
import { type Drawing, type DrawingDocument, plotted } from './drawing.ts'
import type { Factor } from './model.ts'
import { DASHES, SERIES, SYMBOLS } from './palette.ts'
import { panelRows } from './panels.ts'
import { type Mark, markWords, type Sketch, saysPoint } from './sketch.ts'

const HEIGHT = 360

export function drawLines(sketch: Sketch): Drawing[] {
  const { document, marks, width, label, by } = sketch
  const across = sketch.across!
  const { rows, perRow } = panelRows(marks, width, 240)
  const isPanelled = marks[0]!.panel !== ''
  const plots = rows.map((row) =>
    plotted(document, {
      width,
      height: perRow > 1 || rows.length > 1 ? 260 : Math.min(HEIGHT, Math.max(240, width * 0.6)),
      marginLeft: 64,
      marginBottom: 44,
      marginRight: 16,
      inset: 8,
      x: {
        ...(across.isNumeric
          ? { type: 'linear' as const }
          : { type: 'point' as const, domain: across.values }),
        label: across.label,
        labelAnchor: 'center',
        labelArrow: 'none',
        ...(width < 480 || perRow > 1 ? { ticks: 5 } : {}),
      },
      y: {
        label,
        labelAnchor: 'center',
        labelArrow: 'none',
        domain: domainOf(marks),
        grid: true,
        nice: true,
        ticks: 6,
      },
      fx: { label: null, domain: [...new Set(row.map(({ panel }) => panel))] },
      marks: seriesMarks(sketch, row, isPanelled),
    }),
  )
  return [...(by === null ? [] : [legendOf(document, by, width)]), ...plots]
}

function seriesMarks(sketch: Sketch, row: readonly Mark[], isPanelled: boolean): Plot.Markish[] {
  const { by, across } = sketch
  const panel = isPanelled ? { fx: 'panel' } : {}
  const series = by === null ? [null] : by.values.map((_, level) => level)
  return series.flatMap((level) => {
    const own = level === null ? row : row.filter(({ by: value }) => value === by!.values[level])
    const told = own.filter(({ mean }) => mean !== null)
    const sorted = across!.isNumeric ? told.toSorted((a, b) => Number(a.across) - Number(b.across)) : told
    const style = styleOf(level ?? 0)
    // Beside one another, so that bars of series that meet are seen; on a number's axis hardly.
    const apart = Math.min(2, 8 / series.length) * (across!.isNumeric ? 1 : 5)
    const dx = apart * ((level ?? 0) - (series.length - 1) / 2)
    return [
      ...(across!.isNumeric
        ? [
            Plot.line(sorted, {
              x: 'across',
              y: 'mean',
              ...panel,
              dx,
              stroke: style.stroke,
              strokeWidth: 1.5,
              ...(level === null || style.dash === '' ? {} : { strokeDasharray: style.dash }),
            }),
          ]
        : []),
      Plot.ruleX(
        sorted.filter(({ bar }) => bar !== null),
        {
          x: 'across',
          y1: ({ bar }: Mark) => bar!.low,
          y2: ({ bar }: Mark) => bar!.high,
          ...panel,
          dx,
          stroke: style.stroke,
          strokeWidth: 1.5,
        },
      ),
      Plot.dot(sorted, {
        x: 'across',
        y: 'mean',
        ...panel,
        dx,
        r: 3.5,
        fill: style.stroke,
        symbol: style.symbol,
        title: (mark: Mark) => markWords(sketch, mark),
        ...saysPoint(sorted),
      }),
    ]
  })
}

function styleOf(level: number) {
  return {
    stroke: SERIES[level % SERIES.length]!,
    dash: DASHES[level % DASHES.length]!,
    symbol: SYMBOLS[level % SYMBOLS.length]!,
  }
}

/** All bars are in sight. */
function domainOf(marks: readonly Mark[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { mean, bar } of marks) {
    if (mean === null) continue
    low = Math.min(low, bar?.low ?? mean)
    high = Math.max(high, bar?.high ?? mean)
  }
  if (!(low <= high)) return [0, 1]
  return low === high ? [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2] : [low, high]
}

/** Which line is which: a row of their marks, with as many in a line as fit. */
function legendOf(document: DrawingDocument, by: Factor, width: number): Drawing {
  const widest = Math.max(...by.values.map((value) => String(value).length))
  const room = 34 + 7 * widest
  const perLine = Math.max(1, Math.floor((width - 64) / room))
  const items = by.values.map((value, level) => ({
    x: (level % perLine) * room,
    y: -Math.floor(level / perLine),
    value: String(value),
    ...styleOf(level),
  }))
  const lines = Math.ceil(by.values.length / perLine)
  return plotted(document, {
    width,
    height: 26 + 18 * lines,
    margin: 0,
    marginLeft: 64,
    marginTop: 26,
    marginBottom: 9,
    x: { axis: null, domain: [0, width - 64] },
    y: { axis: null, domain: [-(lines - 1) - 0.01, 0] },
    marks: [
      Plot.text([by.label], { frameAnchor: 'top-left', dy: -22, textAnchor: 'start', fontWeight: 'bold' }),
      ...items.map((item) =>
        Plot.link([item], {
          x1: item.x,
          x2: item.x + 20,
          y1: item.y,
          y2: item.y,
          stroke: item.stroke,
          strokeWidth: 1.5,
          ...(item.dash === '' ? {} : { strokeDasharray: item.dash }),
        }),
      ),
      ...items.map((item) =>
        Plot.dot([item], { x: item.x + 10, y: 'y', symbol: item.symbol, fill: item.stroke, r: 3.5 }),
      ),
      Plot.text(items, {
        x: ({ x }: (typeof items)[number]) => x + 26,
        y: 'y',
        text: 'value',
        textAnchor: 'start',
      }),
    ],
  })
}
