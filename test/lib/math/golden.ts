/** Reads math.json, the results that correct rounding gives, and measures against them in units in the last place. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { PORTABLE_MATH, type PortableName } from '../../../lib/math/portable.ts'
import { fromBits, GOLDEN } from '../../golden/vectors.ts'

const values = JSON.parse(readFileSync(new URL('math.json', GOLDEN), 'utf8')) as Record<
  PortableName,
  string[]
>

export type Numeric = (...args: number[]) => number
export const portable = PORTABLE_MATH as Readonly<Record<PortableName, Numeric>>
export const names = Object.keys(values) as PortableName[]

const view = new DataView(new ArrayBuffer(8))

/** The place of a double among all doubles in order. */
function place(x: number): bigint {
  view.setFloat64(0, x)
  const bits = view.getBigInt64(0)
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits
}

/** How many doubles apart; Infinity where one is NaN and the other is not. */
export function apart(a: number, b: number): number {
  if (Object.is(a, b)) return 0
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY
  const distance = place(a) - place(b)
  return Number(distance < 0n ? -distance : distance)
}

/**
 * Adds the test that a function is never more than `most` doubles from the correctly rounded result, and is that
 * result in most cases: in `rounded` of all, 0 to 1.
 */
export function testAccuracy(name: PortableName, most: number, rounded: number): void {
  test(`should give ${name} within ${most} of the correctly rounded result`, () => {
    const lines = values[name]
    assert.ok(lines.length > 80)
    let exact = 0
    for (const line of lines) {
      const words = line.split(' ').map(fromBits)
      const [given, expected] = [words.slice(0, -1), words.at(-1)!]
      const result = portable[name](...given)
      const distance = apart(result, expected)
      assert.ok(distance <= most, `${name}(${given.join(', ')}) is ${result}, not ${expected}`)
      if (distance === 0) exact += 1
    }
    assert.ok(exact / lines.length >= rounded, `${exact} of ${lines.length} are correctly rounded`)
  })
}

/** Arguments, and the result that ECMAScript fixes for them. */
export type Special = readonly [...given: number[], result: number]

/** Adds the test that special arguments give what ECMAScript says; the platform must agree, or the list is wrong. */
export function testSpecials(name: PortableName, list: readonly Special[]): void {
  test(`should give ${name} of special values as ECMAScript says`, () => {
    for (const line of list) {
      const [given, expected] = [line.slice(0, -1), line.at(-1)!]
      const words = `${name}(${given.map((x) => (Object.is(x, -0) ? '-0' : x)).join(', ')})`
      assert.ok(Object.is(portable[name](...given), expected), `${words} is ${portable[name](...given)}`)
      assert.ok(Object.is((Math[name] as Numeric)(...given), expected), `the platform's ${words}`)
    }
  })
}

/** Adds the test that f(-x) is -f(x), or f(x) where `even`, to the bit. */
export function testSymmetry(name: PortableName, even: boolean): void {
  test(`should give ${name} ${even ? 'the same' : 'the opposite'} for the opposite argument`, () => {
    for (const line of values[name]) {
      const [x] = line.split(' ').map(fromBits)
      const [one, other] = [portable[name](x!), portable[name](-x!)]
      assert.ok(Object.is(other, even ? one : -one), `${name}(${x})`)
    }
  })
}
