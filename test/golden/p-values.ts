/** Reads the golden p-values, made by p-values.py. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { GOLDEN } from './vectors.ts'

interface Samples {
  readonly left: readonly number[]
  readonly right: readonly number[]
  readonly p: number
}
interface Pairs {
  readonly differences: readonly number[]
  readonly p: number
}

export interface PValues {
  readonly normal: readonly (readonly [z: number, p: number])[]
  readonly rankSum: readonly Samples[]
  readonly rankSumNormal: readonly Samples[]
  readonly smirnov: readonly Samples[]
  readonly smirnovLimit: readonly Samples[]
  readonly signedRank: readonly Pairs[]
  readonly signedRankNormal: readonly Pairs[]
  readonly fisher: readonly (readonly [k: number, n: number, l: number, m: number, p: number])[]
  readonly holm: readonly { readonly p: readonly number[]; readonly corrected: readonly number[] }[]
}

export function pValues(): PValues {
  return JSON.parse(readFileSync(new URL('p-values.json', GOLDEN), 'utf8'))
}

/** Asserts that two p-values are the same but for their last digits. */
export function near(actual: number, expected: number, what: string, relative = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= relative * expected, `${what}: ${actual} instead of ${expected}`)
}
