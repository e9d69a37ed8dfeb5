/** Digests of the language: what ECMAScript fixes has one value everywhere; what it leaves open shows when it differs. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { drawWords } from '../../../lib/fingerprint/draws.ts'
import {
  comparatorDigest,
  numberDigest,
  sortingDigest,
  typedArrayDigest,
} from '../../../lib/fingerprint/language.ts'
import { GOLDEN } from '../../golden/vectors.ts'

const golden: { sorting: string } = JSON.parse(readFileSync(new URL('fingerprint.json', GOLDEN), 'utf8'))
const words = drawWords()

/** The digest with one method of an object replaced for the while. */
function digestWith<T extends object>(owner: T, name: keyof T, value: unknown, digest: () => string): string {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { value, configurable: true, writable: true })
  try {
    return digest()
  } finally {
    if (before === undefined) delete owner[name]
    else Object.defineProperty(owner, name, before)
  }
}

test('should sort to what the independent program sorts to', () => {
  assert.equal(sortingDigest(words), golden.sorting)
})

test('should digest what is fixed to what it is everywhere', () => {
  assert.equal(numberDigest(words), '6952c635a52a8473')
  assert.equal(typedArrayDigest(words), 'b7e360a2f7099b9f')
})

test('should show another way to write digits', () => {
  const { toString: own } = Number.prototype
  const off = function (this: number, radix?: number) {
    return radix === 3 ? own.call(this, radix).slice(0, -1) : own.call(this, radix)
  }
  assert.notEqual(
    digestWith(Number.prototype, 'toString', off, () => numberDigest(words)),
    numberDigest(words),
  )
  const { toFixed } = Number.prototype
  const down = function (this: number, digits: number) {
    return toFixed.call(this, digits).replace(/[5]$/, '4')
  }
  assert.notEqual(
    digestWith(Number.prototype, 'toFixed', down, () => numberDigest(words)),
    numberDigest(words),
  )
})

test('should show another algorithm of sorting where the result is the same for sound comparators', () => {
  const insertion = function (
    this: unknown[],
    compare = (a: unknown, b: unknown) => (String(a) < String(b) ? -1 : 1),
  ) {
    for (let i = 1; i < this.length; i++) {
      const item = this[i]
      let j = i
      for (; j > 0 && compare(this[j - 1], item) > 0; j--) this[j] = this[j - 1]
      this[j] = item
    }
    return this
  }
  const both = () => [sortingDigest(words), comparatorDigest(words)].join()
  const [sorting, algorithm] = digestWith(Array.prototype, 'sort', insertion, both).split(',')
  assert.equal(sorting, golden.sorting)
  assert.notEqual(algorithm, comparatorDigest(words))
})

test('should show a typed array that rounds otherwise', () => {
  const { from } = Uint8ClampedArray
  const down = (list: Float64Array) => from.call(Uint8ClampedArray, list.map(Math.floor))
  assert.notEqual(
    digestWith(Uint8ClampedArray, 'from', down, () => typedArrayDigest(words)),
    typedArrayDigest(words),
  )
})
