/** Designs: which points, in which order, and every kind of bad input with the factor it names. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical } from '../../lib/canonical.ts'
import {
  checkDesign,
  type Design,
  designOf,
  pointAt,
  pointCount,
  points,
  range,
  zip,
} from '../../lib/design.ts'
import { json, runs, text } from './arbitrary.ts'
import { refused } from './refusal.ts'

const factors = fc.uniqueArray(
  fc.record({ name: text.map((name) => `f${name}`), values: fc.array(json, { minLength: 1, maxLength: 4 }) }),
  { selector: ({ name }) => name, maxLength: 4 },
)

/** Nested loops, the first factor outermost. */
function loops(list: readonly { name: string; values: readonly unknown[] }[]): Record<string, unknown>[] {
  const [first, ...rest] = list
  if (first === undefined) return [{}]
  return first.values.flatMap((value) => loops(rest).map((point) => ({ [first.name]: value, ...point })))
}

const all = (design: Design) => Array.from({ length: pointCount(design) }, (_, i) => pointAt(design, i))

test('should visit every combination once, the last factor fastest', () => {
  const property = fc.property(factors, (product) => {
    const design: Design = { product }
    checkDesign(design)
    assert.deepEqual(all(design), loops(product))
  })
  fc.assert(property, runs(300))
  assert.deepEqual(all(designOf({ a: [1, 2], b: ['x', 'y'] })), [
    { a: 1, b: 'x' },
    { a: 1, b: 'y' },
    { a: 2, b: 'x' },
    { a: 2, b: 'y' },
  ])
})

test('should find any point of a design too large to hold', () => {
  const values = Array.from({ length: 1000 }, (_, i) => i)
  const design = designOf({ a: values, b: values, c: values })
  assert.equal(pointCount(design), 1e9)
  assert.deepEqual(pointAt(design, 123_456_789), { a: 123, b: 456, c: 789 })
})

test('should vary zipped factors together', () => {
  const design = designOf(zip({ a: [1, 2, 3], b: ['x', 'y', 'z'] }))
  checkDesign(design)
  assert.deepEqual(all(design), [
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
    { a: 3, b: 'z' },
  ])
})

test('should visit listed points in their order', () => {
  const list = [
    { a: 2, b: [1] },
    { b: null, a: 1 },
  ]
  const design = designOf(points(list))
  checkDesign(design)
  assert.deepEqual(all(design), list)
})

test('should have one point when there are no factors', () => {
  checkDesign(designOf({}))
  assert.deepEqual(all(designOf({})), [{}])
})

test('should take a string as one value, and any value that is no array', () => {
  assert.deepEqual(designOf({ rule: 'majority', n: 5, on: false, what: { a: 1 } }), {
    product: [
      { name: 'rule', values: ['majority'] },
      { name: 'n', values: [5] },
      { name: 'on', values: [false] },
      { name: 'what', values: [{ a: 1 }] },
    ],
  })
})

test('should not follow later changes of the lists it was given', () => {
  const values = [1, 2]
  const list = [{ a: 1 }]
  const [product, listed] = [designOf({ a: values }), designOf(points(list))]
  values.push(3)
  list.push({ a: 2 })
  assert.equal(pointCount(product), 2)
  assert.equal(pointCount(listed), 1)
})

const holed = [1, 2, 3]
delete holed[1]
const cycle: unknown[] = []
cycle.push(cycle)

