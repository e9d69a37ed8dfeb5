/** `plan` as it is typed: what it says, how it ends, and that nothing of it is left. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, mean, Project } from './project.ts'

/** Every file and folder below, with the SHA-256 of what is in it. */
function tree(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        const content = entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '/'
        return [path, content] as const
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

test('should say what a run would take, in rows and in one object', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const answer = await project.json(0, 'plan', 'x.ts', '--engines', '4')
  const { name, runner, points, repetitions, jobs, chunks, engines, tasks } = answer
  assert.deepEqual(
    { name, runner, points, repetitions, jobs, chunks, engines, tasks },
    {
      name: 'mean',
      runner: 'local',
      points: 5,
      repetitions: 20,
      jobs: 100,
      chunks: 20,
      engines: 4,
      tasks: null,
    },
  )
  assert.match(answer.experiment, /^[0-9a-f]{64}$/)
  assert.equal(answer.pilot.chunks.length, 20, 'short chunks: all of them')
  assert.equal(answer.pilot.jobsEach, 5)
  assert.ok(answer.wallMs > 0 && answer.coreMs >= answer.wallMs)
  const sizes: number[] = answer.pilot.chunks.map(({ bytes }: { bytes: number }) => bytes)
  assert.equal(
    answer.bytes.results,
    sizes.reduce((sum, size) => sum + size),
  )
  assert.equal(answer.bytes.largestChunk, Math.max(...sizes))
  assert.deepEqual(answer.notes, [], 'nothing is extrapolated')

  const { code, stdout, stderr } = await project.reprise('plan', 'x.ts')
  assert.equal(code, 0, stderr)
  const [experiment, pilot, local, move, keep, ...more] = stdout.trimEnd().split('\n')
  assert.equal(experiment, 'experiment  mean: 5 points × 20 repetitions = 100 jobs in 20 chunks')
  assert.match(pilot!, /^pilot {7}20 chunks of 20 here: .* a chunk.*, \d+ bytes each, .* to start an engine$/)
  assert.match(local!, /^local {7}about .* by \d+ engines?, about .*core-/)
  assert.equal(move, 'to move     nothing: engines are here')
  assert.match(
    keep!,
    /^to keep {5}about .* in the lab, .* of it results; the largest chunk seen is \d+ bytes$/,
  )
  assert.deepEqual(more, [])
  assert.match(stderr, /^a pilot of 3 chunks or more, for at most 30 s …\n$/)
})

test('should say what a run of the same takes that is done then', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const planned = await project.json(0, 'plan', 'x.ts')
  const made = await project.json(0, 'run', 'x.ts')
  assert.equal(planned.experiment, made.experiment)
  assert.deepEqual([planned.jobs, planned.chunks], [made.jobs, made.chunks])
})

test('should leave nothing behind: no lab where none was, and every file of one that was as it was', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  await project.json(0, 'plan', 'x.ts')
  assert.ok(!existsSync(project.lab))
  await project.json(0, 'run', 'x.ts', '--engines', '1')
  const before = tree(project.folder)
  project.write('y.ts', mean({ name: 'another', points: 3 }))
  const withSource = tree(project.folder)
  assert.notDeepEqual(withSource, before, 'a change would be seen')
  await project.json(0, 'plan', 'y.ts', '--pilot', '2')
  assert.deepEqual(tree(project.folder), withSource)
  assert.deepEqual(readdirSync(project.path('tmp')), [])
})

test('should say what it cannot know of a slow experiment in the time that it has', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ before: 'for (;;);' }) })
  const answer = await project.json(0, 'plan', 'x.ts', '--pilot-time', '6')
  assert.equal(answer.chunkTime.atLeast, true)
  assert.deepEqual(answer.pilot.chunks, [])
  assert.deepEqual(answer.pilot.unfinished.chunk, 0)
  assert.match(
    answer.notes[0],
    /^no chunk was done within 6\.0 s, nor one job of it: all times are lower bounds/,
  )
  const short = await project.reprise('plan', 'x.ts', '--pilot-time', '0.001')
  assert.equal(short.code, 0)
  assert.match(short.stdout, /^pilot {7}no chunk was begun in the time that it had$/m)
  assert.match(short.stdout, /^note: no chunk was begun within 1 ms, .*--pilot-time$/m)
  assert.deepEqual(readdirSync(project.path('tmp')), [])
})

