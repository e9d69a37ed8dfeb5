/** Claims: read strictly, found in the results, and held against them as a paper's figures are meant. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { type Claimed, placeClaims, readClaims, roundsTo } from '../../lab/claims.ts'
import { documentOf, temporaryFolder } from './run.ts'

function read(t: TestContext, text: string) {
  const path = join(temporaryFolder(t), 'claims.jsonl')
  writeFileSync(path, text)
  return readClaims(path)
}

const moments = (mean: number) => ({ count: 4, mean, variance: 1, standardError: 0.5 }) as never

/** Five points a = 0 … 4, two chunks each; the mean of x at a is a / 3. */
const RUN: Claimed = {
  key: 'made-up-00000000',
  names: ['@last', '20261127T000000000-abcdef'],
  document: documentOf(),
  means: [0, 1, 2, 3, 4].map((a) => ({
    point: { a },
    jobs: 4,
    of: 4,
    failed: 0,
    means: { x: moments(a / 3) },
  })),
}

test('should find each claim in the results', (t) => {
  const claims = read(
    t,
    '{"claim": "One.", "point": {"a": 2}, "field": "x", "value": "0.67"}\n\n{"claim": "Two."}\n',
  )
  const [first, second] = placeClaims(claims, [RUN])
  assert.deepEqual([first!.key, first!.place?.chunks, first!.place?.mean], [RUN.key, [4, 5], 2 / 3])
  assert.deepEqual(second, { claim: 'Two.', key: RUN.key, place: null })
})

test('should refuse a claim that the results contradict', () => {
  for (const value of ['0.66', '0.7000', '-0.67', '1', '6.7e-2'].filter((value) => value !== '1'))
    assert.throws(
      () => placeClaims([{ claim: 'x', point: { a: 2 }, field: 'x', value }], [RUN]),
      { code: 'refused' },
      value,
    )
  for (const value of ['0.667', '0.7', '1', '6.67e-1'])
    placeClaims([{ claim: 'x', point: { a: 2 }, field: 'x', value }], [RUN])
})

test('should refuse a claim that has no place, and say what there is', () => {
  const other: Claimed = { ...RUN, key: 'other', names: ['b.zip'] }
  const refused = (claim: object, runs: readonly Claimed[], says: RegExp) =>
    assert.throws(
      () => placeClaims([{ claim: 'x', ...claim }], runs),
      (error: Error & { line: string }) => says.test(error.line),
    )
  refused({}, [RUN, other], /which run.*@last.*b\.zip/)
  refused({ run: 'c' }, [RUN, other], /no run is called "c"/)
  refused({ field: 'x' }, [RUN], /fits 5 of 5 points/)
  refused({ field: 'x', point: { a: 9 } }, [RUN], /fits 0 of 5/)
  refused({ field: 'x', point: { b: 1 } }, [RUN], /factors.*: a/)
  refused({ field: 'y', point: { a: 1 } }, [RUN], /no number "y".*There are: x/)
  refused({ field: 'constructor', point: { a: 1 } }, [RUN], /no number/)
  refused({ field: 'x', point: { a: 1 } }, [{ ...RUN, means: null }], /not at hand/)
  assert.equal(placeClaims([{ claim: 'x', run: 'b.zip' }], [RUN, other])[0]!.key, 'other')
})

test('should refuse a file with a line that is no claim, and name the line', (t) => {
  for (const line of [
    'x',
    '[]',
    '{}',
    '{"claim": ""}',
    '{"claim": "x", "value": "1"}',
    '{"claim": "x", "field": "y", "value": 1}',
    '{"claim": "x", "odd": 1}',
    '{"claim": "x", "field": "y", "value": "about 1"}',
  ])
    assert.throws(
      () => read(t, `{"claim": "x"}\n${line}\n`),
      (error: Error & { line: string }) => /line 2: .*\{"claim": "…"/.test(error.line),
      line,
    )
  assert.throws(() => read(t, '\n'), { code: 'usage', message: /no claim/ })
})

test('should take a figure for what rounding to its digits makes of the mean', () => {
  const figure = fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 12 }))
  fc.assert(
    fc.property(figure, ([x, digits]) => {
      const fixed = x.toFixed(digits)
      assert.ok(roundsTo(x, fixed), `${x} is ${fixed}`)
      const unit = 10 ** -digits
      assert.ok(!roundsTo(Number(fixed) + 0.6 * unit, fixed) || unit < 1e-9 * Math.abs(x), `not ${fixed}`)
      assert.ok(roundsTo(x, x.toExponential(4)))
    }),
    { seed: 8, numRuns: 500 },
  )
})
