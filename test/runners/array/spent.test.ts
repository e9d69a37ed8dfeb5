/** What tasks took: counted from their beginning to their end, and on while they run; and a run that stops when it is enough. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshTask, type KnownTask } from '../../../runners/array/arrays.ts'
import { betweenMs, demandWithin, HOUR_MS, spentMs } from '../../../runners/array/spent.ts'

const task = (more: Partial<KnownTask>): KnownTask => ({ ...freshTask(0, [[0, 0]]), ...more })
const of = (...tasks: KnownTask[]) => [{ array: 1, name: 'x', tasks, handle: '1' }]
const NOW = 1_000_000

test('should count tasks that run up to now, those that are over up to their end, and none that waits', () => {
  const spending = { cores: 2, beforeMs: 500 }
  assert.equal(spentMs([], spending, NOW), 1_000)
  assert.equal(spentMs(of(task({})), spending, NOW), 1_000)
  assert.equal(spentMs(of(task({ runs: NOW - 300 })), spending, NOW), 1_600)
  assert.equal(spentMs(of(task({ runs: NOW - 300, took: 40 })), spending, NOW), 1_080)
  const over = { since: performance.now() - 100, state: 'failed' as const }
  const ended = spentMs(of(task({ runs: NOW - 300, over })), spending, NOW)
  assert.ok(ended > 1_000 && ended <= 1_400, String(ended))
  assert.equal(
    spentMs(of(task({ runs: NOW + 50 })), spending, NOW),
    1_000,
    'a clock that is ahead costs nothing',
  )
})

test('should have the time between two times of a record, and none where one is missing or both are odd', () => {
  assert.equal(betweenMs('2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.500Z'), 60_500)
  for (const [started, ended] of [
    [null, '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00Z', null],
    ['2026-01-01T00:00:01Z', '2026-01-01T00:00:00Z'],
    ['x', 'y'],
  ] as const)
    assert.equal(betweenMs(started, ended), null)
})

test('should stop what has taken more than it may, and say how to go on', () => {
  demandWithin(1e15, null)
  demandWithin(2 * HOUR_MS, 2)
  assert.throws(() => demandWithin(2.001 * HOUR_MS, 2), {
    code: 'incomplete',
    message: /^the run has taken 2(\.00)? core-hours, and may take 2$/,
    remedy: /^Resume it with --max-core-hours and more of them, or none/,
  })
})
