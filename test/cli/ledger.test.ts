/**
 * The story of a lab as its ledger tells it: runs that went well, were stopped, killed, resumed, failed or diverged,
 * reruns and audits, registrations and changes of key. Commands are real processes.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Answer, answerOf, eventually, MAIN, mean, Project, SLOW, someDone } from './project.ts'

/** What happened since the entry of this number, in words: kind, and which run. */
async function story(project: Project, about: readonly string[] = [], from = 0): Promise<string[]> {
  const { entries } = await project.json(0, 'ledger', ...about)
  return entries.filter(({ seq }: Answer) => seq >= from).map(({ kind }: Answer) => kind)
}

async function entriesOf(project: Project, kind: string): Promise<Answer[]> {
  const { entries } = await project.json(0, 'ledger')
  return entries.filter((entry: Answer) => entry.kind === kind)
}

async function assertIntact(project: Project): Promise<void> {
  const { valid, problems } = await project.json(0, 'verify', project.path('.reprise/ledger.sqlite'))
  assert.deepEqual([valid, problems], [true, []])
}

test('should tell of a run, of its rerun and of its audit, and prove the seal in its manifest', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  assert.match((await project.reprise('ledger')).stdout, /no ledger in .* yet/)
  assert.equal(existsSync(project.lab), false, 'looking makes none')
  const { run, root } = await project.json(0, 'run', 'x.ts')
  assert.deepEqual(await story(project), ['ledger-opened', 'run-started', 'run-sealed'])
  const manifest = JSON.parse(readFileSync(project.path('.reprise/runs', run, 'manifest.json'), 'utf8'))
  const [sealed] = await entriesOf(project, 'run-sealed')
  assert.deepEqual(JSON.parse(manifest.proof.entry), sealed)
  assert.deepEqual([sealed.body.run, sealed.body.root], [run, root])
  assert.deepEqual(manifest.run.earlier, { aborted: 0, reruns: 0, runs: 0, sealed: 0, unfinished: 0 })
  await project.json(0, 'rerun', run)
  await project.json(0, 'rerun', run, '--sample', '2')
  assert.deepEqual(await story(project, [], 3), [
    'run-started',
    'run-sealed',
    'rerun-identical',
    'run-started',
    'rerun-identical',
  ])
  const [whole, audit] = await entriesOf(project, 'rerun-identical')
  assert.deepEqual([whole.body.compared, whole.body.divergent, whole.body.sample], [20, 0, null])
  assert.deepEqual([audit.body.compared, audit.body.sample, audit.body.of.run], [2, 2, run])
  assert.match(audit.body.entropy, /^[0-9a-f]{64}$/)
  const { stdout } = await project.reprise('ledger')
  assert.equal(stdout.trimEnd().split('\n').length, 8)
  assert.match(stdout, new RegExp(`rerun-identical +\\S+ of ${run}: 20 of 20 chunks compared, 0 differ`))
  await assertIntact(project)
})

test('should tell of a run that was interrupted, killed, resumed, cancelled and at last sealed', async (t) => {
  const project = new Project(t, { 'x.ts': mean(SLOW) })
  const begin = async (words: string[], from: number) => {
    const running = project.start(words)
    await eventually('chunks are there', () => existsSync(project.path('.reprise/ledger.sqlite')))
    const run = await project.firstRun()
    await someDone(project, run, from + 1)
    assert.equal(running.child.exitCode, null, 'it still runs')
    return { running, run }
  }
  const first = await begin(['run', 'x.ts', '--engines', '1'], 0)
  first.running.child.kill('SIGINT')
  await first.running.finished
  const { run } = first
  assert.deepEqual(await story(project), ['ledger-opened', 'run-started', 'run-aborted'])
  const [aborted] = await entriesOf(project, 'run-aborted')
  assert.deepEqual([aborted.body.run, aborted.body.state], [run, 'interrupted'])
  const second = await begin(['resume', run, '--engines', '1'], aborted.body.chunks)
  second.running.child.kill('SIGKILL')
  await second.running.finished
  assert.deepEqual(await story(project, [], 3), ['run-resumed'], 'a killed process says no more')
  await project.json(0, 'resume', run)
  assert.deepEqual(await story(project, [], 4), ['run-resumed', 'run-sealed'])
  const { body } = (await entriesOf(project, 'run-resumed'))[0]
  assert.equal(body.missing, 200 - aborted.body.chunks)
  await project.json(0, 'resume', run)
  assert.deepEqual(await story(project, [], 4), ['run-resumed', 'run-sealed'], 'nothing was missing')
  assert.deepEqual(await story(project, [run], 1), await story(project, [], 1))
  await assertIntact(project)
})

