/** What people are told of a run that a cluster has. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { awayRows, goingWords, secondsLeft, tasksWords } from '../../lab/far-words.ts'
import type { RunState } from '../../lab/state.ts'
import type { FarRun } from '../../runners/detached/status.ts'

const FAR = {
  state: 'running',
  done: 25,
  total: 100,
  submitted: '2026-11-27T10:00:00.000Z',
  updated: '2026-11-27T10:01:00.000Z',
  reason: null,
  tasks: { running: 2, pending: 1_500, completed: 0 },
} as unknown as FarRun

test('should tell tasks by state, and the time left at the rate so far', () => {
  assert.equal(tasksWords(FAR), '2 tasks running, 1,500 pending')
  assert.equal(tasksWords({ tasks: { pending: 1 } }), '1 task pending')
  assert.equal(tasksWords({}), '')
  assert.equal(secondsLeft(FAR), 180)
  assert.equal(goingWords(FAR), '2 tasks running, 1,500 pending, about 3 min 0 s left')
  for (const more of [{ done: 0 }, { state: 'interrupted' }, { updated: '' }] as Partial<FarRun>[])
    assert.equal(secondsLeft({ ...FAR, ...more }), null)
})

test('should say with whom a run is, and what was said last', () => {
  const detached = { cluster: 'lab', runner: 'slurm:lab', there: FAR, asked: '2026-11-27T10:01:30.000Z' }
  const [row] = awayRows({ state: 'detached', detached } as unknown as RunState)
  assert.deepEqual(row, [
    'with',
    'slurm:lab: running, 2 tasks running, 1,500 pending, about 3 min 0 s left, as it said at 2026-11-27T10:01Z',
  ])
  assert.deepEqual(awayRows({ state: 'sealed', detached } as unknown as RunState), [])
})
