/** The random networks of the examples: simple, symmetric, and distributed as G(n, p) is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Network, randomNetwork } from '../../examples/network.ts'
import { sha256, utf8 } from '../../lib/digest.ts'
import { DEFAULT_GENERATOR, type Random, randomStream } from '../../lib/random.ts'

const stream = (label: string): Random => randomStream(DEFAULT_GENERATOR, sha256(utf8(label)))

function neighboursOf({ offsets, neighbours }: Network, node: number): number[] {
  return [...neighbours.subarray(offsets[node], offsets[node + 1])]
}

test('no loops, no repeated edges, and every edge is there in both directions', () => {
  const network = randomNetwork(20_000, 8, stream('simple'))
  const edges = new Set<string>()
  for (let node = 0; node < network.nodes; node++) {
    const neighbours = neighboursOf(network, node)
    assert.ok(!neighbours.includes(node), `${node} is its own neighbour`)
    assert.equal(new Set(neighbours).size, neighbours.length, `${node} has a neighbour twice`)
    for (const neighbour of neighbours) edges.add(`${node} ${neighbour}`)
  }
  assert.equal(edges.size, network.neighbours.length)
  for (const edge of edges) {
    const [a, b] = edge.split(' ')
    assert.ok(edges.has(`${b} ${a}`), `${edge} has no way back`)
  }
})

test('the number of edges is binomial: mean degree within 5 standard deviations', () => {
  const nodes = 100_000
  const pairs = (nodes * (nodes - 1)) / 2
  const p = 8 / (nodes - 1)
  for (const label of ['a', 'b', 'c', 'd', 'e']) {
    const edges = randomNetwork(nodes, 8, stream(label)).neighbours.length / 2
    const deviation = (edges - pairs * p) / Math.sqrt(pairs * p * (1 - p))
    assert.ok(Math.abs(deviation) < 5, `${edges} edges, ${deviation} standard deviations off`)
  }
})

test('degrees are Poisson distributed (chi-squared)', () => {
  const nodes = 100_000
  const { offsets } = randomNetwork(nodes, 8, stream('degrees'))
  const top = 20 // the last class holds 20 and more
  const seen = new Array<number>(top + 1).fill(0)
  for (let node = 0; node < nodes; node++) seen[Math.min(top, offsets[node + 1]! - offsets[node]!)]! += 1

  const expected: number[] = [nodes * Math.exp(-8)]
  for (let k = 1; k < top; k++) expected.push((expected[k - 1]! * 8) / k)
  expected.push(nodes - expected.reduce((sum, n) => sum + n, 0))
  const chiSquared = expected.reduce((sum, n, k) => sum + (seen[k]! - n) ** 2 / n, 0)
  // 20 degrees of freedom: 0.999 of all networks are below 45.3 (degrees of one network are all but independent).
  assert.ok(chiSquared < 45.3, `chi-squared ${chiSquared}`)
})

test('every pair is equally likely, the first and the last too', () => {
  const nodes = 6
  const draws = 20_000
  const random = stream('pairs')
  const counts = new Map<string, number>()
  for (let i = 0; i < draws; i++) {
    const network = randomNetwork(nodes, 2.5, random) // p = 1/2
    for (let a = 0; a < nodes; a++) {
      for (const b of neighboursOf(network, a)) {
        if (a < b) counts.set(`${a} ${b}`, (counts.get(`${a} ${b}`) ?? 0) + 1)
      }
    }
  }
  assert.equal(counts.size, 15)
  for (const [pair, count] of counts) {
    const deviation = (count - draws / 2) / Math.sqrt(draws / 4)
    assert.ok(Math.abs(deviation) < 5, `pair ${pair}: ${count} of ${draws}`)
  }
})

test('a degree that no network has is refused', () => {
  assert.throws(() => randomNetwork(10, 9.5, stream('no')), RangeError)
  assert.throws(() => randomNetwork(10, 0, stream('no')), RangeError)
})
