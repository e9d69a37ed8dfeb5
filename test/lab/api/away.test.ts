/** Runs that a cluster has, and runs that came from elsewhere, in the hands of a program: no part is the whole, nothing is executed unasked. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { runIn } from '../../../lab/api/run.ts'
import { cancelRun, recordCancelled } from '../../../lab/cancel.ts'
import { newDetached, writeDetached } from '../../../lab/detached.ts'
import { open } from '../../../lab/index.ts'
import { type Lab, labAt, makeLab, type RunFolder, runFolder } from '../../../lab/lab.ts'
import { lockRun } from '../../../lab/lock.ts'
import { capsulePath } from '../../../lab/objects.ts'
import { type EventKind, ResultsStore } from '../../../lab/results.ts'
import { runState } from '../../../lab/state.ts'
import { supervise } from '../../../lab/supervise.ts'
import { mean } from '../../cli/project.ts'
import { isRefusal } from '../../lib/refusal.ts'
import { allChunks, documentOf, plannedRun } from '../run.ts'
import { openedLab } from './project.ts'

const MANNER = { runner: 'local', engines: 1, timeoutMs: null }

/** A run of which a cluster has all, and this lab four chunks of ten. */
function away(lab: Lab): RunFolder {
  const folder = plannedRun(lab)
  writeDetached(folder, newDetached('ssh:moon', new Date()))
  const store = ResultsStore.open(folder)
  for (const kind of ['started', 'detached'] as const) store.addEvent(new Date(), kind, {})
  store.add(allChunks(documentOf(), 4))
  store.close()
  return folder
}

async function opened(t: TestContext) {
  const { lab: api, path } = await openedLab(t, { 'x.ts': mean() })
  const lab = labAt(api.path)
  makeLab(lab)
  return { api, lab, path }
}

function kinds(folder: RunFolder): EventKind[] {
  const store = ResultsStore.open(folder)
  try {
    return store.events().map(({ kind }) => kind)
  } finally {
    store.close()
  }
}

test('should never give a part for the whole of a run that a cluster has, nor execute or cancel it behind its back', async (t) => {
  const { lab } = await opened(t)
  const folder = away(lab)
  const run = runIn(lab, folder)
  const isAway = isRefusal('busy', { subject: `run ${run.id}`, says: 'ssh:moon' })
  assert.equal(run.ready(), false)
  assert.equal((await run.wait()).state, 'detached')
  await assert.rejects(run.get(), isAway)
  const rows: unknown[] = []
  const following = async () => {
    for await (const row of run.results()) rows.push(row)
  }
  await assert.rejects(following(), isAway)
  assert.equal(rows.length, 8, 'what is here was given first')
  await assert.rejects(supervise(lab, folder, MANNER), isAway)
  await assert.rejects(run.resume(), isAway)
  await assert.rejects(cancelRun(folder), isAway)
  await assert.rejects(run.cancel(), isRefusal('not-found'), 'its cluster is not known here')
  assert.equal(runState(folder).state, 'detached')
  assert.deepEqual(kinds(folder), ['started', 'detached'])
})

test('should give up a run that somebody collects, once that has stopped, and let what ended by itself stand', async (t) => {
  const { lab } = await opened(t)
  const folder = away(lab)
  const lock = lockRun(folder, new Date(), true)
  assert.throws(() => lockRun(folder, new Date()), isRefusal('busy', { says: 'is being collected by' }))
  setTimeout(() => lock.release(), 100)
  assert.equal((await cancelRun(folder, { giveUp: true })).state, 'cancelled')
  const store = ResultsStore.open(folder)
  store.addEvent(new Date(), 'failed', { reason: 'x' })
  store.close()
  assert.equal(recordCancelled(folder, true).state, 'failed')
})

test('should refuse code from elsewhere until somebody trusts it', async (t) => {
  const { api, lab, path } = await opened(t)
  const run = await api.submit(path('x.ts'), { engines: 1 })
  const { root } = await run.wait()
  const { capsule } = JSON.parse(readFileSync(run.manifest!, 'utf8'))
  writeFileSync(`${capsulePath(lab, capsule.sha256)}.foreign`, '')
  await assert.rejects(run.rerun({ engines: 1 }), isRefusal('refused', { says: 'from elsewhere' }))
  assert.equal((await api.runs()).length, 1)
  const verdict = await run.rerun({ engines: 1, trust: true })
  assert.deepEqual([verdict.verdict, verdict.root], ['identical', root])
  const foreign = plannedRun(lab)
  const store = ResultsStore.open(foreign)
  const { sha256 } = store.plan().capsule
  store.close()
  writeFileSync(`${capsulePath(lab, sha256)}.foreign`, '')
  await assert.rejects(supervise(lab, foreign, MANNER), isRefusal('refused', { says: 'with your rights' }))
  await assert.rejects(runIn(lab, foreign).resume(), isRefusal('refused'))
  assert.deepEqual(kinds(foreign), [])
})

test('should list a damaged run among the others, and refuse what is no place; names are from the opened folder', async (t) => {
  const { api, lab } = await opened(t)
  const bad = runFolder(lab, '20200101T000000000-000000')
  mkdirSync(bad.path)
  const run = await api.submit('x.ts', { engines: 1 })
  const runs = await api.runs()
  assert.deepEqual(
    runs.map(({ id, name, progress }) => [id, name, progress.state === 'damaged']),
    [
      [bad.id, '', true],
      [run.id, 'mean', false],
    ],
  )
  await assert.rejects(runs[0]!.get(), isRefusal('not-intact'))
  for (const place of [5, undefined, '', new URL('http://localhost/x.ts')])
    await assert.rejects(api.submit(place as never), isRefusal('usage', { subject: 'submit' }))
  await assert.rejects(open(5 as never), isRefusal('usage', { subject: 'open' }))
  await assert.rejects(open('/nowhere'), isRefusal('not-found'))
  await run.wait()
})
