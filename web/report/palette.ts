/**
 * Colours of figures. Series have colours of middling lightness, so that each is seen on white and on black, and differ in
 * shape and dashes too; the scale of heat maps, cividis, is the same to most who are colour-blind, and to a printer.
 */

export const SERIES = ['#2f7ed8', '#c8553d', '#1b9373', '#b0489a', '#9a7400', '#4f8a9b', '#7d63cf', '#7a7a7a']
export const DASHES = ['', '6 3', '2 3', '8 3 2 3', '10 4', '4 2', '1 3', '12 3 3 3']
/** One fewer than colours, so that no two of many series are alike. */
export const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye'] as const
export const SCHEME = 'cividis'
/** Of no value. */
export const NOTHING = '#8884'

/** Black or white, whichever is read on a colour of the scheme this far along. */
export function inkOn(along: number): string {
  return along < 0.55 ? '#fff' : '#000'
}
