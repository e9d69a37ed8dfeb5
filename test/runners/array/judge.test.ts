/** What a task said at its end counts for the attempt that said it, and for no other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshTask } from '../../../runners/array/arrays.ts'
import type { TaskLook } from '../../../runners/array/engine.ts'
import { endedOf } from '../../../runners/array/judge.ts'
import type { TaskEnded } from '../../../runners/detached/told.ts'

const ENDED: TaskEnded = {
  ...{ job: 'pod-a', restarts: 0, node: 'n1', host: 'h', state: 'failed', words: null, chunks: 0 },
  ...{
    started: '2026-11-27T00:00:00.000Z',
    ended: '2026-11-27T00:01:00.000Z',
    cpuMs: null,
    maxRssBytes: null,
  },
}
const look = (more: Partial<TaskLook>): TaskLook => ({
  ...{ state: 'running', words: null, node: 'n1', job: 'pod-a', restarts: null },
  ...more,
})
const heeds = (of: TaskLook | null, ended: TaskEnded | null = ENDED) =>
  endedOf({ ...freshTask(0, [[0, 0]]), ended, look: of }) !== null

test('should heed what was said by the attempt that the scheduler tells of', () => {
  assert.equal(heeds(null), true)
  assert.equal(heeds(look({}), null), false)
  assert.equal(heeds(look({})), true)
  assert.equal(heeds(look({ restarts: 0, job: '1_0' })), true)
})

test('should not heed it once the task was started again, by count or by name', () => {
  assert.equal(heeds(look({ restarts: 1 })), false)
  assert.equal(heeds(look({ job: 'pod-b' })), false)
  assert.equal(heeds(look({ job: 'pod-b', state: 'pending', node: null })), false)
  assert.equal(heeds(look({ job: 'pod-b', state: 'failed' })), false)
  assert.equal(heeds(look({ job: 'pod-b' }), { ...ENDED, job: '' }), true, 'it did not know its name')
})

test('should heed it of a task that is over and of whose pods there is no trace', () => {
  assert.equal(heeds(look({ job: 'job-0', state: 'failed', node: null })), true)
  assert.equal(heeds(look({ job: 'job-0', state: 'ended', node: null })), true)
})
