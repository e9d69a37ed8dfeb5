/** `status`, `watch`, `cancel`, `resume`: a run seen and steered from another process. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerOf, eventually, mean, Project, SLOW, someDone } from './project.ts'

test('should tell how far a running run is, and by whom it is executed', async (t) => {
  const project = new Project(t, { 'x.ts': mean(SLOW) })
  const running = project.start(['run', 'x.ts', '--json', '--engines', '1'])
  const run = await project.firstRun()
  await someDone(project, run)
  const state = await project.json(0, 'status', run)
  assert.deepEqual([state.state, state.holder.pid, state.chunks], ['running', running.pid, 200])
  assert.ok(state.chunksDone > 0 && state.chunksDone < 200, `${state.chunksDone}`)
  assert.equal(state.points.length, 10)
  assert.ok(state.points[0].done > 0)
  assert.equal((await project.json(0, 'status')).runs[0].run, run)
  const { stdout } = await project.reprise('status', run)
  assert.match(
    stdout,
    new RegExp(
      `^${run} {2}mean {2}running by process ${running.pid} on \\S+, \\d+ of 200 chunks \\(\\d+ %\\)$`,
      'm',
    ),
  )
  assert.match(stdout, /^a=9 +0\/20$/m)
  answerOf(await running.finished, 0)
  assert.deepEqual((await project.json(0, 'status')).runs, [], 'what is sealed is not unfinished')
  assert.match((await project.reprise('status')).stdout, /nothing is unfinished/)
})

test('should follow a run of another process to its end', async (t) => {
  const project = new Project(t, { 'x.ts': mean(SLOW) })
  const running = project.start(['run', 'x.ts', '--json'])
  const run = await project.firstRun()
  const watching = [project.start(['watch', '--json']), project.start(['watch', run])]
  const { root } = answerOf(await running.finished, 0)
  const [json, words] = await Promise.all(watching.map(({ finished }) => finished))
  const state = answerOf(json!, 0)
  assert.deepEqual([state.run, state.state, state.root, state.chunksDone], [run, 'sealed', root, 200])
  assert.equal(words!.code, 0)
  assert.match(words!.stdout, /sealed, 200 of 200 chunks \(100 %\)/)
})

test('should end with 130 when the run that is watched was killed', async (t) => {
  const project = new Project(t, { 'x.ts': mean(SLOW) })
  const running = project.start(['run', 'x.ts'])
  const run = await project.firstRun()
  await someDone(project, run, 1)
  const watching = project.start(['watch', run, '--json'])
  await sleep(700)
  running.child.kill('SIGKILL')
  assert.equal(answerOf(await watching.finished, 130).state, 'interrupted')
})

test('should cancel a running run, keep what is done, and let it be resumed', async (t) => {
  const project = new Project(t, { 'x.ts': mean(SLOW) })
  const running = project.start(['run', 'x.ts', '--json'])
  const run = await project.firstRun()
  await someDone(project, run)
  const answer = await project.json(0, 'cancel', run)
  assert.deepEqual([answer.run, answer.state], [run, 'cancelled'])
  const ended = await running.finished
  const { state, root, manifest, chunksDone } = answerOf(ended, 130)
  assert.deepEqual([state, root, manifest], ['cancelled', null, null])
  assert.match(ended.stderr, new RegExp(`^cancelled: .* are safe\\. Go on: reprise resume ${run}$`, 'm'))
  const kept = await project.json(0, 'status', run)
  assert.equal(kept.state, 'cancelled')
  assert.ok(kept.chunksDone >= 5 && kept.chunksDone === chunksDone)
  const whole = await project.json(0, 'resume', run)
  assert.deepEqual([whole.state, whole.chunks], ['sealed', 200])
  const undisturbed = await project.json(0, 'run', 'x.ts')
  assert.equal(whole.root, undisturbed.root)
  const { run: record } = JSON.parse(readFileSync(join(project.runs, run, 'manifest.json'), 'utf8'))
  assert.equal(record.sessions.length, 2)
  assert.ok(record.sessions.every(({ ended: time }: { ended: string | null }) => time !== null))
})

test('should cancel a run that is dead, and refuse to cancel one that is finished', async (t) => {
  const project = new Project(t, { 'x.ts': mean(SLOW) })
  const running = project.start(['run', 'x.ts'])
  const run = await project.firstRun()
  await someDone(project, run, 1)
  running.child.kill('SIGKILL')
  await running.finished
  assert.equal((await project.json(0, 'status', run)).state, 'interrupted')
  const { code, stdout } = await project.reprise('cancel', run)
  assert.equal(code, 0)
  assert.match(
    stdout,
    new RegExp(`^cancelled ${run}: \\d+ of 200 chunks are kept\\. Go on: reprise resume ${run}$`, 'm'),
  )
  assert.equal((await project.json(0, 'status', run)).state, 'cancelled')
  assert.equal((await project.json(0, 'resume', run)).state, 'sealed')
  const refused = await project.reprise('cancel', run)
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /^reprise: run \S+: is finished; there is nothing to cancel\n$/)
})

test('should refuse a second process on a run, name the holder, and free the lock with kill -9', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ ...SLOW, draws: 5_000_000 }) })
  const running = project.start(['run', 'x.ts'])
  const run = await project.firstRun()
  await someDone(project, run, 1)
  const { code, stdout, stderr } = await project.reprise('resume', run)
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(
    stderr,
    new RegExp(
      `^reprise: run ${run}: is being executed by process ${running.pid} on .*reprise watch ${run}.*reprise cancel ${run}$`,
      'm',
    ),
  )
  const refused = await project.json(1, 'resume', run)
  assert.equal(refused.error.code, 'busy')
  assert.equal((await project.json(0, 'status', run)).state, 'running', 'the first goes on undisturbed')
  running.child.kill('SIGKILL')
  await running.finished
  assert.equal((await project.json(0, 'status', run)).state, 'interrupted')
  const next = project.start(['resume', run])
  for (let pid: number | undefined; pid !== next.pid; ) {
    assert.equal(next.child.exitCode, null)
    pid = (await project.json(0, 'status', run)).holder?.pid
  }
  next.child.kill('SIGKILL')
  await next.finished
})

test('should not mistake somebody who only looks for somebody who executes', async (t) => {
  const {
    project,
    run: { run, root },
  } = await Project.ran(t, { 'x.ts': mean() })
  let looking = true
  const looks = [1, 2].map(async () => {
    while (looking) assert.match((await project.json(0, 'status', run)).state, /^(sealed|running)$/)
  })
  for (let i = 0; i < 4; i++) assert.equal((await project.json(0, 'resume', run)).root, root)
  looking = false
  await Promise.all(looks)
})

test('should write the same manifest when a sealed run is resumed', async (t) => {
  const {
    project,
    run: { run, manifest },
  } = await Project.ran(t, { 'x.ts': mean() })
  const before = readFileSync(manifest)
  const told = await project.reprise('resume', run)
  assert.equal(told.code, 0)
  assert.match(told.stderr, /sealed already/)
  assert.deepEqual(readFileSync(manifest), before)
})

test('should resume a rerun as a rerun, with its verdict', async (t) => {
  const project = new Project(t, { 'x.ts': mean(SLOW) })
  const { run, root } = await project.json(0, 'run', 'x.ts')
  const rerun = project.start(['rerun', run])
  const id = await eventually('the rerun is planned', () =>
    project.runNames().find((name) => /^\d/.test(name) && name !== run),
  )
  await someDone(project, id)
  rerun.child.kill('SIGKILL')
  await rerun.finished
  const answer = await project.json(0, 'resume', id)
  assert.deepEqual(
    [answer.run, answer.verdict, answer.root, answer.chunksCompared],
    [id, 'identical', root, 200],
  )
})
