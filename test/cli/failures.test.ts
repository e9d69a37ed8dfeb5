/** Law 7 as the user meets it: jobs that fail later in a run are recorded, told loudly, and never dropped. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mean, Project } from './project.ts'

/** One job in a hundred fails: the twentieth of each point. */
const FAILING = mean({
  points: 5,
  repetitions: 100,
  chunk: 10,
  before: "if (repetition === 20) throw new RangeError('out of luck at ' + point.a)",
})
const UNDEFINED = mean({
  points: 2,
  repetitions: 10,
  chunk: 1,
  before: 'if (repetition === 7) return undefined',
})

test('should seal a run in which jobs throw, and say so', async (t) => {
  const project = new Project(t, { 'x.ts': FAILING })
  const { code, stderr, stdout } = await project.reprise('run', 'x.ts')
  assert.equal(code, 0)
  assert.match(stdout, /^sealed /)
  assert.match(stderr, /^5 of 500 jobs failed .*reprise show /m)
})

test('should record what threw, where, and with which stack', async (t) => {
  const project = new Project(t, { 'x.ts': FAILING })
  const { failedJobs, jobs, root } = await project.json(0, 'run', 'x.ts')
  assert.deepEqual([failedJobs, jobs], [5, 500])
  const shown = await project.reprise('show', '@last')
  assert.match(shown.stdout, /failed: chunk 2, job 0\n +RangeError: out of luck at 0\n +at /)
  const show = await project.json(0, 'show', '@last')
  assert.equal(show.failedJobs, 5)
  assert.equal(show.manifest.run.counts.failedJobs, 5)
  const rows = (await project.reprise('results', '@last')).stdout.trimEnd().split('\n')
  const failed = rows.map((row) => JSON.parse(row)).filter((row) => 'error' in row)
  assert.equal(rows.length, 500)
  assert.deepEqual(
    failed.map(({ point, repetition, error, result }) => ({ point, repetition, error, result })),
    [0, 1, 2, 3, 4].map((a) => ({
      point: { a },
      repetition: 20,
      error: { name: 'RangeError', message: `out of luck at ${a}` },
      result: undefined,
    })),
  )
  const csv = (await project.reprise('results', '@last', '--format', 'csv')).stdout
  assert.equal(csv.match(/RangeError: out of luck at/g)?.length, 5)
  assert.match((await project.reprise('ls')).stdout, /5 failed/)
  assert.equal((await project.json(0, 'verify', '@last')).valid, true)
  const rerun = await project.json(0, 'rerun', '@last')
  assert.deepEqual([rerun.verdict, rerun.root], ['identical', root])
})

test('should record a later return that is no value as that job’s failure', async (t) => {
  const project = new Project(t, { 'x.ts': UNDEFINED })
  const { failedJobs } = await project.json(0, 'run', 'x.ts', '--engines', '1')
  assert.equal(failedJobs, 2)
  const rows = (await project.reprise('results', '@last')).stdout.trimEnd().split('\n')
  const failed = rows.map((row) => JSON.parse(row)).filter((row) => 'error' in row)
  assert.equal(failed.length, 2)
  for (const { repetition, error } of failed) {
    assert.equal(repetition, 7)
    assert.equal(error.name, 'InvalidResult')
    assert.match(error.message, /result is undefined/)
  }
})

test('should fail every job of a chunk whose setup fails, and no other', async (t) => {
  const source = `import { experiment } from 'reprise'
export default experiment({ name: 'setup', parameters: { a: [1, 2, 3] }, repetitions: 4, chunk: 2,
  setup({ point }) { if (point.a === 2) throw new Error('no network'); return point.a },
  run: ({ setup }) => setup })
`
  const project = new Project(t, { 'x.ts': source })
  assert.equal((await project.json(0, 'run', 'x.ts')).failedJobs, 4)
})

