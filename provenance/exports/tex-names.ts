/**
 * Names of TeX's commands for figures: made of what a figure is about, whatever that is called. TeX reads letters alone, so digits
 * and signs are spelled, and all else ends a word. Where that could be another word's spelling too, letters that stand for the word
 * itself go behind it. So a name is of one figure whatever else there is; where that figure is gone, a paper stops instead of
 * telling another.
 */
import { canonicalJson } from '../../lib/canonical.ts'
import { sha256 } from '../../lib/digest.ts'
import type { Json } from '../../lib/values.ts'
import { plainValue } from './factors.ts'

const SPELLED: Readonly<Record<string, string>> = {
  '0': 'Zero',
  '1': 'One',
  '2': 'Two',
  '3': 'Three',
  '4': 'Four',
  '5': 'Five',
  '6': 'Six',
  '7': 'Seven',
  '8': 'Eight',
  '9': 'Nine',
  '.': 'Point',
  '-': 'Minus',
  '+': 'Plus',
}
const CHARACTERS = new Map(Object.entries(SPELLED).map(([char, name]) => [name, char]))
/** What ends the name of a standard error or a count. */
const ENDINGS = ['Error', 'Count']
/** Characters of one word: a value may be a whole text. */
const LONGEST = 80
/** Letters of a digest, which are enough that no two words share them. */
const DIGEST = 8

/** A figure's field, and the factors that tell its point with their values there. */
export interface Figure {
  readonly field: string
  readonly where: readonly (readonly [factor: string, value: Json])[]
}

/** A name for each, no two alike, with `Error` and `Count` behind them neither: `InfectZeroPointZeroFive` of `infect` and 0.05. */
export function figureNames(figures: readonly Figure[]): string[] {
  const names = figures.map(({ field, where }) =>
    [
      spelledName(field),
      ...where.flatMap(([factor, value]) => [spelledName(factor), spelledValue(value)]),
    ].join(''),
  )
  const times = new Map<string, number>()
  for (const name of names.flatMap(withEndings)) times.set(name, (times.get(name) ?? 0) + 1)
  return names.map((name, i) => {
    if (withEndings(name).every((one) => times.get(one) === 1)) return name
    const { field, where } = figures[i]!
    return name + digestOf([field, ...where.flat()])
  })
}

function withEndings(name: string): string[] {
  return ['', ...ENDINGS].map((ending) => name + ending)
}

/** The name of a field or a factor: as it is where it can be read back from its spelling, such as `peakDay` or `r0`. */
function spelledName(word: string): string {
  const { pieces, text } = spelled(word)
  const back = pieces.map((piece) => CHARACTERS.get(piece) ?? piece).join('')
  const known = `${back.slice(0, 1).toLowerCase()}${back.slice(1)}` === word
  const odd = ENDINGS.includes(pieces.at(-1) ?? '') || pieces.some((piece) => /^Q[a-z]/.test(piece))
  return known && !odd ? text : text + digestOf(word)
}

/** A value: as it is where it is a number, true or false, or one word in small letters. */
function spelledValue(value: Json): string {
  const { text } = spelled(String(plainValue(value)))
  const plain =
    typeof value !== 'string' ||
    (/^[a-pr-z][a-z]*$/.test(value) &&
      value.length <= LONGEST &&
      !['true', 'false', 'null'].includes(value) &&
      !CHARACTERS.has(text) &&
      !ENDINGS.includes(text))
  return plain && (typeof value !== 'object' || value === null) ? text : text + digestOf(value)
}

function spelled(word: string): { readonly pieces: readonly string[]; readonly text: string } {
  const apart = word.slice(0, LONGEST).replace(/[-+.\d]/g, (char) => ` ${SPELLED[char]} `)
  const parts = apart.split(/[^A-Za-z]+/).filter((part) => part !== '')
  const text = parts.map((part) => `${part[0]!.toUpperCase()}${part.slice(1)}`).join('')
  return text === '' ? { pieces: ['X'], text: 'X' } : { pieces: text.match(/[A-Z][a-z]*/g)!, text }
}

/** Letters that stand for this value and no other. */
function digestOf(value: Json): string {
  const digest = sha256(new TextEncoder().encode(canonicalJson(value)))
  return `Q${[...digest.subarray(0, DIGEST)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')}`
}
