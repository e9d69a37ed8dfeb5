/**
 * Manifests made to mislead or exhaust their reader: whatever is in them, verification answers, soon, that they are not
 * intact. What needs files or a process of its own is in test/cli/hostile.test.ts.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../../lib/digest.ts'
import { type Manifest, manifestBytes } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { verifyManifest } from '../../provenance/verify.ts'
import { runs } from '../lib/arbitrary.ts'
import { forged, type Loose } from './record.ts'

const GOLDEN = readFileSync(new URL('../../../test/golden/manifest-0.1.0.json', import.meta.url))
const manifest = parseManifest(GOLDEN)
/** The same with its capsule beside it: small enough to try every byte. */
const SMALL = forged(manifest, ({ capsule }) => {
  capsule.source = null
})
/** More than a manifest may have of anything; five times as many with REPRISE_SLOW=1. */
const MANY = process.env.REPRISE_SLOW === '1' ? 1_000_000 : 200_000
/** Far more than it takes, far less than it would take if it were not refused early. */
const SOON_MS = 20_000

function refused(bytes: Uint8Array, what = /./): void {
  const start = performance.now()
  const { valid, problems } = verifyManifest(bytes)
  assert.ok(performance.now() - start < SOON_MS, 'it took too long')
  assert.equal(valid, false)
  assert.match(JSON.stringify(problems), what)
  assert.ok(JSON.stringify(problems).length < 100_000, 'it is told at length')
}

describe('a small change', () => {
  test('should be found, whichever byte of a real manifest it is in', () => {
    assert.deepEqual([verifyManifest(GOLDEN).problems, verifyManifest(SMALL).problems], [[], []])
    const found = (whole: Uint8Array, at: number, mask: number) => {
      const changed = Uint8Array.from(whole)
      changed[at]! ^= mask
      assert.equal(verifyManifest(changed).valid, false, `byte ${at} by ${mask}`)
    }
    // Every byte, and by several masks, only in the slow tests.
    const slow = process.env.REPRISE_SLOW === '1'
    const masks = (i: number) => (slow ? [1, 1 << (i % 8), 0xff] : [1 << (i % 8)])
    for (let i = 0; i < SMALL.length; i += slow ? 1 : 3) for (const mask of masks(i)) found(SMALL, i, mask)
    for (let i = 0; i < GOLDEN.length; i += 101) found(GOLDEN, i, 1 << (i % 8))
  })

  test('should be found, whatever is put in, taken out, or moved', () => {
    const place = fc.nat(SMALL.length - 1)
    const property = fc.property(place, place, fc.uint8Array({ maxLength: 40 }), (a, b, put) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      const kept = [SMALL.subarray(0, from), put, SMALL.subarray(to)]
      const moved = [SMALL.subarray(0, from), SMALL.subarray(to), SMALL.subarray(from, to)]
      for (const parts of [kept, moved]) {
        const changed = Buffer.concat(parts)
        if (!changed.equals(SMALL)) assert.equal(verifyManifest(changed).valid, false)
      }
    })
    fc.assert(property, runs(300))
  })

  test('should be found, whatever value stands in place of another', () => {
    const values = fc.anything({ maxDepth: 3, withNullPrototype: false })
    const property = fc.property(fc.nat(), values, (which, value) => {
      if (value === undefined || JSON.stringify(value) === undefined) return
      const loose = JSON.parse(Buffer.from(SMALL).toString()) as Record<string, unknown>
      const places = placesIn(loose)
      const { holder, key } = places[which % places.length]!
      const before = JSON.stringify(loose)
      holder[key] = JSON.parse(JSON.stringify(value))
      if (JSON.stringify(loose) === before) return
      assert.equal(verifyManifest(manifestBytes(loose as unknown as Manifest)).valid, false, key)
    })
    fc.assert(property, runs(300))
  })
})

/** Every place in a value that holds another. */
function placesIn(value: unknown): { holder: Record<string, unknown>; key: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])])
}