test('should set aside a chunk that ends its engine, end with 5, and finish it with resume once it can be', async (t) => {
  const source = mean({
    before: `if (point.a === 3 && repetition === 0 && !(process.getBuiltinModule('fs').existsSync(process.env.HOME + '/mended'))) process.kill(process.pid, 'SIGKILL')`,
  })
  const project = new Project(t, { 'x.ts': source })
  const told = await project.reprise('run', 'x.ts', '--engines', '2')
  assert.equal(told.code, 5, told.stderr)
  assert.match(told.stderr, /engine \d+ was lost \(killed by SIGKILL\)/)
  assert.match(told.stderr, /chunk 12 is set aside/)
  assert.match(told.stderr, /incomplete: 19 chunks of 20 are safe.*reprise resume /)
  const { state, chunksDone, root } = (await project.json(0, 'ls')).runs[0]
  assert.deepEqual([state, chunksDone, root], ['incomplete', 19, null])
  const again = await project.json(5, 'resume', '@last')
  assert.equal(again.state, 'incomplete')
  assert.equal((await project.json(5, 'verify', '@last')).error.code, 'incomplete')
  assert.equal((await project.reprise('watch', '@last')).code, 5)
  project.write('home/mended', '')
  const whole = await project.json(0, 'resume', '@last')
  project.write('y.ts', mean())
  assert.equal(whole.root, (await project.json(0, 'run', 'y.ts')).root)
})

test('should replace an engine that hangs in a job, and set the chunk aside', async (t) => {
  const project = new Project(t, {
    'x.ts': mean({ before: 'if (point.a === 3 && repetition === 0) for (;;);' }),
  })
  const started = performance.now()
  const { code, stderr } = await project.reprise('run', 'x.ts', '--timeout', '0.5')
  assert.equal(code, 5, stderr)
  assert.match(stderr, /a job took longer than 0\.5 s/)
  assert.ok(performance.now() - started < 60_000)
})

test('should end with 1 when engines cannot be started at all', async (t) => {
  const source = `${mean()}\nif (process.getBuiltinModule('fs').existsSync(process.env.HOME + '/broken')) process.exit(7)\n`
  const project = new Project(t, { 'x.ts': source })
  await project.json(0, 'run', 'x.ts')
  project.write('home/broken', '')
  const { code, stdout, stderr } = await project.reprise('rerun', '@last')
  assert.equal(code, 1, stderr)
  assert.equal(stdout, '')
  assert.match(
    stderr.trimEnd().split('\n').at(-1)!,
    /^reprise: engine: engines cannot be started: exit code 7.*log/,
  )
  assert.equal((await project.json(0, 'ls')).runs.at(-1).state, 'failed')
})

test('should keep a run whose engines die with words that are no text', async (t) => {
  const poison = `if (repetition === 39) await Promise.reject(new Error('😀'.slice(0, 1)))
    if (repetition === 39) return 0`
  const source = mean({ points: 1, repetitions: 40, chunk: 1, before: 'POISON' })
    .replace('run({', 'async run({')
    .replace('POISON', poison.replace('await ', 'void '))
    .replace('return 0', 'await new Promise((resolve) => setTimeout(resolve, 5_000))')
  const project = new Project(t, { 'x.ts': source })
  const { code, stderr } = await project.reprise('run', 'x.ts')
  assert.equal(code, 5, stderr)
  assert.match(stderr, /39 chunks of 40 are safe; set aside: chunk 39/)
  const { runs } = await project.json(0, 'ls')
  assert.deepEqual([runs.length, runs[0].chunksDone], [1, 39])
})

test('should say where the programs of a failed job are not, and not where they lie', async (t) => {
  const source = `import { command } from 'reprise'
export default command({ name: 'lost', program: 'node', arguments: ['missing.mjs'], repetitions: 2 })
`
  const project = new Project(t, { 'x.ts': source })
  assert.equal((await project.reprise('run', 'x.ts')).code, 0)
  const rows = (await project.reprise('results', '@last')).stdout
  assert.doesNotMatch(rows, /reprise-(engines|program)/)
  assert.equal((await project.json(0, 'rerun', '@last')).verdict, 'identical')
})
