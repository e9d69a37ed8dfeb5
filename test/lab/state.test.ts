/** A run's state, from its record alone. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { runFolder } from '../../lab/lab.ts'
import { lockRun } from '../../lab/lock.ts'
import { type EventKind, ResultsStore } from '../../lab/results.ts'
import { comes, pointProgress, runState, runStates } from '../../lab/state.ts'
import { allChunks, documentOf, plannedRun, temporaryLab } from './run.ts'

const HISTORIES: readonly [events: readonly (EventKind | 'sealed with root')[], state: string][] = [
  [[], 'interrupted'],
  [['started'], 'interrupted'],
  [['started', 'interrupted'], 'interrupted'],
  [['started', 'cancelled'], 'cancelled'],
  [['started', 'cancelled', 'started'], 'interrupted'],
  [['started', 'incomplete'], 'incomplete'],
  [['started', 'engine-lost', 'set-aside', 'incomplete', 'cancelled'], 'cancelled'],
  [['started', 'failed'], 'failed'],
  [['started', 'sealed with root'], 'sealed'],
  [['started', 'failed', 'started', 'sealed with root', 'started'], 'sealed'],
  [['started', 'sealed'], 'sampled'],
  [['started', 'sealed with root', 'compared'], 'sealed'],
]

for (const [events, state] of HISTORIES) {
  test(`should call a run ${state} after ${events.join(', ') || 'planning alone'}`, (t) => {
    const run = plannedRun(temporaryLab(t))
    const store = ResultsStore.open(run)
    for (const event of events) {
      const body =
        event === 'sealed with root' ? { root: 'ab' } : event === 'compared' ? { verdict: 'identical' } : {}
      store.addEvent(new Date(), event === 'sealed with root' ? 'sealed' : event, body)
    }
    store.close()
    const found = runState(run)
    assert.equal(found.state, state)
    assert.equal(found.root, events.includes('sealed with root') ? 'ab' : null)
    assert.equal(found.verdict, events.includes('compared') ? 'identical' : null)
  })
}

test('should call a run running for as long as somebody has its lock', (t) => {
  const run = plannedRun(temporaryLab(t))
  const lock = lockRun(run, new Date('2026-11-23T06:00:00Z'))
  const { state, holder } = runState(run)
  lock.release()
  assert.equal(state, 'running')
  assert.deepEqual([holder?.pid, holder?.since], [process.pid, '2026-11-23T06:00:00.000Z'])
  assert.equal(runState(run).state, 'interrupted')
})

test('should go by the record where somebody has the lock of a run that nobody began anew', (t) => {
  for (const kind of ['cancelled', 'incomplete', 'failed', 'detached'] as const) {
    const run = plannedRun(temporaryLab(t))
    const store = ResultsStore.open(run)
    for (const event of ['started', kind] as const) store.addEvent(new Date(), event, {})
    const lock = lockRun(run, new Date())
    const before = runState(run)
    store.addEvent(new Date(), 'started', {})
    const after = runState(run)
    lock.release()
    store.close()
    assert.deepEqual([before.state, comes(before), after.state], [kind, true, 'running'])
  }
})

test('should count chunks, jobs and failures, and those of a sample by the sample', (t) => {
  const lab = temporaryLab(t)
  const document = documentOf({ repetitions: 5 }) // chunks of 2, 2 and 1
  const run = plannedRun(lab, { document })
  const store = ResultsStore.open(run)
  store.add(allChunks(document, 4).map((chunk) => ({ ...chunk, failed: 1 })))
  store.close()
  const { chunks, chunksDone, jobs, failedJobs, rerunOf } = runState(run)
  assert.deepEqual([chunks, chunksDone, jobs, failedJobs, rerunOf], [15, 4, 25, 4, null])
  const audit = runState(
    plannedRun(lab, { document, rerun: { run: 'x', root: 'r', sample: [2, 3, 14] } as never }),
  )
  assert.deepEqual([audit.chunks, audit.jobs, audit.rerunOf], [3, 1 + 2 + 1, 'x'])
})

test('should list a damaged run as such, among the others', (t) => {
  const lab = temporaryLab(t)
  const good = plannedRun(lab, { time: new Date(2_000_000_000_000) })
  const bad = runFolder(lab, '20200101T000000000-000000')
  mkdirSync(bad.path)
  const worse = runFolder(lab, '20210101T000000000-000000')
  mkdirSync(worse.path)
  writeFileSync(worse.results, 'x'.repeat(5000))
  const states = runStates(lab)
  assert.deepEqual(
    states.map(({ run, state }) => [run, state]),
    [
      [bad.id, 'damaged'],
      [worse.id, 'damaged'],
      [good.id, 'interrupted'],
    ],
  )
  assert.match(states[1]!.problem ?? '', /results\.sqlite cannot be read/)
})

test('should tell progress point by point', (t) => {
  const run = plannedRun(temporaryLab(t))
  const store = ResultsStore.open(run)
  t.after(() => store.close())
  const progress = pointProgress(store.plan(), [0, 2, 3, 9])
  assert.deepEqual(
    progress.map(({ point, done, chunks }) => [point, done, chunks]),
    [
      [{ a: 0 }, 1, 2],
      [{ a: 1 }, 2, 2],
      [{ a: 2 }, 0, 2],
      [{ a: 3 }, 0, 2],
      [{ a: 4 }, 1, 2],
    ],
  )
})
