/** Which chunks a pilot executes: spread over the design, each once, of full length, the same every time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pilotOrder } from '../../lab/pilot-order.ts'
import { chunkJobs } from '../../lib/chunk.ts'
import { chunkCount } from '../../lib/document.ts'
import { documentOf } from './run.ts'

const points = (n: number) => ({ product: [{ name: 'a', values: Array.from({ length: n }, (_, i) => i) }] })

test('should begin with the first, the last and the middle chunk', () => {
  const document = documentOf({ design: points(101), repetitions: 1000, chunk: 1000 })
  assert.deepEqual(pilotOrder(document, 3).slice(0, 3), [0, 100, 50])
  assert.deepEqual(pilotOrder(document, 1).slice(0, 1), [0])
  assert.deepEqual(pilotOrder(document, 5).slice(0, 5), [0, 100, 25, 50, 75])
})

test('should go on with others ever more densely, by a fixed rule', () => {
  const document = documentOf({ design: points(1000), repetitions: 1, chunk: 1 })
  assert.deepEqual(pilotOrder(document, 3).slice(0, 7), [0, 999, 500, 618, 236, 854, 472])
  const quarters = new Set(
    pilotOrder(document, 3)
      .slice(3, 13)
      .map((chunk) => Math.floor(chunk / 250)),
  )
  assert.equal(quarters.size, 4, 'ten more are in every quarter of the design')
})

test('should name each chunk once, none beyond the design, and not more than are worth it', () => {
  for (const [design, repetitions, chunk] of [
    [points(1), 1, 1],
    [points(5), 4, 2],
    [points(7), 20, 6],
    [points(40_000), 100, 1],
  ] as const) {
    const document = documentOf({ design, repetitions, chunk })
    const order = pilotOrder(document, 3)
    assert.equal(new Set(order).size, order.length)
    assert.ok(order.every((at) => at >= 0 && at < chunkCount(document)))
    assert.ok(order.length <= 1_003)
    assert.ok(order.length >= Math.min(3, chunkCount(document)))
  }
  const small = documentOf({ design: points(5), repetitions: 4, chunk: 2 })
  assert.deepEqual(
    pilotOrder(small, 3).sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
})

test('should leave out the shorter last chunk of each point', () => {
  const document = documentOf({ design: points(7), repetitions: 20, chunk: 6 }) // 6, 6, 6, 2
  const order = pilotOrder(document, 1000)
  assert.equal(order.length, 21)
  assert.ok(order.every((at) => chunkJobs(document, at) === 6))
  const onlyShort = documentOf({ design: points(2), repetitions: 2, chunk: 6 })
  assert.deepEqual(pilotOrder(onlyShort, 3), [0, 1])
})
