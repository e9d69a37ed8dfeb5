/** What differs between two experiment documents, factor by factor. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { points, zip } from '../../lib/design.ts'
import { designChanges, factorsOf, shortened } from '../../lib/design-changes.ts'
import { experiment } from '../../lib/experiment.ts'

const FIRST = { infect: [0.1, 0.2], nodes: [100] }

function documentOf(parameters: object, more: object = {}) {
  return experiment({ name: 'x', parameters, repetitions: 10, chunk: 5, run: () => 1, ...more } as never)
    .document
}
const changed = (left: object, right: object) => designChanges(documentOf(left), documentOf(right))
const names = (left: object, right: object) => changed(left, right).map(({ what }) => what)

test('should find no difference in the same experiment', () => {
  assert.deepEqual(changed(FIRST, FIRST), [])
})

test('should name values that only one side has', () => {
  const [change, ...others] = changed(FIRST, { infect: [0.2, 0.3, 0.4], nodes: [100] })
  assert.deepEqual(others, [])
  const { what, left, right, removed, added, means } = change!
  assert.deepEqual([what, left, right], ['factor infect', 2, 3])
  assert.deepEqual(
    [removed, added],
    [
      { count: 1, first: [0.1] },
      { count: 2, first: [0.3, 0.4] },
    ],
  )
  assert.match(means, /can be matched/)
  assert.match(changed(FIRST, { infect: [9], nodes: [100] })[0]!.means, /no value in common/)
})

test('should name factors that are there on one side only', () => {
  const [gone, come] = changed(FIRST, { infect: [0.1, 0.2], degree: [8] })
  assert.deepEqual([gone?.what, gone?.left, gone?.right], ['factor nodes', 1, null])
  assert.deepEqual([come?.what, come?.left, come?.right], ['factor degree', null, 1])
  assert.match(`${gone?.means}; ${come?.means}`, /removed.*added/)
})

test('should tell another order from other values', () => {
  const [order] = changed(FIRST, { infect: [0.2, 0.1], nodes: [100] })
  assert.deepEqual([order?.removed?.count, order?.added?.count], [0, 0])
  assert.match(order!.means, /another order/)
  assert.deepEqual(names(FIRST, { nodes: [100], infect: [0.1, 0.2] }), ['order of the factors'])
})

test('should tell kinds of designs apart', () => {
  const both = { a: [1, 2], b: [3, 4] }
  assert.deepEqual(names(both, zip(both)), ['kind of design'])
  const listed = points([
    { a: 1, b: 3 },
    { a: 2, b: 4 },
  ])
  assert.deepEqual(names(zip(both), listed), ['kind of design'])
  const turned = points([
    { a: 2, b: 4 },
    { a: 1, b: 3 },
  ])
  assert.deepEqual(names(listed, turned), ['factor a', 'factor b'])
  const [one, two] = [
    { a: 1, b: 3 },
    { a: 2, b: 4 },
  ]
  assert.deepEqual(names(points([one, two]), points([one, two, one])), ['list of points'])
})

test('should say of everything else what it means', () => {
  const other = { name: 'y', repetitions: 20, chunk: 2, random: 'xor4096', seed: 's' }
  const found = designChanges(documentOf(FIRST, { random: 'alea' }), documentOf(FIRST, other))
  assert.deepEqual(
    found.map(({ what, left, right }) => [what, left, right]),
    [
      ['name', 'x', 'y'],
      ['repetitions', 10, 20],
      ['chunk', 5, 2],
      ['random', 'alea', 'xor4096'],
      ['seed', null, 's'],
    ],
  )
  assert.ok(found.every(({ means }) => means.length > 10))
})

test('should stay small however much there is', () => {
  const long = 'x'.repeat(1_000_000)
  const [change] = changed({ a: [long, 1] }, { a: Array.from({ length: 5000 }, (_, i) => i + 10) })
  assert.equal(change?.added?.count, 5000)
  assert.ok(JSON.stringify(change).length < 2000)
  assert.deepEqual([shortened(7), shortened('short'), shortened([1])], [7, 'short', [1]])
  assert.ok(String(shortened('😀'.repeat(400))).isWellFormed())
})

test('should see a list of points as factors', () => {
  const { design } = documentOf(points([{ a: 1, b: 'x' }, { a: 1, b: 'y' }])) // biome-ignore format: two points
  assert.deepEqual(factorsOf(design), [
    { name: 'a', values: [1] },
    { name: 'b', values: ['x', 'y'] },
  ])
})