test('should tell of runs that failed, diverged or stayed short of chunks', async (t) => {
  const bad = mean({ name: 'bad', before: "if (point.a === 3) process.kill(process.pid, 'SIGKILL')" })
  const odd = mean({ name: 'odd', fields: 'at: performance.now()' }).replace('name: ', "guard: 'off', name: ")
  const project = new Project(t, { 'bad.ts': bad, 'odd.ts': odd, 'not.ts': 'export default 5' })
  await project.reprise('run', 'not.ts')
  assert.equal(
    existsSync(project.path('.reprise/ledger.sqlite')),
    false,
    'what is no experiment is nobody’s story',
  )
  await project.json(5, 'run', 'bad.ts')
  const [short] = await entriesOf(project, 'run-aborted')
  assert.deepEqual([short.body.state, short.body.chunks], ['incomplete', 16])
  await project.json(0, 'run', 'odd.ts')
  await project.json(3, 'rerun', '@last')
  const [divergent] = await entriesOf(project, 'rerun-divergent')
  assert.deepEqual([divergent.body.compared, divergent.body.divergent], [20, 20])
  await project.json(3, 'run', 'odd.ts', '--replicate', '100%')
  const last = (await entriesOf(project, 'run-aborted')).at(-1)
  assert.equal(last.body.state, 'divergent')
  await assertIntact(project)
})

test('should count in a manifest what was run before it', async (t) => {
  const project = new Project(t, { 'x.ts': mean(), 'y.ts': mean({ name: 'other' }) })
  await project.json(0, 'run', 'y.ts')
  await project.json(0, 'run', 'x.ts')
  await project.json(0, 'rerun', '@last')
  project.write('slow.ts', mean({ draws: 5_000_000 }))
  const dead = project.start(['run', 'slow.ts'])
  await eventually('it began', () => project.runNames().length === 4)
  await eventually('it is on record', () => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, 'ledger', '--json'], {
      cwd: project.folder,
      env: { ...process.env, HOME: project.path('home'), XDG_CONFIG_HOME: '' },
    })
    return status === 0 && String(stdout).split('"run-started"').length === 5
  })
  dead.child.kill('SIGKILL')
  await dead.finished
  const { run } = await project.json(0, 'run', 'x.ts')
  const { earlier } = JSON.parse(
    readFileSync(project.path('.reprise/runs', run, 'manifest.json'), 'utf8'),
  ).run
  assert.deepEqual(earlier, { aborted: 0, reruns: 1, runs: 2, sealed: 1, unfinished: 1 })
})

