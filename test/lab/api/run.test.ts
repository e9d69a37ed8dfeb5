/** Runs in the hands of a program: submitted, followed, collected, stopped, taken up again, executed again. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import type { JobRow, Run } from '../../../lab/index.ts'
import { mean, SLOW } from '../../cli/project.ts'
import { isRefusal } from '../../lib/refusal.ts'
import { openedLab } from './project.ts'

type Row = JobRow<{ a: number }, { mean: number }>

async function taken<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

const inOrder = (rows: readonly Row[]) =>
  [...rows].sort((a, b) => a.chunk - b.chunk || a.repetition - b.repetition)

/** Waits until something of a run is durable. */
async function begun(run: Run, least = 1): Promise<void> {
  while (run.progress.chunksDone < least) await run.wait({ timeout: 0.05 })
}

test('should submit a run, give its rows as they come in either order, and all of them at its end', async (t) => {
  const { lab, folder, path } = await openedLab(t, { 'x.ts': mean({ ...SLOW, points: 4, pause: 12 }) })
  const run = await lab.submit(path('x.ts'), { engines: 2 })
  assert.deepEqual([run.ready(), run.root, run.manifest, run.progress.state], [false, null, null, 'running'])
  assert.equal((await run.wait({ timeout: 0.01 })).state, 'running')
  const early = await taken(run.results({ follow: false }))
  assert.ok(early.length < 320, 'a look at what is there')
  const [coming, byJob] = (await Promise.all([
    taken(run.results({ order: 'completion' })),
    taken(run.results()),
  ])) as [Row[], Row[]]
  const all = (await run.get()) as Row[]
  assert.equal(all.length, 320)
  assert.deepEqual(byJob, all)
  assert.deepEqual(inOrder(coming), all)
  assert.deepEqual([all[81]!.point, all[81]!.repetition, all[81]!.error], [{ a: 1 }, 1, undefined])
  assert.ok(Math.abs(all[81]!.result!.mean - 1.5) < 0.1)
  const { state, jobsDone, failedJobs, holder } = run.progress
  assert.deepEqual([run.ready(), state, jobsDone, failedJobs, holder], [true, 'sealed', 320, 0, null])
  assert.match(run.root!, /^[0-9a-f]{64}$/)
  assert.ok(existsSync(run.manifest!))
  // Another process has but the id.
  const script = `import { open } from 'reprise'
const run = await (await open()).attach(${JSON.stringify(run.id.slice(0, -2))})
console.log(JSON.stringify([run.id, run.experiment, run.root, (await run.get()).length]))`
  const words = ['--input-type=module', '--eval', script]
  const other = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' })
  assert.deepEqual(JSON.parse(other.stdout || other.stderr), [run.id, run.experiment, run.root, 320])
  const verdict = await run.rerun({ sample: 3, engines: 1 })
  assert.deepEqual([verdict.verdict, verdict.chunksCompared], ['identical', 3])
  assert.deepEqual(
    (await lab.runs()).map(({ id }) => id),
    [run.id, verdict.run],
  )
})

test('should end with what stopped a run, after the rows that are there, and go on when it is resumed', async (t) => {
  const { lab, path } = await openedLab(t, { 'x.ts': mean({ ...SLOW, points: 4, pause: 12 }) })
  const run = await lab.submit(path('x.ts'), { engines: 1 })
  await begun(run, 3)
  const rows: unknown[] = []
  const following = (async () => {
    for await (const row of run.results({ order: 'completion' })) rows.push(row)
  })()
  const waiting = run.get()
  const wanted = isRefusal('interrupted', { subject: `run ${run.id}`, says: 'was cancelled' })
  const refusals = [assert.rejects(following, wanted), assert.rejects(waiting, wanted)]
  assert.equal((await run.cancel()).state, 'cancelled')
  await Promise.all(refusals)
  assert.equal(rows.length, run.progress.jobsDone)
  assert.ok(rows.length >= 12 && rows.length < 320)
  await run.resume({ engines: 2 })
  assert.equal((await run.get()).length, 320)
  await assert.rejects(run.cancel(), isRefusal('usage', { says: 'is finished' }))
})

test('should throw what made a run fail, and refuse before anything is planned what is no experiment or no option', async (t) => {
  const { lab, path } = await openedLab(t, {
    'x.ts': mean(),
    'bad.ts': 'export default 1\n',
    'open.ts': `import { experiment, open } from 'reprise'
export default experiment({ name: 'open', run: () => typeof open })\n`,
    'nothing.ts': `import { experiment } from 'reprise'
export default experiment({ name: 'nothing', repetitions: 3, run: () => undefined as never })\n`,
    'fails.ts': `import { experiment } from 'reprise'
export default experiment({ name: 'fails', repetitions: 2, chunk: 2, run({ repetition }) {
  if (repetition === 1) throw new RangeError('one')
  return [NaN, 2n] } })\n`,
  })
  await assert.rejects(lab.submit(path('bad.ts')), isRefusal('invalid-experiment', { subject: 'bad.ts' }))
  await assert.rejects(lab.submit(path('open.ts')), isRefusal('capsule', { says: 'import "open"' }))
  await assert.rejects(lab.submit(path('none.ts')), isRefusal('not-found'))
  await assert.rejects(
    lab.submit(path('x.ts'), { engine: 2 } as never),
    isRefusal('usage', { subject: 'engine' }),
  )
  await assert.rejects(lab.submit(path('x.ts'), { engines: 0 }), isRefusal('usage', { subject: 'engines' }))
  await assert.rejects(lab.submit(path('x.ts'), { timeout: -1 }), isRefusal('usage', { subject: 'timeout' }))
  await assert.rejects(
    lab.submit(path('x.ts'), { replicate: 'x' }),
    isRefusal('usage', { subject: 'replicate' }),
  )
  await assert.rejects(lab.submit(path('x.ts'), { runner: 'moon' }), isRefusal('usage'))
  await assert.rejects(lab.attach('2026'), isRefusal('not-found'))
  assert.deepEqual(await lab.runs(), [])
  const nothing = await lab.submit(path('nothing.ts'))
  await assert.rejects(nothing.get(), isRefusal('invalid-result', { says: 'undefined' }))
  assert.equal(nothing.progress.state, 'failed')
  const rows = await (await lab.submit(path('fails.ts'))).get()
  assert.deepEqual(
    rows.map(({ result, error }) => result ?? error),
    [[Number.NaN, 2n], { name: 'RangeError', message: 'one' }],
  )
})