const BAD: Readonly<Record<string, readonly [unknown, string, RegExp]>> = {
  'an empty factor': [{ infect: [1], remove: [] }, 'parameters.remove', /no values/],
  'an empty factor of a zip': [zip({ a: [] }), 'parameters.a', /no values/],
  'a zip of unequal lengths': [
    zip({ a: [1, 2], b: [1], c: [1, 2] }),
    'parameters',
    /b has 1 values, a has 2/,
  ],
  'an empty zip': [zip({}), 'parameters', /no factor/],
  'an empty list of points': [points([]), 'parameters', /no point/],
  'points that are no list': [points({ a: 1 } as never), 'parameters', /no point/],
  'a point that is no object': [points([{ a: 1 }, [1]] as never), 'parameters.points[1]', /not an object/],
  'a point that is null': [points([null] as never), 'parameters.points[0]', /not an object/],
  'a hole among points': [points(new Array(1)), 'parameters.points[0]', /not an object/],
  'points of different parameters': [
    points([{ a: 1 }, { b: 1 }]),
    'parameters.points[1]',
    /other parameters/,
  ],
  'a point with one parameter more': [
    points([{ a: 1 }, { a: 1, b: 1 }]),
    'parameters.points[1]',
    /other parameters/,
  ],
  'parameters whose names run together': [
    points([{ a: 1, b: 1 }, { 'a\nb': 1 }]),
    'parameters.points[1]',
    /other parameters/,
  ],
  'parameters that are a list': [[1], 'parameters', /not an object/],
  'parameters that are a string': ['infect', 'parameters', /not an object/],
  'parameters that are null': [null, 'parameters', /not an object/],
  'an empty name': [{ '': [1] }, 'parameters[""]', /empty name/],
  'a name with $': [{ $a: [1] }, 'parameters["$a"]', /begins with \$/],
  'a name with $ in a point': [points([{ $a: 1 }]), 'parameters["$a"]', /begins with \$/],
  'the name __proto__': [JSON.parse('{"__proto__":[1]}'), 'parameters["__proto__"]', /cannot be the name/],
  'the name toJSON': [{ toJSON: [1] }, 'parameters["toJSON"]', /cannot be the name/],
  'a whole number as a name': [{ a: [1], 10: [1] }, 'parameters["10"]', /whole number/],
  'a lone surrogate in a name': [{ 'a\ud800': [1] }, 'parameters["a\\ud800"]', /lone surrogate/],
  NaN: [{ a: [1, Number.NaN] }, 'parameters.a[1]', /is NaN/],
  Infinity: [{ a: [Number.NEGATIVE_INFINITY] }, 'parameters.a[0]', /is -Infinity/],
  'NaN inside a value': [{ a: [{ b: [Number.NaN] }] }, 'parameters.a[0]', /is NaN/],
  'NaN in a point': [points([{ a: 1 }, { a: Number.NaN }]), 'parameters.points[1].a', /is NaN/],
  '-0': [{ a: [0, -0] }, 'parameters.a[1]', /-0/],
  'a bigint': [{ a: [1n] }, 'parameters.a[0]', /bigint/],
  'a typed array': [{ a: [Float64Array.of(1)] }, 'parameters.a[0]', /typed array/],
  undefined: [{ a: [1, undefined] }, 'parameters', /parameters\.a\[1\] is undefined/],
  'a parameter left undefined': [{ a: undefined }, 'parameters', /parameters\.a\[0\] is undefined/],
  'a hole': [{ a: holed }, 'parameters', /parameters\.a\[1\] is undefined/],
  'a function': [{ a: [() => 1] }, 'parameters', /parameters\.a\[0\] is a function/],
  'a Date': [{ a: new Date(0) }, 'parameters', /parameters\.a\[0\] is a Date/],
  'a Map inside a value': [{ a: [{ m: new Map() }] }, 'parameters', /parameters\.a\[0\]\.m is a Map/],
  'a cycle': [{ a: cycle }, 'parameters', /parameters\.a\[0\]/],
  'a key with $ inside a value': [{ a: [{ $b: 1 }] }, 'parameters', /begins with \$/],
  'a lone surrogate': [{ a: ['\udfff'] }, 'parameters', /lone surrogate/],
}
for (const [name, [parameters, subject, says]] of Object.entries(BAD)) {
  test(`should refuse ${name}`, () => {
    refused(() => checkDesign(designOf(parameters)), 'invalid-experiment', { subject, says })
  })
}

test('should refuse a factor that is there twice', () => {
  const factor = { name: 'a', values: [1] }
  refused(() => checkDesign({ product: [factor, factor] }), 'invalid-experiment', {
    subject: 'parameters.a',
    says: 'twice',
  })
})

test('should space numbers evenly, as a person would write them', () => {
  assert.deepEqual(range(0.05, 0.5, 10), [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5])
  assert.deepEqual(range(1, -1, 3), [1, 0, -1])
  assert.deepEqual(range(3, 3, 1), [3])
  assert.deepEqual(range(0, 1000, 5), [0, 250, 500, 750, 1000])
  assert.ok(range(-1, 1, 5).every((n) => !Object.is(n, -0)))
  assert.ok(range(-1, -0, 3).every((n) => !Object.is(n, -0)))
})

test('should span a range from end to end in ascending steps', () => {
  const property = fc.property(
    fc.integer(),
    fc.integer({ min: 1 }),
    fc.integer({ min: 2, max: 50 }),
    (start, width, count) => {
      const list = range(start, start + width, count)
      assert.equal(list.length, count)
      assert.equal(list[0], start)
      assert.equal(list.at(-1), start + width)
      assert.ok(list.every((n, i) => i === 0 || n > list[i - 1]!))
      assert.doesNotThrow(() => canonical(list))
    },
  )
  fc.assert(property, runs(300))
})

test('should refuse a range that is none', () => {
  for (const [start, stop, count] of [
    [0, 1, 0],
    [0, 1, 1],
    [0, 1, 2.5],
    [0, 1, -3],
    [Number.NaN, 1, 3],
    [0, Number.POSITIVE_INFINITY, 3],
    [0, 1, Number.NaN],
  ] as const) {
    refused(() => range(start, stop, count), 'invalid-experiment', { subject: 'range' })
  }
})
