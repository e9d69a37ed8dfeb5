/** `run`, `show`, `ls` and what they print: for people, for pipes and for programs. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { mean, Project } from './project.ts'

const HEX = /^[0-9a-f]{64}$/
const RUN = /^\d{8}T\d{9}-[0-9a-f]{6}$/

test('should seal a run and answer with run, experiment, root, chunks, jobs, failedJobs and manifest', async (t) => {
  const { project, run: answer } = await Project.ran(t, { 'x.ts': mean() })
  assert.match(answer.run, RUN)
  assert.match(answer.experiment, HEX)
  assert.match(answer.root, HEX)
  assert.deepEqual(
    [answer.chunks, answer.jobs, answer.failedJobs, answer.state, answer.name],
    [20, 100, 0, 'sealed', 'mean'],
  )
  assert.equal(answer.manifest, join(project.runs, answer.run, 'manifest.json'))
  const manifest = parseManifest(readFileSync(answer.manifest))
  assert.equal(manifest.results.root, answer.root)
  assert.equal(manifest.experiment.hash, answer.experiment)
  assert.equal(manifest.run.id, answer.run)
  assert.equal(manifest.run.file, 'x.ts')
  assert.ok(existsSync(join(project.lab, 'capsules', `${manifest.capsule.sha256}.mjs`)))
})

test('should tell people what it will do, what came out, and where the manifest is', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const { code, stdout, stderr } = await project.reprise('run', 'x.ts', '--engines', '2')
  assert.equal(code, 0)
  assert.match(stderr, /^mean: 5 points × 20 repetitions = 100 jobs in 20 chunks, 2 engines$/m)
  assert.match(stderr, /no commit is recorded: not in a git repository/)
  const [sealed, root, manifest, ...rest] = stdout.trimEnd().split('\n')
  assert.match(sealed!, /^sealed \S+: 100 jobs in /)
  assert.match(root!, /^root {6}[0-9a-f]{64}$/)
  assert.ok(existsSync(project.path(manifest!.replace(/^manifest +/, ''))), manifest)
  assert.deepEqual(rest, [])
})

test('should write no escape codes into a pipe, with NO_COLOR or without', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ before: 'if (repetition === 19) throw new Error("x")' }) })
  for (const env of [{}, { NO_COLOR: '1' }, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }]) {
    for (const words of [
      ['run', 'x.ts'],
      ['show', '@last'],
      ['ls'],
      ['verify', '@last'],
      ['rerun', '@last'],
      ['--nope'],
    ]) {
      const { stdout, stderr } = await project.start(words, { env }).finished
      assert.ok(!`${stdout}${stderr}`.includes('\x1b'), words.join(' '))
    }
  }
})

test('should make the lab in the nearest project folder, or where REPRISE_LAB says', async (t) => {
  const project = new Project(t, { 'deep/er/x.ts': mean() })
  const below = await project.start(['run', 'x.ts', '--json'], { cwd: project.path('deep/er') }).finished
  assert.ok(JSON.parse(below.stdout).manifest.startsWith(`${project.runs}/`))
  assert.equal(parseManifest(readFileSync(JSON.parse(below.stdout).manifest)).run.file, 'deep/er/x.ts')
  const env = { REPRISE_LAB: project.path('elsewhere') }
  const other = await project.start(['run', 'deep/er/x.ts', '--json'], { env }).finished
  assert.ok(JSON.parse(other.stdout).manifest.startsWith(`${project.path('elsewhere')}/runs/`))
  assert.equal(JSON.parse(other.stdout).root, JSON.parse(below.stdout).root)
  assert.equal(project.runNames().length, 1)
})

test('should show a run and a manifest, to people and to programs', async (t) => {
  const {
    project,
    run: { run, root, experiment, manifest },
  } = await Project.ran(t, { 'x.ts': mean() })
  const shown = await project.json(0, 'show', run)
  assert.deepEqual(
    [shown.run, shown.root, shown.experiment, shown.state, shown.chunksDone],
    [run, root, experiment, 'sealed', 20],
  )
  assert.equal(shown.plan.experiment.hash, experiment)
  assert.deepEqual(
    shown.events.map(({ kind }: { kind: string }) => kind),
    ['started', 'sealed'],
  )
  const file = await project.json(0, 'show', manifest)
  assert.deepEqual([file.run, file.results.root, file.capsule.embedded], [run, root, true])
  for (const text of [run, manifest]) {
    const { stdout, code } = await project.reprise('show', text)
    assert.equal(code, 0)
    for (const word of [
      run,
      root,
      experiment,
      'x.ts',
      '5 points × 20 repetitions = 100 jobs in 20 chunks of 5',
    ])
      assert.ok(stdout.includes(word), `${word} in ${stdout}`)
  }
})

test('should print the capsule, whole, under --capsule', async (t) => {
  const {
    project,
    run: { run, manifest },
  } = await Project.ran(t, { 'x.ts': mean() })
  const { sha256, source } = parseManifest(readFileSync(manifest)).capsule
  const kept = readFileSync(join(project.lab, 'capsules', `${sha256}.mjs`), 'utf8')
  assert.equal(source, kept)
  for (const text of [run, manifest])
    assert.equal((await project.reprise('show', text, '--capsule')).stdout, kept)
  assert.equal((await project.json(0, 'show', run, '--capsule')).source, kept)
})

test('should list runs oldest first, with reruns by their verdict', async (t) => {
  const project = new Project(t, { 'x.ts': mean(), 'y.ts': mean({ name: 'other' }) })
  const x = await project.json(0, 'run', 'x.ts')
  const y = await project.json(0, 'run', 'y.ts')
  const again = await project.json(0, 'rerun', x.run)
  const { runs } = await project.json(0, 'ls')
  assert.deepEqual(
    runs.map(({ run, experiment, name, state, root }: Record<string, string>) => [
      run,
      experiment,
      name,
      state,
      root,
    ]),
    [
      [x.run, x.experiment, 'mean', 'sealed', x.root],
      [y.run, y.experiment, 'other', 'sealed', y.root],
      [again.run, x.experiment, 'mean', 'sealed', x.root],
    ],
  )
  const lines = (await project.reprise('ls')).stdout.trimEnd().split('\n')
  assert.match(lines[1]!, /mean +sealed +20\/20 +[0-9a-f]{16}$/)
  assert.match(lines[3]!, /identical/)
})

test('should keep what jobs print in the log, and none of it on stdout', async (t) => {
  const before = 'if (repetition === 3) { console.log("printed at", point.a); log("logged", { a: point.a }) }'
  const project = new Project(t, { 'x.ts': mean({ before }) })
  const { run, root } = await project.json(0, 'run', 'x.ts')
  const log = readFileSync(join(project.runs, run, 'log.txt'), 'utf8')
  for (const a of [0, 1, 2, 3, 4]) {
    assert.match(log, new RegExp(`chunk ${4 * a} job 3 stdout: printed at ${a}$`, 'm'))
    assert.match(log, new RegExp(`chunk ${4 * a} job 3 log: logged \\{ a: ${a} \\}$`, 'm'))
  }
  project.write('y.ts', mean())
  assert.equal((await project.json(0, 'run', 'y.ts')).root, root, 'printing changes no bit')
})

test('should record the commit, and that there are changes beside it', async (t) => {
  const project = new Project(t, { 'x.ts': mean(), '.gitignore': '.reprise/\ntmp/\nhome/\n' })
  const { execFileSync } = await import('node:child_process')
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...words], {
      cwd: project.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  git('init', '-q', '-b', 'trunk')
  git('add', '.')
  git('commit', '-q', '-m', 'first')
  const clean = (await project.json(0, 'show', (await project.json(0, 'run', 'x.ts')).run)).plan.code
  const { commit, branch, dirty: changed, changes } = clean
  assert.deepEqual([commit, branch, changed, changes], [git('rev-parse', 'HEAD'), 'trunk', false, []])
  project.write('new.txt', '')
  const told = await project.reprise('run', 'x.ts')
  assert.match(told.stderr, /uncommitted changes; the record says so/)
  const dirty = (await project.json(0, 'show', '@last')).plan.code
  assert.deepEqual([dirty.dirty, dirty.changes], [true, ['?? new.txt']])
})