describe('text that is no manifest', () => {
  const text = GOLDEN.toString()
  const inRun = (more: string) => text.replace('"run": {\n', `"run": {\n    ${more},\n`)
  const texts: Record<string, string> = {
    'deep arrays': '['.repeat(100_000),
    'deep closed arrays': '['.repeat(100_000) + ']'.repeat(100_000),
    'deep objects': '{"a":'.repeat(100_000),
    'deep arrays in the record': inRun(`"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    'deep arrays by line': inRun(`"a": ${'[\n'.repeat(100_000)}${']\n'.repeat(100_000)}`),
    'a number too large': inRun('"a": 1e400'),
    'a number that is rounded': inRun('"a": 9007199254740993'),
    'a number of a million digits': inRun(`"a": ${'9'.repeat(1_000_000)}`),
    'a negative zero': inRun('"a": -0'),
    'a prototype': inRun('"__proto__": {}'),
    toJSON: inRun('"toJSON": {}'),
    'a key twice': inRun('"id": "20261123T093015512-000000"'),
    'a constructor out of place': inRun('"constructor": {}'),
    'a byte-order mark': `\ufeff${text}`,
    'a lone surrogate': inRun('"a": "\\udc00"'),
    'a lone surrogate as a key': inRun('"\\udc00": 1'),
    'a line separator as white space': text.replace('\n', '\u2028'),
    'comments': text.replace('{', '{ // hello'),
    'infinity': inRun('"a": Infinity'),
    'nothing': '',
    'zeros': '\0'.repeat(1_000_000),
    'a string without an end': `{"format":"${'x'.repeat(10_000_000)}`,
    'quotes': '"'.repeat(10_000_000),
    'escapes': `"${'\\'.repeat(10_000_001)}`,
    'spaces': ' '.repeat(10_000_000),
    'lines': '\n'.repeat(10_000_000),
    'braces by line': '{\n'.repeat(5_000_000),
  } // biome-ignore format: a table
  for (const [how, hostile] of Object.entries(texts))
    test(`should be refused: ${how}`, () => {
      assert.notEqual(hostile, text)
      refused(Buffer.from(hostile, 'utf8'))
    })

  test(`should be refused: ${2 * MANY} keys`, () => {
    const keys = Array.from({ length: 2 * MANY }, (_, i) => `"k${i}": 0`)
    refused(utf8(`{${keys.join(',')}}`), /not an exact text: line 1/)
    refused(utf8(`{\n  ${keys.join(',\n  ')}\n}\n`))
  })
})

describe('a record with a digest that fits', () => {
  const climbing = '../../../../../../tmp/evil'
  const long = 'a'.repeat(5_000_000)
  const listed = (n: number) => Array.from({ length: n }, (_, i) => i)
  const cases: [string, (loose: Loose) => unknown][] = [
    ['an input’s name that climbs', ({ run }) => { run.inputs = { [climbing]: 'ab'.repeat(32) } }],
    ['an input’s digest that climbs', ({ run }) => { run.inputs = { data: climbing } }],
    ['an input’s name with a null', ({ run }) => { run.inputs = { 'a\0b': 'ab'.repeat(32) } }],
    ['leaves that climb', ({ results }) => { results.leaves = { sha256: climbing } as unknown as string[] }],
    ['a capsule that climbs', ({ capsule }) => { capsule.sha256 = climbing; capsule.source = null }],
    ['a run that climbs', ({ run }) => { run.id = climbing }],
    ['a run with a line feed', ({ run }) => { run.id = `${String(run.id)}\n` }],
    ['a run that it repeats with a root that climbs', ({ run }) => { run.rerunOf = { run: 'x', root: climbing } }],
    ['a thousand million points', ({ experiment }) => { experiment.document.design = { product: ['a', 'b', 'c'].map((name) => ({ name, values: listed(1000) })) } }],
    ['more points than a number holds', ({ experiment }) => { experiment.document.design = { product: listed(2_000).map((i) => ({ name: `n${i}`, values: listed(2) })) } }],
    ['a hundred thousand factors', ({ experiment }) => { experiment.document.design = { product: listed(100_000).map((i) => ({ name: `n${i}`, values: [0] })) } }],
    ['factors that are none', ({ experiment }) => { experiment.document.design = { product: listed(100_000) } }],
    ['points that are none', ({ experiment }) => { experiment.document.design = { points: [null, {}] } }],
    ['a point that is a list', ({ experiment }) => { experiment.document.design = { points: [[1]] } }],
    ['a design that is a text', ({ experiment }) => { experiment.document.design = 'product' }],
    ['two designs', ({ experiment }) => { experiment.document.design = { product: [], points: [{}] } }],
    ['no points', ({ experiment }) => { experiment.document.design = { points: [] } }],
    ['more repetitions than a number holds', ({ experiment }) => { experiment.document.repetitions = 2 ** 60 }],
    ['half a repetition', ({ experiment }) => { experiment.document.repetitions = 0.5 }],
    ['the greatest chunk and count', ({ experiment }) => { experiment.document.repetitions = 2 ** 53 - 1; experiment.document.chunk = 2 ** 32 - 1 }],
    ['a generator that is a method', ({ experiment }) => { experiment.document.random = 'constructor' }],
    ['another generator', ({ experiment }) => { experiment.document.random = '__proto__' }],
    ['counts beyond 2^53', ({ run }) => { run.counts.jobs = 2 ** 60 }],
    ['a count that is negative', ({ run }) => { run.counts.failedJobs = -1 }],
    ['a name of megabytes', ({ run }) => { run.file = long }],
    ['a version of megabytes', ({ run }) => { run.reprise = `${long}!` }],
    ['a digest of megabytes', ({ experiment }) => { experiment.hash = long }],
    ['an entropy of megabytes', ({ run }) => { run.replicated = { chunks: 1, identical: true, elsewhere: 0, entropy: 'ab'.repeat(2_500_000) } }],
    ['an input’s name of megabytes', ({ run }) => { run.inputs = { [`${long}!`]: 'ab'.repeat(32) } }],
    ['ranges that are none', ({ run }) => { run.environments = [{ environment: null, chunks: 1, ranges: [[1]] }] }],
    [`${MANY} leaves`, ({ results }) => { results.leaves = Array.from({ length: MANY }, () => 'ab'.repeat(32)) }],
    ['leaves that are null', ({ results }) => { results.leaves = [null, null] as unknown as string[] }],
  ] // biome-ignore format: a table
  for (const [how, change] of cases)
    test(`should be refused: ${how}`, () =>
      refused(
        forged(manifest, (loose) => {
          change(loose)
        }),
      ))

  test('should be read as data where it only sounds like something else', () => {
    const bytes = forged(manifest, ({ run }) => {
      run.constructor = { prototype: 'x' } as never
      run.hasOwnProperty = 1 as never
      run.inputs = { constructor: 'ab'.repeat(32), valueOf: 'cd'.repeat(32) }
    })
    const found = verifyManifest(bytes)
    assert.deepEqual(found.problems, [])
    assert.equal(({} as { prototype?: string }).prototype, undefined)
  })
})
