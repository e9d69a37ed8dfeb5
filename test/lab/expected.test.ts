/** What is to be expected elsewhere: by name, by whose Math the jobs meet, and honest where nothing was recorded. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  expectation,
  expectedNames,
  type PresentPlatform,
  type RecordedPlatform,
  type RecordedRun,
  wordsAfter,
  wordsBefore,
} from '../../lab/expected.ts'

const RECORDED = { 'Math.exp': 'e', 'Math.pow': 'p', '**': 'p', 'Math exact': 'x', 'error messages': 'm' }
const HERE: PresentPlatform = { node: 'v24.1.0', arch: 'x64', math: 'native', fingerprint: RECORDED }
const ELSEWHERE = { ...HERE, fingerprint: { ...RECORDED, 'Math.pow': 'q', '**': 'q' } }

const platform = (fingerprint?: Readonly<Record<string, string>>, node = 'v22.3.0'): RecordedPlatform => ({
  node,
  arch: 'x64',
  ...(fingerprint === undefined ? {} : { fingerprint }),
})

function recorded(
  math: 'native' | 'portable',
  ...platforms: readonly (RecordedPlatform | null)[]
): RecordedRun {
  return {
    math,
    environments: platforms.map((environment) => ({ environment })),
    sessions: [{ environment: platform() }],
  }
}

test('should say that no difference is to be expected where all that matters agrees', () => {
  const expected = expectation(recorded('native', platform(RECORDED)), HERE)
  assert.deepEqual(expectedNames(expected), [])
  assert.deepEqual(wordsBefore(expected), [
    'no difference is to be expected: recorded on Node v22.3.0, x64; here Node v24.1.0, x64; all 5 digests agree',
  ])
  const [after, ...more] = wordsAfter(expected)
  assert.match(after!, /^nothing that is known of the platforms differs: look for state/)
  assert.deepEqual(more, [])
})

test('should name what gives other bits, before a rerun and after a divergence', () => {
  const expected = expectation(recorded('native', platform(RECORDED)), ELSEWHERE)
  assert.deepEqual(expectedNames(expected), ['Math.pow', '**'])
  assert.deepEqual(wordsBefore(expected), [
    'recorded on Node v22.3.0, x64; here Node v24.1.0, x64: Math.pow and ** give other bits here',
  ])
  assert.deepEqual(wordsAfter(expected), [
    'the platform’s Math.pow and ** differ from the recorded: the likely cause',
  ])
})

test('should not count the platform’s Math where jobs meet portable Math', () => {
  const run = recorded('portable', platform({ ...RECORDED, 'Math.exp': 'portable' }))
  const expected = expectation(run, ELSEWHERE)
  assert.deepEqual(expectedNames(expected), [])
  assert.match(wordsBefore(expected).join(), /all 2 digests agree; the jobs’ Math is portable/)
  const insane = { ...ELSEWHERE, fingerprint: { ...RECORDED, 'Math exact': 'y' } }
  assert.deepEqual(expectedNames(expectation(run, insane)), ['Math exact'])
  assert.deepEqual(wordsAfter(expectation(run, insane)), [
    'the platform’s Math exact differs from the recorded: the likely cause',
  ])
})

test('should count portable Math itself where the present fingerprint is of that too', () => {
  const expected = expectation(recorded('portable', platform(RECORDED)), { ...ELSEWHERE, math: 'portable' })
  assert.deepEqual(expectedNames(expected), ['Math.pow', '**'])
})

test('should say what a difference matters to where it reaches no number', () => {
  const expected = expectation(recorded('native', platform({ ...RECORDED, 'error messages': 'n' })), HERE)
  const lines = wordsBefore(expected)
  assert.match(lines[0]!, /: error messages give other bits here$/)
  assert.match(lines[1]!, /^error messages: matters only to the recorded messages of jobs that failed/)
  assert.deepEqual(wordsAfter(expected).slice(1), lines.slice(1))
})

test('should speak of every platform of a run, once where several say the same', () => {
  const run = recorded(
    'native',
    platform(RECORDED),
    platform(ELSEWHERE.fingerprint, 'v24.0.0'),
    platform(RECORDED),
    null,
  )
  const lines = wordsBefore(expectation(run, HERE))
  assert.equal(lines.length, 2)
  assert.match(lines[0]!, /^no difference is to be expected: recorded on Node v22\.3\.0, x64;/)
  assert.match(lines[1]!, /^recorded on Node v24\.0\.0, x64; .*: Math\.pow and \*\* give other bits here$/)
})

test('should say that a record has no fingerprint, whatever else it lacks', () => {
  const old: RecordedRun = { sessions: [{ environment: platform() }] }
  for (const run of [
    old,
    recorded('native', platform()),
    recorded('native', platform({})),
    recorded('native', null),
  ]) {
    const expected = expectation(run, HERE)
    assert.equal(expectedNames(expected), null)
    assert.deepEqual(wordsBefore(expected), [
      'recorded on Node v22.3.0, x64; here Node v24.1.0, x64: no fingerprint was recorded, so which differences to expect is not known',
    ])
    assert.match(wordsAfter(expected).join(), /^the record has no fingerprint/)
  }
  const bare = expectation(recorded('native', { node: 'v20.19.0' }), HERE)
  assert.match(wordsBefore(bare)[0]!, /^recorded on Node v20\.19\.0; here/)
})

test('should tell names that only one side knows apart, and not all of many', () => {
  const { 'Math.exp': _, ...less } = RECORDED
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`later ${i}`, '0']))
  const expected = expectation(recorded('native', platform({ ...less, ...many })), HERE)
  assert.deepEqual(expectedNames(expected), [])
  const [first, second, ...rest] = wordsBefore(expected)
  assert.match(first!, /all 4 digests agree$/)
  assert.match(second!, /^not compared, since only one side knows them: Math\.exp, later 0, .* and 21 more$/)
  assert.deepEqual(rest, [])
})
