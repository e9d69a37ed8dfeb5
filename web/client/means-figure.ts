/**
 * Means of a field over a parameter, with their standard errors: the reader chooses the field and the axis. Other parameters
 * that vary are told apart by colour and symbol where they have few values, and else all points are drawn alike.
 */
import * as Plot from '@observablehq/plot'
import type { Figure } from '../serve/view.ts'

interface Dot {
  readonly x: number | string
  readonly series: string
  readonly mean: number
  readonly low: number
  readonly high: number
}

const MOST_SERIES = 8
const NARROW = 460

/** Draws them, with what chooses; nothing where there are no means. What was chosen stays. */
export function showFigure(element: HTMLElement, figure: Figure): void {
  element.hidden = figure.fields.length === 0 || figure.factors.length === 0
  if (element.hidden) return
  if (element.dataset.names !== JSON.stringify([figure.fields, figure.factors])) build(element, figure)
  draw(element, figure)
  element.onchange = () => draw(element, figure)
}

function build(element: HTMLElement, figure: Figure): void {
  element.dataset.names = JSON.stringify([figure.fields, figure.factors])
  const chooser = document.createElement('p')
  chooser.className = 'choose'
  chooser.append(select('field', 'Mean of', figure.fields), select('axis', 'over', figure.factors))
  const place = document.createElement('div')
  place.className = 'place'
  const caption = document.createElement('figcaption')
  element.replaceChildren(chooser, place, caption)
  const axis = element.querySelector<HTMLSelectElement>('[name=axis]')!
  axis.value = String(widest(figure))
}

function select(name: string, words: string, options: readonly string[]): HTMLElement {
  const label = document.createElement('label')
  const chosen = document.createElement('select')
  chosen.name = name
  for (const [i, option] of options.entries()) chosen.append(new Option(option, String(i)))
  label.append(`${words} `, chosen)
  return label
}

/** The factor with the most values. */
function widest({ factors, points }: Figure): number {
  const counts = factors.map((_, i) => new Set(points.map(({ at }) => at[i])).size)
  return counts.indexOf(Math.max(...counts))
}

function draw(element: HTMLElement, figure: Figure): void {
  const chosen = (name: string) => Number(element.querySelector<HTMLSelectElement>(`[name=${name}]`)!.value)
  const [field, axis] = [chosen('field'), chosen('axis')]
  const dots = dotsOf(figure, field, axis)
  const series = new Set(dots.map((dot) => dot.series))
  const isTold = series.size > 1 && series.size <= MOST_SERIES
  const place = element.querySelector('.place')!
  const width = Math.max(280, Math.min(820, element.clientWidth))
  const others = figure.factors.filter((_, i) => i !== axis).join(', ')
  // Made in a document of its own: there its style element, which the policy of this page forbids, is taken out again.
  const svg = Plot.plot({
    document: document.implementation.createHTMLDocument(''),
    width,
    height: width < NARROW ? 260 : 340,
    marginLeft: 56,
    style: 'background: none',
    x: {
      label: figure.factors[axis]!,
      type: dots.every(({ x }) => typeof x === 'number') ? 'linear' : 'point',
    },
    y: { label: `mean of ${figure.fields[field]!}`, grid: true, nice: true },
    color: { domain: [...series], range: COLOURS },
    symbol: { domain: [...series], range: [...SYMBOLS] },
    marks: [
      ...(isTold || series.size === 1
        ? [
            Plot.line(dots, {
              x: 'x',
              y: 'mean',
              z: 'series',
              stroke: isTold ? 'series' : COLOURS[0]!,
              strokeOpacity: 0.6,
            }),
          ]
        : []),
      Plot.ruleX(dots, { x: 'x', y1: 'low', y2: 'high', stroke: isTold ? 'series' : COLOURS[0]! }),
      Plot.dot(dots, {
        x: 'x',
        y: 'mean',
        r: 3.5,
        stroke: isTold ? 'series' : COLOURS[0]!,
        ...(isTold ? { symbol: 'series' } : {}),
      }),
    ],
  })
  for (const style of svg.querySelectorAll('style')) style.remove()
  svg.setAttribute('role', 'img')
  svg.setAttribute(
    'aria-label',
    `Mean of ${figure.fields[field]} over ${figure.factors[axis]}; the table below has the numbers`,
  )
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
  place.replaceChildren(svg, ...(isTold ? [legend([...series])] : []))
  element.querySelector('figcaption')!.textContent =
    `Bars are one standard error to either side.${others === '' ? '' : isTold ? ` Lines: ${others}.` : ` A dot a point; ${others} vary.`}`
}

/** Colours that those who see few of them tell apart, on light and on dark. */
const COLOURS = ['#2f7fc9', '#d9730d', '#2a9d6a', '#b455b6', '#8a8f14', '#c94f4f', '#5f79e8', '#7d8894']
const SYMBOLS = ['circle', 'plus', 'times', 'triangle', 'asterisk', 'square', 'diamond', 'star'] as const
const SIGNS = ['○', '+', '×', '△', '✳', '□', '◇', '☆']

function legend(series: readonly string[]): HTMLElement {
  const list = document.createElement('p')
  list.className = 'legend small'
  for (const [i, name] of series.entries()) {
    const entry = document.createElement('span')
    const mark = document.createElement('span')
    mark.textContent = SIGNS[i]!
    mark.style.color = COLOURS[i]!
    mark.setAttribute('aria-hidden', 'true')
    entry.append(mark, ` ${name}`)
    list.append(entry)
  }
  return list
}

function dotsOf({ factors, points }: Figure, field: number, axis: number): Dot[] {
  const name = (at: readonly (number | string)[]) =>
    at.flatMap((value, i) => (i === axis ? [] : [`${factors[i]} ${value}`])).join(', ')
  return points.flatMap(({ at, means }) => {
    const [mean, error] = means[field]!
    if (mean === null) return []
    return [{ x: at[axis]!, series: name(at), mean, low: mean - (error ?? 0), high: mean + (error ?? 0) }]
  })
}
