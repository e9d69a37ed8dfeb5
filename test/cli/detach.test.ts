/** `--detach`: a run that goes on by itself, seen and steered from other processes, through whatever may befall it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { eventually, MAIN, mean, Project, SLOW, someDone, supervisorsOf } from './project.ts'

const LEAVING = fileURLToPath(new URL('../../../test/cli/leaving.py', import.meta.url))

/** A hundred chunks of some 50 ms. */
const LONG = { ...SLOW, points: 5, pause: 12 }

const isAlive = (pid: number) => spawnSync('ps', ['-p', String(pid)]).status === 0

test('should go on by itself in a session of its own, unmoved by a hang-up, to the root of an attached run', async (t) => {
  const project = new Project(t, { 'x.ts': mean(LONG) })
  const answer = await project.json(0, 'run', 'x.ts', '--detach', '-e', '1')
  const { run, pid } = answer
  assert.deepEqual([answer.state, answer.root, answer.manifest, answer.chunks], ['running', null, null, 100])
  assert.ok(supervisorsOf(project.lab).includes(pid))
  const told = spawnSync('ps', ['-o', 'sid=,tty=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  assert.deepEqual(told.trim().split(/\s+/), [String(pid), '?'], 'a session of its own, and no terminal')
  process.kill(pid, 'SIGHUP')
  await someDone(project, run, 5)
  const partial = await project.start(['results', run, '--means', '--json']).finished
  assert.match(partial.stderr, /^\d+ of 400 jobs so far: the run is running\n$/)
  const { means } = JSON.parse(partial.stdout)
  assert.deepEqual([means.length, means[4].jobs, means[4].of], [5, 0, 80])
  assert.ok(means[0].jobs >= 20 && Math.abs(means[0].means.mean.mean - 0.5) < 0.01)
  assert.equal(means[0].means.mean.count, means[0].jobs)
  const note = await project.reprise('run', 'x.ts', '--engines', '1')
  assert.match(note.stderr, /^note: 1 other run of this lab has \d+ engines?$/m)
  const watched = await project.json(0, 'watch', run)
  assert.deepEqual([watched.state, watched.root], ['sealed', (await project.json(0, 'show', '@last')).root])
  const log = readFileSync(join(project.runs, run, 'log.txt'), 'utf8')
  assert.match(log, new RegExp(`^\\S+Z supervisor: process ${pid} executes the run, local, engines: 1$`, 'm'))
  assert.match(log, /supervisor: sealed\n$/)
  await eventually('the supervisor has ended', () => !isAlive(pid))
})

test('should print the id alone, and go on after its terminal is gone', async (t) => {
  if (spawnSync('python3', ['--version']).status !== 0) {
    console.error('SKIPPING a terminal that is closed: python3 is not installed')
    return t.skip('python3 is not installed')
  }
  const project = new Project(t, { 'x.ts': mean(LONG) })
  const through = ['python3', LEAVING]
  const { code, stdout } = await project.start(['run', 'x.ts', '--detach', '-e', '1'], { through }).finished
  assert.equal(code, 0)
  const run = await project.firstRun()
  assert.match(stdout, new RegExp(`^${run}\\r$`, 'm'))
  assert.equal((await project.json(0, 'status', run)).state, 'running')
  assert.equal((await project.json(0, 'watch', run)).state, 'sealed')
})

test('should be interrupted by kill -9, and end in the same root when it is resumed, detached again', async (t) => {
  const project = new Project(t, { 'x.ts': mean(LONG) })
  const { run, pid } = await project.json(0, 'run', 'x.ts', '--detach', '-e', '1')
  await someDone(project, run, 5)
  const busy = await project.json(1, 'resume', run, '--detach')
  assert.equal(busy.error.code, 'busy')
  assert.match(busy.error.message, new RegExp(`executed by process ${pid}`))
  process.kill(pid, 'SIGKILL')
  const { state, chunksDone, holder } = await eventually('the lock is free', () => {
    const answer = JSON.parse(spawnStatus(project, run))
    return answer.state !== 'running' && answer
  })
  assert.deepEqual([state, holder], ['interrupted', null])
  assert.ok(chunksDone >= 5 && chunksDone < 100)
  assert.equal((await project.json(0, 'resume', run, '--detach')).state, 'running')
  const { root } = await project.json(0, 'watch', run)
  assert.equal(root, (await project.json(0, 'run', 'x.ts')).root)
  const { run: record } = JSON.parse(readFileSync(join(project.runs, run, 'manifest.json'), 'utf8'))
  assert.equal(record.sessions.length, 2)
})

function spawnStatus(project: Project, run: string): string {
  const words = [MAIN, 'status', run, '--json']
  return spawnSync(process.execPath, words, { cwd: project.folder, encoding: 'utf8' }).stdout
}

test('should be cancelled, and refuse in the foreground what is no experiment', async (t) => {
  const project = new Project(t, { 'x.ts': mean(LONG), 'bad.ts': 'export default 1\n' })
  const bad = await project.json(2, 'run', 'bad.ts', '--detach')
  assert.equal(bad.error.code, 'invalid-experiment')
  assert.deepEqual(project.runNames(), [])
  const { run } = await project.json(0, 'run', 'x.ts', '--detach', '-e', '1')
  assert.equal((await project.json(0, 'cancel', run)).state, 'cancelled')
  const { state, holder } = await project.json(130, 'watch', run)
  assert.deepEqual([state, holder], ['cancelled', null])
})

test('should keep a run that its trial refuses, and say why to whoever looks', async (t) => {
  const project = new Project(t, {
    'x.ts': `import { experiment } from 'reprise'
export default experiment({ name: 'nothing', repetitions: 3, run: () => undefined as never })\n`,
  })
  const { run } = await project.json(0, 'run', 'x.ts', '--detach', '-e', '1')
  const { state, problem } = await project.json(2, 'watch', run)
  assert.equal(state, 'failed')
  assert.match(problem, /^nothing, chunk 0, every job of it: .*undefined/)
})

test('should compare a detached rerun before it is over', async (t) => {
  const changing = mean({ points: 2, before: 'if (process.argv.length > 99) return sum' })
  const project = new Project(t, { 'x.ts': changing })
  const { run, root } = await project.json(0, 'run', 'x.ts')
  const rerun = await project.json(0, 'rerun', run, '--detach')
  assert.notEqual(rerun.run, run)
  const { state, verdict, rerunOf, ...watched } = await project.json(0, 'watch', rerun.run)
  assert.deepEqual([state, verdict, rerunOf, watched.root], ['sealed', 'identical', run, root])
})

test('should let several runs begin at once in a new lab, each to its own root, in one ledger', async (t) => {
  const seeds = ['a', 'b', 'c', 'd']
  const files = Object.fromEntries(
    seeds.map((seed) => [`${seed}.ts`, mean({ ...SLOW, points: 2, repetitions: 40, seed })]),
  )
  const project = new Project(t, files)
  const begun = await Promise.all(
    seeds.map((seed) => project.json(0, 'run', `${seed}.ts`, '--detach', '-e', '1')),
  )
  assert.equal(new Set(begun.map(({ run }) => run)).size, seeds.length)
  const ended = await Promise.all(begun.map(({ run }) => project.json(0, 'watch', run)))
  assert.ok(ended.every(({ state }) => state === 'sealed'))
  const alone = new Project(t, files)
  for (const [i, seed] of seeds.entries())
    assert.equal(ended[i].root, (await alone.json(0, 'run', `${seed}.ts`)).root, seed)
  assert.equal((await project.json(0, 'verify', join(project.lab, 'ledger.sqlite'))).valid, true)
  for (const { run } of begun) assert.equal((await project.json(0, 'verify', run)).valid, true)
  const { entries } = await project.json(0, 'ledger')
  assert.equal(entries.filter(({ kind }: { kind: string }) => kind === 'run-sealed').length, seeds.length)
})
