/**
 * What all differences of two results come to: how many values differ, how their distances in ulps are distributed (by
 * powers of two), and which fields they are in. It takes differences one by one and stays small however many come.
 */
import { ulpDistance } from './compare.ts'
import type { Json } from './values.ts'

/** Differences whose distance lies from `from` to `to` ulps. */
export interface UlpBand {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Differences of one field: a path without indices, such as `result.x[]`. */
export interface FieldTally {
  readonly field: string
  readonly differing: number
  /** The largest distance of two numbers, and the largest by their size; null where no two numbers differ. */
  readonly ulps: number | null
  readonly relative: number | null
}

export interface Tallied {
  readonly differing: number
  readonly numbers: number
  /** Differences that are not of two finite numbers. */
  readonly others: number
  readonly ulps: readonly UlpBand[]
  readonly fields: readonly FieldTally[]
  /** Differences in fields that are not listed, since there are too many. */
  readonly elsewhere: number
}

const MOST_FIELDS = 200
const MOST_PATH = 200

interface Field {
  differing: number
  ulps: number | null
  relative: number | null
}

export class Tally {
  #numbers = 0
  #others = 0
  #elsewhere = 0
  readonly #bands = new Map<number, number>()
  readonly #fields = new Map<string, Field>()

  add(path: string, left: Json, right: Json): void {
    const ulps = ulpDistance(left, right)
    const field = this.#field(path)
    if (field === undefined) this.#elsewhere++
    else field.differing++
    if (ulps === null) {
      this.#others++
      return
    }
    this.#numbers++
    const band = Math.ceil(Math.log2(Math.max(1, ulps)))
    this.#bands.set(band, (this.#bands.get(band) ?? 0) + 1)
    if (field === undefined) return
    const [a, b] = [left, right] as [number, number]
    const size = Math.max(Math.abs(a), Math.abs(b))
    field.ulps = Math.max(field.ulps ?? 0, ulps)
    field.relative = Math.max(field.relative ?? 0, Math.abs(a / size - b / size))
  }

  /** What has come so far; the fields with most differences first. */
  sum(): Tallied {
    const bands = [...this.#bands].sort(([a], [b]) => a - b)
    const fields = [...this.#fields].map(([field, tally]) => ({ field, ...tally }))
    return {
      differing: this.#numbers + this.#others,
      numbers: this.#numbers,
      others: this.#others,
      ulps: bands.map(([band, count]) => ({
        from: band === 0 ? 1 : 2 ** (band - 1) + 1,
        to: 2 ** band,
        count,
      })),
      fields: fields.sort((a, b) => b.differing - a.differing || (a.field < b.field ? -1 : 1)),
      elsewhere: this.#elsewhere,
    }
  }

  #field(path: string): Field | undefined {
    const name = fieldOf(path)
    const known = this.#fields.get(name)
    if (known !== undefined) return known
    if (this.#fields.size >= MOST_FIELDS) return undefined
    const made: Field = { differing: 0, ulps: null, relative: null }
    this.#fields.set(name, made)
    return made
  }
}

/** A path without its indices. */
export function fieldOf(path: string): string {
  const field = path.replace(/\[\d+\]/g, '[]')
  return field.length <= MOST_PATH ? field : `${field.slice(0, MOST_PATH).toWellFormed()}…`
}
