/** Outcomes of probes: read strictly from an engine, told in a few words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST_PROBES } from '../../lib/declared.ts'
import { MAX_PROBE_TEXT, outcomeWords, type ProbeOutcome, readOutcomes, succeeded } from '../../lib/probe.ts'

const DIGEST = '0f'.repeat(32)
const DONE: ProbeOutcome = {
  name: 'python',
  argv: ['python3', '--version'],
  exit: 0,
  failure: null,
  sha256: DIGEST,
  text: 'Python 3.11.2\n',
}
const LOST: ProbeOutcome = { ...DONE, exit: null, failure: 'took longer than 30 s', sha256: null, text: null }

test('should read what came of probes, and nothing that is added', () => {
  assert.deepEqual(readOutcomes([{ ...DONE, host: 'ada' }, LOST]), [DONE, LOST])
  assert.deepEqual(readOutcomes([{ ...DONE, failure: 'x' }]), [DONE])
  assert.deepEqual(readOutcomes([{ ...LOST, sha256: DIGEST, text: 'partly' }]), [LOST])
  const limit = { ...DONE, text: 'ä'.repeat(MAX_PROBE_TEXT / 2) }
  assert.deepEqual(readOutcomes([limit]), [limit])
})

test('should leave out nonsense, and what is too much', () => {
  const nonsense: unknown[] = [
    null,
    5,
    { ...DONE, name: '../x' },
    { ...DONE, argv: 'python3' },
    { ...DONE, argv: [] },
    { ...DONE, exit: 0.5 },
    { ...DONE, exit: undefined },
    { ...DONE, sha256: null },
    { ...DONE, sha256: 'F'.repeat(64) },
    { ...DONE, text: '\ud800' },
    { ...DONE, text: `${'ä'.repeat(MAX_PROBE_TEXT / 2)}x` },
    { ...DONE, text: undefined },
    { ...LOST, failure: null },
    { ...LOST, failure: 'x'.repeat(301) },
  ]
  for (const told of nonsense) assert.deepEqual(readOutcomes([told]), [], JSON.stringify(told)?.slice(0, 100))
  for (const told of [undefined, null, {}, 'x']) assert.deepEqual(readOutcomes(told), [])
  assert.equal(readOutcomes(Array.from({ length: 30 }, () => DONE)).length, MOST_PROBES)
})

test('should tell in a few words what came of it', () => {
  const cases: [Partial<ProbeOutcome>, string, boolean][] = [
    [{}, 'Python 3.11.2', true],
    [{ text: '\na\n\nb\n' }, 'a (2 lines, SHA-256 0f0f0f0f…)', true],
    [{ text: null }, 'SHA-256 0f0f0f0f0f0f0f0f…', true],
    [{ text: 'x'.repeat(101) }, `${'x'.repeat(100)}…`, true],
    [{ exit: 3, text: '' }, 'exit code 3', false],
    [{ exit: 3, text: 'no\n' }, 'exit code 3: no', false],
    [LOST, 'took longer than 30 s', false],
  ]
  for (const [changes, words, well] of cases) {
    const outcome = { ...DONE, ...changes }
    assert.deepEqual([outcomeWords(outcome), succeeded(outcome)], [words, well])
  }
})
