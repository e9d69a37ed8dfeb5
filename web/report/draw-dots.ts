/** Means of points that no factor orders: by their place in the design. */
import * as Plot from '@observablehq/plot'
import { type Drawing, plotted } from './drawing.ts'
import { SERIES } from './palette.ts'
import { type Mark, markWords, type Sketch, saysPoint } from './sketch.ts'

export function drawDots(sketch: Sketch): Drawing[] {
  const { document, marks, width, label } = sketch
  const told = marks.filter(({ mean }) => mean !== null)
  const placed = (mark: Mark) => mark.index + 1
  return [
    plotted(document, {
      width,
      height: Math.min(360, Math.max(240, width * 0.6)),
      marginLeft: 64,
      marginBottom: 44,
      inset: 8,
      x: { label: 'point, in the order of the design', labelAnchor: 'center', labelArrow: 'none' },
      y: { label, labelAnchor: 'center', labelArrow: 'none', grid: true, nice: true },
      marks: [
        Plot.ruleX(
          told.filter(({ bar }) => bar !== null),
          {
            x: placed,
            y1: ({ bar }: Mark) => bar!.low,
            y2: ({ bar }: Mark) => bar!.high,
            stroke: SERIES[0]!,
          },
        ),
        Plot.dot(told, {
          x: placed,
          y: 'mean',
          r: told.length > 400 ? 1.5 : 3,
          fill: SERIES[0]!,
          title: (mark: Mark) => markWords(sketch, mark),
          ...saysPoint(told),
        }),
      ],
    }),
  ]
}