test('should end with 1 where every job fails, with 2 where it is no experiment, with 5 where chunks cannot be executed', async (t) => {
  const project = new Project(t, {
    'fails.ts': mean({ before: "throw new Error('never')" }),
    'dates.ts': mean({ fields: 'at: new Date(0)' }),
    'wrong.ts': mean({ repetitions: -1 }),
    'exits.ts': mean({ before: 'if (point.a === 4) process.exit(1)' }),
    'some.ts': mean({ before: "if (repetition === 0) throw new Error('once')" }),
  })
  const failed = await project.json(1, 'plan', 'fails.ts')
  assert.equal(failed.error.code, 'refused')
  assert.match(failed.error.message, /Error: never/)
  assert.equal((await project.json(2, 'plan', 'dates.ts')).error.code, 'invalid-result')
  assert.equal((await project.json(2, 'plan', 'wrong.ts')).error.code, 'invalid-experiment')
  assert.equal((await project.json(1, 'plan', 'nope.ts')).error.code, 'not-found')
  assert.equal((await project.json(2, 'plan', 'some.ts', '--runner', 'nope')).error.code, 'usage')
  const aside = await project.json(5, 'plan', 'exits.ts')
  assert.match(aside.notes[0], /^chunk 19 could not be executed: /)
  const some = await project.json(0, 'plan', 'some.ts')
  assert.match(some.notes[0], /^5 jobs of 100 failed, the first with Error: once$/)
  assert.ok(!existsSync(project.lab))
  assert.deepEqual(readdirSync(project.path('tmp')), [])
})

test('should leave nothing when it is interrupted, and end with 130', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ before: 'for (;;);' }) })
  const before = tree(project.folder)
  const { child, finished } = project.start(['plan', 'x.ts', '--json'])
  await eventually('an engine has begun', () =>
    readdirSync(project.path('tmp'), { recursive: true }).some((name) => /engine-\w+$/.test(String(name))),
  )
  child.kill('SIGINT')
  const { code, stdout } = await finished
  assert.equal(code, 130)
  assert.equal(JSON.parse(stdout).error.code, 'interrupted')
  assert.deepEqual(tree(project.folder), before)
})

test('should plan the tasks of a scheduler without asking it', async (t) => {
  const waiting = 'const end = Date.now() + 300; while (Date.now() < end);'
  const slurm = { kind: 'slurm', cpus: 2, memory: '1M', time: '1', maxTasks: 50 }
  const project = new Project(t, {
    'x.ts': mean({ points: 2_002, repetitions: 1, chunk: 1, before: waiting }),
    'reprise.config.json': JSON.stringify({ clusters: { lab: slurm } }),
  })
  const words = ['plan', 'x.ts', '--runner', 'slurm:lab', '--task-time', '0.3', '--pilot', '2']
  const { tasks, engines, notes, chunkTime } = await project.json(0, ...words)
  const { count, chunksEach, enginesEach, cpusEach, atOnce, arrays } = tasks
  assert.deepEqual(
    { engines, count, chunksEach, enginesEach, cpusEach, atOnce, arrays },
    { engines: 2, count: 1_001, chunksEach: 2, enginesEach: 2, cpusEach: 2, atOnce: 50, arrays: 1 },
  )
  assert.ok(tasks.wallMs === 21 * tasks.ms && tasks.ms > chunkTime.meanMs)
  if (process.platform === 'linux')
    assert.match(notes[0], /^the engines need about .* together, and a task is given 1\.0 MB$/)
  const { code, stdout, stderr } = await project.reprise(...words, '--engines', '4')
  assert.equal(code, 0, stderr)
  assert.match(
    stdout,
    /^slurm:lab {3}1,001 tasks of about .*, each of 2 chunks by 2 engines on 2 CPUs\n {12}about .*, 2 tasks at once, and the time in the queue, which nobody knows before; about .* core-minutes$/m,
  )
  assert.match(stdout, /^to move {5}capsule .* into the folder that the nodes see; back about /m)
  assert.match(stdout, /^note: a chunk takes longer than a task should \(300 ms\)/m)
  assert.equal((await project.json(2, 'plan', 'x.ts', '--task-time', '60')).error.code, 'usage')
  assert.equal((await project.json(2, 'plan', 'x.ts', '--runner', 'ssh:lab')).error.code, 'usage')
})

test('should plan for the hosts of a cluster without connecting to any', async (t) => {
  const hosts = [{ host: 'n1.invalid', engines: 8 }, { host: 'n2.invalid' }]
  const project = new Project(t, {
    'x.ts': mean({ points: 400 }),
    'reprise.config.json': JSON.stringify({ clusters: { lab: { kind: 'ssh', hosts } } }),
  })
  const { code, stdout, stderr } = await project.reprise(
    'plan',
    'x.ts',
    '--runner',
    'ssh:lab',
    '--pilot',
    '2',
  )
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^ssh:lab {5}about .* by 9 engines, about /m)
  assert.match(
    stdout,
    /^to move {5}capsule .*, Reprise’s program .* to each of 2 hosts that has it not yet; back about /m,
  )
  assert.match(stdout, /^note: how many engines there are on n2\.invalid is not known/m)
  assert.match(stdout, /^note: extrapolated from .* chunks of 1,600, on a core of this machine/m)
  assert.equal((await project.json(1, 'plan', 'x.ts', '--runner', 'ssh:other')).error.code, 'not-found')
})
