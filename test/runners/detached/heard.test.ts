/** A head that is hostile, or of a later version, is refused in words; it brings nobody down. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import { answerOf, farRunOf, isAnswer } from '../../../runners/detached/heard.ts'

const SOUND = {
  run: '20260101T000000000-abcdef',
  name: 'n',
  state: 'done',
  submitted: '',
  updated: '',
  done: 1,
  total: 1,
  failedJobs: 0,
  hosts: { a: '2 engines' },
  reason: null,
}

test('should take a state of a run only where it is one, in words of one line', () => {
  assert.deepEqual(farRunOf(SOUND), SOUND)
  const more = { maxCoreHours: 0.5, elsewhere: ['0123456789abcdef'], released: true } as const
  assert.deepEqual(farRunOf({ ...SOUND, ...more }), { ...SOUND, ...more })
  const long = farRunOf({ ...SOUND, reason: `a\n\u001b[32mb${'x'.repeat(10_000)}`, more: 1 })
  assert.match(long.reason!, /^a \[32mbx+$/)
  assert.equal(long.reason!.length < 5_000 && !('more' in long), true)
  const { hosts: _, ...none } = SOUND
  for (const odd of [
    null,
    5,
    [],
    none,
    { ...SOUND, state: 'sealed' },
    { ...SOUND, done: -5 },
    { ...SOUND, total: 0.5 },
    { ...SOUND, hosts: null },
    { ...SOUND, hosts: [] },
    { ...SOUND, reason: 5 },
    { ...SOUND, run: '../x' },
    { ...SOUND, maxCoreHours: -1 },
    { ...SOUND, maxCoreHours: '5' },
    { ...SOUND, elsewhere: 'x' },
    { ...SOUND, elsewhere: ['../x'] },
  ])
    assert.throws(() => farRunOf(odd), isNotIntact, JSON.stringify(odd))
})

test('should tell an answer from an error, and both from what is neither', () => {
  assert.equal(answerOf('{"answer":5}'), 5)
  for (const odd of ['', 'x', 'null', '5', '[]', '{"error":null}', '{"error":5}'])
    assert.throws(() => answerOf(odd), isNotIntact, odd)
  const no = JSON.stringify({ error: { code: 'odd', message: 'a\nb', subject: 5 } })
  assert.throws(
    () => answerOf(no),
    (error) =>
      error instanceof RepriseError && error.line === 'a b' && error.code === 'engine' && isAnswer(error),
  )
})

function isNotIntact(error: unknown): boolean {
  return error instanceof RepriseError && error.code === 'not-intact' && !isAnswer(error)
}

test('should take counts of tasks in states that it knows, and refuse what are none', () => {
  const told = farRunOf({ ...SOUND, tasks: { running: 3, pending: 0, 'of-later-versions': 'x' } })
  assert.deepEqual(told.tasks, { running: 3, pending: 0 })
  assert.equal('tasks' in farRunOf(SOUND), false)
  for (const tasks of [null, [], 'x', { running: -1 }, { running: '3' }, { running: 1.5 }])
    assert.throws(() => farRunOf({ ...SOUND, tasks }), /no state of a run/)
})

test('should take how much time of cores was spent, and that a run may go, and refuse what is no time', () => {
  const told = farRunOf({ ...SOUND, coreMs: 1.5, released: true })
  assert.deepEqual([told.coreMs, told.released], [1.5, true])
  assert.equal('released' in farRunOf({ ...SOUND, released: 'yes' }), false)
  for (const coreMs of [null, -1, '1', Number.NaN, 2 ** 60])
    assert.throws(() => farRunOf({ ...SOUND, coreMs }), /no state of a run/)
})
