/** Generators: the numbers of the independent implementations, 53 bits of them, and the reasons of refusals. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256, utf8 } from '../../lib/digest.ts'
import { checkGenerator, DEFAULT_GENERATOR, type Generator, randomStream } from '../../lib/random.ts'
import { generators, unhex } from '../golden/vectors.ts'
import { refused } from './refusal.ts'

const NAMES: readonly Generator[] = ['tychei', 'alea', 'xor4096', 'arc4']

test('should not change its output except for a new format', () => {
  assert.deepEqual(new Set(generators.map(({ random }) => random)), new Set(NAMES))
  for (const vector of generators) {
    const make = () => randomStream(vector.random, unhex(vector.seed))
    for (const method of ['double', 'quick', 'int32'] as const) {
      const random = make()
      assert.deepEqual(
        vector[method].map(() => random[method]()),
        vector[method],
        `${vector.random}.${method}`,
      )
    }
    const random = make()
    for (const [method, n] of vector.mixed) assert.equal(random[method](), n, `${vector.random}, mixed`)
    for (let i = 0; i < 10_000; i++) random()
    assert.equal(random(), vector.later, `${vector.random}, later`)
  }
  assert.equal(DEFAULT_GENERATOR, 'xor4096')
})

for (const name of NAMES) {
  const stream = (label: string) => randomStream(name, sha256(utf8(label)))

  test(`should give 53 bits in [0, 1) by ${name}`, () => {
    const random = stream('bits')
    const draws = Array.from({ length: 20_000 }, () => random())
    assert.ok(draws.every((x) => x >= 0 && x < 1))
    const upper = draws.filter((x) => x >= 0.5).map((x) => x * 2 ** 53)
    assert.ok(upper.every(Number.isInteger), 'no finer than 2^-53 in the upper half')
    const odd = upper.filter((n) => n % 2 === 1).length / upper.length
    assert.ok(Math.abs(odd - 0.5) < 0.03, `${odd} of the last bits are 1`)
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
    assert.ok(Math.abs(mean - 0.5) < 0.01, `mean ${mean}`)
  })

  test(`should give coarse numbers and integers by ${name}`, () => {
    const random = stream('words')
    const quick = Array.from({ length: 2000 }, () => random.quick())
    assert.ok(quick.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 32)))
    const words = Array.from({ length: 2000 }, () => random.int32())
    assert.ok(words.every((n) => n === (n | 0)))
    const negative = words.filter((n) => n < 0).length
    assert.ok(negative > 800 && negative < 1200, `${negative} of 2000 are negative`)
    assert.equal(random.double, random)
  })

  test(`should give equal streams for equal seeds and others for others by ${name}`, () => {
    const first = (seed: Uint8Array) => {
      const random = randomStream(name, seed)
      return [random(), random(), random()].join()
    }
    const seed = sha256(utf8('seed'))
    assert.equal(first(seed), first(seed))
    const seen = new Set([first(seed)])
    for (let bit = 0; bit < 256; bit++) {
      const other = seed.slice()
      other[bit >> 3]! ^= 1 << (bit & 7)
      seen.add(first(other))
    }
    assert.equal(seen.size, 257, 'every bit of the seed counts')
  })
}

test('should take the generators that are sound', () => {
  for (const name of NAMES) assert.doesNotThrow(() => checkGenerator(name))
})

test('should refuse the others with the reason', () => {
  const reasons: readonly (readonly [unknown, string])[] = [
    ['xorshift7', 'fails PractRand'],
    ['xor128', 'fails PractRand'],
    ['xorwow', 'fails PractRand'],
    ['mersenne', 'is not known'],
    ['Tychei', 'is not known'],
    ['toString', 'is not known'],
    ['__proto__', 'is not known'],
    ['', 'is not known'],
    [null, 'is not known'],
    [['tychei'], 'is not known'],
  ]
  for (const [name, says] of reasons) {
    refused(() => checkGenerator(name), 'invalid-experiment', { subject: 'random', says })
  }
})
