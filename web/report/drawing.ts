/**
 * Drawings: SVG that Observable Plot makes, in a browser or in a document of linkedom. Its own style element is taken out,
 * for the policy of a page allows none; fonts and colours are attributes that every viewer knows.
 */
import * as Plot from '@observablehq/plot'

/** What a drawing needs of the document it is made in: the browser's or linkedom's. */
export interface DrawingDocument {
  createElementNS(namespace: string, name: string): Drawing
}

/** An SVG element. */
export interface Drawing {
  readonly outerHTML: string
  textContent: string | null
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  append(...nodes: (Drawing | string)[]): void
  prepend(...nodes: Drawing[]): void
  remove(): void
  querySelector(selector: string): Drawing | null
  querySelectorAll(selector: string): Iterable<Drawing>
  removeAttribute(name: string): void
}

const SVG = 'http://www.w3.org/2000/svg'
const FONT = 'Helvetica, Arial, sans-serif'

/** One plot, without a style of its own. */
export function plotted(document: DrawingDocument, options: Plot.PlotOptions): Drawing {
  const drawn = Plot.plot({
    className: 'plot',
    ...options,
    document,
  } as unknown as Plot.PlotOptions) as unknown as Drawing
  drawn.querySelector('style')?.remove()
  drawn.setAttribute('font-family', FONT)
  drawn.setAttribute('font-size', '11')
  // To who does not see it the whole is one image with a title; what Plot calls its parts is for scripts.
  for (const part of drawn.querySelectorAll('[aria-label]')) {
    part.setAttribute('data-part', part.getAttribute('aria-label')!)
    part.removeAttribute('aria-label')
  }
  return drawn
}

/** Plots one below the other as one drawing, which says for those who do not see it what it shows. */
export function stacked(document: DrawingDocument, parts: readonly Drawing[], title: string): Drawing {
  const size = (part: Drawing, name: string) => Number(part.getAttribute(name))
  const whole = document.createElementNS(SVG, 'svg')
  const width = Math.max(...parts.map((part) => size(part, 'width')))
  let height = 0
  const words = document.createElementNS(SVG, 'title')
  words.textContent = title
  whole.append(words)
  for (const part of parts) {
    part.setAttribute('y', String(height))
    height += size(part, 'height')
    whole.append(part)
  }
  whole.setAttribute('xmlns', SVG)
  whole.setAttribute('viewBox', `0 0 ${width} ${height}`)
  whole.setAttribute('width', String(width))
  whole.setAttribute('height', String(height))
  whole.setAttribute('role', 'img')
  whole.setAttribute('aria-label', title)
  return whole
}

/** The text of an SVG file. */
export function svgFile(drawing: Drawing): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${drawing.outerHTML}\n`
}