test('should register an experiment once, say so of its run, and prove it in the manifest', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const first = await project.json(0, 'register', 'x.ts')
  assert.equal(first.seq, 1)
  const again = await project.json(0, 'register', 'x.ts')
  assert.deepEqual([again.seq, again.registered], [1, first.registered])
  assert.deepEqual(await story(project), ['ledger-opened', 'registered'])
  assert.deepEqual(project.runNames(), [], 'nothing was executed')
  const { run } = await project.json(0, 'run', 'x.ts')
  const path = project.path('.reprise/runs', run, 'manifest.json')
  const { registered } = JSON.parse(readFileSync(path, 'utf8')).run
  assert.deepEqual(registered, { seq: 1, time: first.registered, capsule: first.capsule })
  const { valid, checked } = await project.json(0, 'verify', path)
  assert.ok(valid && checked.includes(`registration at ${first.registered}, before the run, of this code`))
  assert.match((await project.reprise('run', 'x.ts')).stderr, /registered/)
  project.write('x.ts', mean({ draws: 101 }))
  const other = await project.reprise('run', 'x.ts')
  assert.equal(other.code, 0)
  assert.match(other.stderr, /another capsule|other capsule|capsule/, 'the same question, and other code')
  await project.json(0, 'register', 'x.ts')
  assert.equal((await entriesOf(project, 'registered')).length, 2)
})

test('should tell all of one experiment by its name, of a run by its id, and of what a note is about', async (t) => {
  const project = new Project(t, { 'x.ts': mean(), 'y.ts': mean({ name: 'other' }) })
  await project.json(0, 'register', 'y.ts')
  const { run } = await project.json(0, 'run', 'x.ts')
  await project.json(0, 'run', 'y.ts')
  await project.json(0, 'rerun', run)
  await project.json(0, 'ledger', '--note', 'nothing about anything')
  await project.json(0, 'ledger', 'other', '--note', ' the second \u001b[31m ')
  assert.deepEqual(await story(project, ['other']), ['registered', 'run-started', 'run-sealed', 'note'])
  const own = ['run-started', 'run-sealed', 'run-started', 'run-sealed', 'rerun-identical']
  assert.deepEqual(await story(project, ['mean']), own)
  assert.deepEqual(await story(project, [run]), ['run-started', 'run-sealed', 'rerun-identical'])
  assert.deepEqual(await story(project, ['nope']), [])
  const { stdout } = await project.reprise('ledger', 'other')
  assert.ok(!stdout.includes('\u001b'))
  for (const note of ['', '  ', 'x'.repeat(10_001)]) await project.json(2, 'ledger', '--note', note)
})

test('should hand on the whole ledger as a file that verify takes, and finds changed', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  await project.json(1, 'ledger', '-o', 'early.txt')
  await project.json(0, 'run', 'x.ts')
  const { key } = await project.json(0, 'key', 'show')
  await project.json(0, 'ledger', '-o', 'ledger.txt')
  const told = await project.json(0, 'verify', 'ledger.txt', '--trust', key)
  assert.deepEqual([told.valid, told.entries, told.signer], [true, 3, key])
  await project.json(1, 'ledger', '-o', 'ledger.txt')
  const text = readFileSync(project.path('ledger.txt'), 'utf8')
  project.write('changed.txt', text.replace('"jobs":100', '"jobs":101'))
  const changed = await project.json(4, 'verify', 'changed.txt')
  assert.ok(changed.problems.some(({ where }: Answer) => where === 'entry 2'))
  await project.json(0, 'ledger', '--note', 'later')
  const older = await project.json(4, 'verify', 'ledger.txt')
  assert.match(older.problems[0].what, /older copy/)
  const stranger = { HOME: project.path('tmp') }
  const strange = answerOf(
    await project.start(['verify', 'ledger.txt', '--json'], { env: stranger }).finished,
    0,
  )
  assert.ok(strange.unchecked.some((words: string) => words.includes('a key you have not trusted')))
  const { key: other } = answerOf(
    await project.start(['key', 'show', '--json'], { env: stranger }).finished,
    0,
  )
  await project.json(4, 'verify', 'ledger.txt', '--trust', other)
  project.write('keys.txt', `# mine\n\n${other}\n${key}\n`)
  await project.json(4, 'verify', 'ledger.txt', '--trust', 'keys.txt')
  answerOf(
    await project.start(['verify', 'ledger.txt', '--trust', 'keys.txt', '--json'], { env: stranger })
      .finished,
    0,
  )
})
