/** Experiment documents: their bytes and hash, the default chunk, and what is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical, canonicalBytes, parseCanonical } from '../../lib/canonical.ts'
import { pointCount } from '../../lib/design.ts'
import { toHex, utf8 } from '../../lib/digest.ts'
import {
  blockCount,
  checkDocument,
  chunkCount,
  defaultChunk,
  type ExperimentDocument,
  experimentHash,
  jobCount,
  MAX_CHUNKS,
} from '../../lib/document.ts'
import { vectors } from '../golden/vectors.ts'
import { runs } from './arbitrary.ts'
import { refused } from './refusal.ts'

test('should not change its output except for a new format', () => {
  assert.ok(vectors.experiments.length >= 5)
  for (const vector of vectors.experiments) {
    const { document } = vector
    checkDocument(document)
    assert.equal(canonical(document), vector.canonical)
    assert.equal(toHex(experimentHash(document)), vector.hash)
    assert.equal(pointCount(document.design), vector.points)
    assert.equal(chunkCount(document), vector.chunks)
    assert.equal(jobCount(document), vector.jobs)
    assert.deepEqual(parseCanonical(utf8(vector.canonical)), document)
  }
  for (const { points, repetitions, chunk } of vectors.defaultChunk) {
    const design = { zip: [{ name: 'a', values: new Array<number>(points).fill(1) }] }
    assert.equal(defaultChunk(design, repetitions), chunk, `${points} points, ${repetitions} repetitions`)
  }
})

const good: ExperimentDocument = {
  format: 'reprise/experiment/1',
  name: 'n',
  design: { product: [{ name: 'a', values: [1, 2] }] },
  repetitions: 10,
  chunk: 3,
  random: 'tychei',
  seed: null,
}

test('should hash everything that is asked', () => {
  const variants: ExperimentDocument[] = [
    good,
    { ...good, name: 'm' },
    { ...good, repetitions: 11 },
    { ...good, chunk: 4 },
    { ...good, random: 'alea' },
    { ...good, seed: '' },
    { ...good, seed: '1' },
    { ...good, design: { zip: [{ name: 'a', values: [1, 2] }] } },
    { ...good, design: { points: [{ a: 1 }, { a: 2 }] } },
    { ...good, design: { product: [{ name: 'a', values: [2, 1] }] } },
    { ...good, design: { product: [{ name: 'a', values: ['1', 2] }] } },
    { ...good, design: { product: [{ name: 'b', values: [1, 2] }] } },
  ]
  for (const variant of variants) checkDocument(variant)
  assert.equal(new Set(variants.map((document) => toHex(experimentHash(document)))).size, variants.length)
})

test('should hash the same whatever the order of keys', () => {
  const turned = Object.fromEntries(Object.entries(good).reverse()) as unknown as ExperimentDocument
  assert.deepEqual(experimentHash(turned), experimentHash(good))
})

const BAD: Readonly<Record<string, readonly [object, string]>> = {
  'another format': [{ format: 'reprise/experiment/2' }, 'format'],
  'an unknown key': [{ note: 1 }, 'note'],
  'an empty name': [{ name: '' }, 'name'],
  'a name that is a number': [{ name: 5 }, 'name'],
  'a name with a lone surrogate': [{ name: '\ud800' }, 'name'],
  'no design': [{ design: null }, 'design'],
  'an empty design': [{ design: {} }, 'design'],
  'two designs': [{ design: { product: [], zip: [] } }, 'design'],
  'an unknown design': [{ design: { sobol: [] } }, 'design'],
  'a design that is no list': [{ design: { product: {} } }, 'design'],
  'a factor without values': [{ design: { product: [{ name: 'a' }] } }, 'design'],
  'a factor with more': [{ design: { zip: [{ name: 'a', values: [1], unit: 'm' }] } }, 'design'],
  'a factor with a number as a name': [{ design: { product: [{ name: 1, values: [1] }] } }, 'design'],
  'a factor that is null': [{ design: { product: [null] } }, 'design'],
  'an empty factor': [{ design: { product: [{ name: 'a', values: [] }] } }, 'parameters.a'],
  'a tagged value': [{ design: { product: [{ name: 'a', values: [{ $bigint: '1' }] }] } }, 'parameters'],
  'no repetition': [{ repetitions: 0 }, 'repetitions'],
  'half a repetition': [{ repetitions: 1.5 }, 'repetitions'],
  'repetitions as text': [{ repetitions: '10' }, 'repetitions'],
  'too many repetitions': [{ repetitions: 2 ** 53 }, 'repetitions'],
  'chunk 0': [{ chunk: 0 }, 'chunk'],
  'a negative chunk': [{ chunk: -1 }, 'chunk'],
  'half a chunk': [{ chunk: 2.5 }, 'chunk'],
  'a chunk beyond 32 bits': [{ chunk: 2 ** 32 }, 'chunk'],
  'too many chunks': [{ repetitions: MAX_CHUNKS, chunk: 1 }, 'chunk'],
  'an unknown generator': [{ random: 'mersenne' }, 'random'],
  'an unsound generator': [{ random: 'xorwow' }, 'random'],
  'a seed that is a number': [{ seed: 5 }, 'seed'],
  'a seed left undefined': [{ seed: undefined }, 'seed'],
  'a seed with a lone surrogate': [{ seed: '\udc00' }, 'seed'],
}
for (const [name, [change, subject]] of Object.entries(BAD)) {
  test(`should refuse ${name}`, () => {
    refused(() => checkDocument({ ...good, ...change } as ExperimentDocument), 'invalid-experiment', {
      subject,
    })
  })
}

test('should refuse what is no document at all', () => {
  for (const odd of [null, undefined, 'text', 5]) {
    refused(() => checkDocument(odd as never), 'invalid-experiment', { subject: 'experiment' })
  }
  for (const key of Object.keys(good)) {
    const { [key as keyof ExperimentDocument]: _, ...rest } = good
    refused(() => checkDocument(rest as never), 'invalid-experiment')
  }
})

test('should take the largest numbers that are allowed', () => {
  assert.doesNotThrow(() => checkDocument({ ...good, repetitions: MAX_CHUNKS / 2, chunk: 1 }))
  assert.doesNotThrow(() =>
    checkDocument({ ...good, repetitions: Number.MAX_SAFE_INTEGER, chunk: 0xffff_ffff }),
  )
})

test('should choose a round default chunk that keeps the number of chunks small', () => {
  const sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
  const property = fc.property(
    fc.integer({ min: 1, max: 200 }),
    fc.integer({ min: 1, max: 1_000_000 }),
    (points, repetitions) => {
      const design = { zip: [{ name: 'a', values: new Array<number>(points).fill(1) }] }
      const chunk = defaultChunk(design, repetitions)
      assert.ok(sizes.includes(chunk))
      assert.ok(chunk === 1 || (chunk <= repetitions && chunk * 1000 <= points * repetitions))
      const next = sizes[sizes.indexOf(chunk) + 1]
      assert.ok(
        next === undefined || next > repetitions || next * 1000 > points * repetitions,
        'the largest that fits',
      )
      const document = { ...good, design, repetitions, chunk }
      assert.equal(blockCount(document), Math.ceil(repetitions / chunk))
      assert.doesNotThrow(() => canonicalBytes(document))
    },
  )
  fc.assert(property, runs(200))
})
