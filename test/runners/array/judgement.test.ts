/** Whom to blame for what a task left behind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blameOf } from '../../../runners/array/judgement.ts'
import type { TaskEnded } from '../../../runners/detached/told.ts'

function ended(state: TaskEnded['state'], words: string | null): TaskEnded {
  const times = { started: '2026-11-27T00:00:00.000Z', ended: '2026-11-27T00:01:00.000Z' }
  return {
    job: '1_0',
    restarts: 0,
    node: 'n1',
    host: 'h',
    ...times,
    state,
    words,
    cpuMs: 1,
    maxRssBytes: 1,
    chunks: 0,
  }
}

test('should blame its size for a task that was told that its time was nearly up, and nobody for one that was sent away', () => {
  assert.equal(blameOf('failed', ended('stopped', 'it was sent SIGUSR1')), 'size')
  assert.equal(blameOf('timeout', null), 'size')
  assert.equal(blameOf('failed', ended('stopped', 'it was sent SIGTERM')), 'nobody')
  assert.equal(blameOf('node-fail', null), 'nobody')
  assert.equal(blameOf('failed', ended('failed', 'no Node')), 'task')
  assert.equal(blameOf('completed', null), 'task')
})
