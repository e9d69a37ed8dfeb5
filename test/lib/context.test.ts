/** What jobs and set-up get: the point, and streams that depend on nothing but their names and places. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chunkPlace } from '../../lib/chunk.ts'
import { ChunkContext, JobContext } from '../../lib/context.ts'
import { toHex } from '../../lib/digest.ts'
import { chunkCount, type ExperimentDocument, experimentHash } from '../../lib/document.ts'
import type { Job, Setup } from '../../lib/experiment.ts'
import { randomStream } from '../../lib/random.ts'
import { chunkSeed, jobSeed } from '../../lib/seed.ts'
import { unhex, vectors } from '../golden/vectors.ts'
import { ports } from './ports.ts'

const DOCUMENT: ExperimentDocument = {
  format: 'reprise/experiment/1',
  name: 'n',
  design: {
    product: [
      { name: 'infect', values: [0.1, 0.2] },
      { name: 'nodes', values: [{ z: [1], a: 2 }, 'many'] },
    ],
  },
  repetitions: 5,
  chunk: 2,
  random: 'tychei',
  seed: null,
}
type Point = Readonly<Record<string, unknown>>

function contextOf(document: ExperimentDocument, chunk: number): ChunkContext {
  return new ChunkContext(document, experimentHash(document), chunkPlace(document, chunk), ports())
}
function jobOf(document: ExperimentDocument, chunk: number, j: number): Job<Point> {
  return new JobContext(contextOf(document, chunk), j, undefined) as unknown as Job<Point>
}
const draws = (random: () => number) => [random(), random(), random()]

test('should not change its output except for a new format', () => {
  for (const { document, hash, seeds } of vectors.experiments) {
    const seeded = (seed: string) => draws(randomStream(document.random, unhex(seed)))
    for (const vector of seeds) {
      const context = new ChunkContext(document, unhex(hash), chunkPlace(document, vector.chunk), ports())
      const set = context.setupContext() as Setup<Point>
      const sharedBy = vector.sharedBy
      for (const { label, seed } of vector.setup.streams)
        assert.deepEqual(draws(set.stream(label)), seeded(seed))
      for (const { label, seed } of vector.setup.shared) {
        assert.deepEqual(draws(set.stream(label, { sharedBy })), seeded(seed))
      }
      for (const expected of vector.jobs) {
        const job = new JobContext(context, expected.job, undefined) as unknown as Job<Point>
        assert.equal(job.repetition, expected.repetition)
        assert.equal(job.seed, expected.seed)
        assert.deepEqual(draws(job.random), seeded(expected.seed))
        for (const { label, seed } of expected.streams)
          assert.deepEqual(draws(job.stream(label)), seeded(seed))
        for (const { label, seed } of expected.shared) {
          assert.deepEqual(draws(job.stream(label, { sharedBy: sharedBy.toReversed() })), seeded(seed))
        }
      }
    }
  }
})

test('should make the same seeds however late they are asked for', () => {
  const hash = experimentHash(DOCUMENT)
  for (const chunk of [0, 1, 7]) {
    const job = jobOf(DOCUMENT, chunk, 1 % chunkPlace(DOCUMENT, chunk).jobs)
    const late = draws(job.stream('x'))
    const expected = jobSeed(chunkSeed(hash, chunk), 1 % chunkPlace(DOCUMENT, chunk).jobs)
    assert.equal(job.seed, toHex(expected))
    assert.deepEqual(draws(job.random), draws(randomStream('tychei', expected)))
    const other = jobOf(DOCUMENT, chunk, 1 % chunkPlace(DOCUMENT, chunk).jobs)
    other.random()
    other.stream('y')()
    assert.deepEqual(draws(other.stream('x')), late)
  }
})

test('should continue a stream when it is asked for again', () => {
  const job = jobOf(DOCUMENT, 0, 0)
  assert.equal(job.random, job.random)
  assert.equal(job.stream('x'), job.stream('x'))
  const sharedBy = ['infect'] as const
  assert.equal(job.stream('x', { sharedBy }), job.stream('x', { sharedBy }))
  assert.equal(
    job.stream('x', { sharedBy: ['infect', 'nodes'] }),
    job.stream('x', { sharedBy: ['nodes', 'infect', 'nodes'] }),
  )
  const distinct = [
    job.random,
    job.stream('x'),
    job.stream('y'),
    job.stream(''),
    job.stream('x', { sharedBy }),
  ]
  distinct.push(
    job.stream('x', { sharedBy: [] }),
    job.stream('x', { sharedBy: ['nodes'] }),
    job.stream('{}|x'),
  )
  assert.equal(new Set(distinct).size, distinct.length)
  assert.equal(new Set(distinct.map((random) => random())).size, distinct.length)
  assert.notEqual(jobOf(DOCUMENT, 0, 0).stream('x'), job.stream('x'), 'other jobs have their own')
})

test('should share a stream among points of equal factors and repetition, and with nobody else', () => {
  const chunks = Array.from({ length: chunkCount(DOCUMENT) }, (_, i) => i)
  const seen = new Map<number, string[]>()
  for (const chunk of chunks) {
    const { jobs, pointIndex } = chunkPlace(DOCUMENT, chunk)
    for (let j = 0; j < jobs; j++) {
      const job = jobOf(DOCUMENT, chunk, j)
      const draw = job.stream('network', { sharedBy: ['nodes'] })()
      seen.set(draw, [...(seen.get(draw) ?? []), `${pointIndex % 2}:${job.repetition}`])
    }
  }
  assert.equal(seen.size, 10, 'two values of nodes times five repetitions')
  for (const meetings of seen.values()) {
    assert.equal(meetings.length, 2, 'one for each value of infect')
    assert.equal(new Set(meetings).size, 1)
  }
})

test("should share with the chunk's first repetition in setup", () => {
  const set = contextOf(DOCUMENT, 1).setupContext() as Setup<Point>
  const job = jobOf(DOCUMENT, 1, 0)
  assert.equal(job.repetition, 2)
  assert.deepEqual(
    draws(set.stream('n', { sharedBy: ['nodes'] })),
    draws(job.stream('n', { sharedBy: ['nodes'] })),
  )
  assert.notDeepEqual(draws(set.stream('n')), draws(job.stream('n')))
})

test('should refuse a stream that is asked for in a wrong way', () => {
  const { stream } = jobOf(DOCUMENT, 0, 0)
  const ask = stream as unknown as (...words: unknown[]) => unknown
  assert.throws(() => ask(), /label must be a string/)
  assert.throws(() => ask(5), /label must be a string/)
  assert.throws(() => ask('\ud800'), /label must be a string/)
  assert.throws(() => ask('x', { sharedBy: ['node'] }), /no parameter "node"/)
  assert.throws(() => ask('x', { sharedBy: ['toString'] }), /no parameter "toString"/)
  assert.throws(() => ask('x', { sharedBy: 'nodes' }), /must be a list/)
  assert.throws(() => ask('x', { sharedby: ['nodes'] }), /must be a list/)
  assert.throws(() => ask('x', {}), /must be a list/)
})

test('should give a point that cannot be changed, in an order of keys that the document cannot change', () => {
  const nodes = { z: [1], a: 2 }
  const turned = { a: 2, z: [1] }
  const listed = (point: Point) => ({ ...DOCUMENT, design: { points: [point] } }) as ExperimentDocument
  const one = jobOf(listed({ nodes, infect: 1 }), 0, 0).point
  const other = jobOf(listed({ infect: 1, nodes: turned }), 0, 0).point
  assert.equal(JSON.stringify(one), JSON.stringify(other))
  assert.equal(JSON.stringify(one), '{"infect":1,"nodes":{"a":2,"z":[1]}}')
  assert.throws(() => Object.assign(one, { infect: 2 }), TypeError)
  assert.throws(() => Object.assign(one.nodes as object, { a: 3 }), TypeError)
  assert.throws(() => (one.nodes as { z: number[] }).z.push(1), TypeError)
  nodes.z.push(2)
  assert.deepEqual(nodes.z, [1, 2], "the user's own objects stay as they are")
})

test('should give log and input as the surroundings lend them', () => {
  const said: unknown[] = []
  const lent = ports({ log: (words) => said.push(words) })
  const context = new ChunkContext(DOCUMENT, experimentHash(DOCUMENT), chunkPlace(DOCUMENT, 0), lent)
  const job = new JobContext(context, 0, 'made') as unknown as Job<Point, string>
  job.log('a', 1)
  assert.deepEqual(said, [['a', 1]])
  assert.equal(job.input, lent.input)
  assert.equal(job.setup, 'made')
})
