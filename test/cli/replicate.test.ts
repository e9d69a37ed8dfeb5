/** `--replicate`: what it tells, what it refuses, and that its replicas survive sudden death like chunks do. */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { eventually, mean, Project } from './project.ts'

const EXAMPLE = fileURLToPath(new URL('../../../examples/manifests/factorial.json', import.meta.url))

test('should tell how many chunks were executed twice, and what that proves', async (t) => {
  const { project, run: plain } = await Project.ran(t, { 'x.ts': mean() })
  assert.equal('replicated' in plain, false)
  const { code, stdout, stderr } = await project.reprise('run', 'x.ts', '--replicate', '20%')
  assert.equal(code, 0)
  assert.match(stderr, /^executing 4 chunks a second time on fresh engines$/m)
  const told =
    /4 of 20 chunks on other engines: identical \(all of the same environment\): with 95 % confidence/
  assert.match(stdout, new RegExp(`^replicated ${told.source}`, 'm'))
  const answer = await project.json(0, 'run', 'x.ts', '--replicate', '3')
  const { chunks, identical, elsewhere, entropy } = answer.replicated
  assert.deepEqual([answer.root, chunks, identical, elsewhere], [plain.root, 3, true, 0])
  assert.match(entropy, /^[0-9a-f]{64}$/)
  for (const text of [answer.run, answer.manifest]) {
    const shown = (await project.reprise('show', text)).stdout
    assert.match(shown, /^replicated +3 of 20 chunks on other engines: identical/m)
    assert.match(shown, new RegExp(`^executed .*Node ${process.version}`, 'm'))
  }
  assert.deepEqual((await project.json(0, 'show', answer.manifest)).record.replicated, answer.replicated)
  assert.equal((await project.json(0, 'verify', answer.run)).valid, true)
})

test('should end with 3 and seal nothing when a chunk gives other bits', async (t) => {
  const source = mean({ before: 'sum += before++' }).replace(
    'export default',
    'let before = 0\nexport default',
  )
  const project = new Project(t, { 'x.ts': source })
  const { error } = await project.json(3, 'run', 'x.ts', '--replicate', '10%', '--engines', '1')
  assert.equal(error.code, 'divergent')
  assert.match(error.subject, /^chunk \d+ at \{"a":\d\}, job 0 \(repetition \d+\), result\.mean$/)
  assert.match(error.message, /leaves [0-9a-f]{64} and [0-9a-f]{64}; 2 of 2 replicated chunks differ/)
  const [run] = project.runNames()
  assert.equal(existsSync(join(project.runs, run!, 'manifest.json')), false)
  const again = await project.reprise('resume', run!)
  assert.equal(again.code, 3)
  assert.match(again.stderr, /0 of 20 chunks, 0 of 2 replicas are missing/)
  assert.match((await project.reprise('show', run!)).stdout, /failed .*executed twice, it gave/)
})

test('should refuse what is no share, and plan nothing', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  for (const share of ['0', '0%', '101%', '-1', 'some', '1.5', '']) {
    const { error } = await project.json(2, 'run', 'x.ts', '--replicate', share)
    assert.deepEqual([error.code, error.subject], ['usage', '--replicate'], share)
  }
  assert.deepEqual(project.runNames(), [])
})

test('should replicate in a rerun and in an audit as well', async (t) => {
  const {
    project,
    run: { run },
  } = await Project.ran(t, { 'x.ts': mean() })
  const whole = await project.reprise('rerun', run, '--replicate', '2')
  assert.equal(whole.code, 0)
  assert.match(whole.stdout, /^replicated 2 of 20 chunks/m)
  const audit = await project.reprise('rerun', run, '--sample', '10', '--replicate', '50%')
  assert.equal(audit.code, 0)
  assert.match(audit.stdout, /^replicated 5 of 10 chunks/m)
})

test('should rerun and replicate a capsule of version 0.1, whose engines tell only their Node', async (t) => {
  const project = new Project(t)
  copyFileSync(EXAMPLE, project.path('old.json'))
  const answer = await project.json(0, 'rerun', 'old.json', '--yes', '--replicate', '2')
  assert.equal(answer.verdict, 'identical')
  const { run } = parseManifest(readFileSync(join(project.runs, answer.run, 'manifest.json')))
  assert.deepEqual(
    run.environments?.map(({ environment }) => environment),
    [{ node: process.version }],
  )
  assert.equal(run.replicated?.chunks, 2)
})

/** Replicas that are durable so far. */
function replicasIn(project: Project, run: string): number {
  const database = new DatabaseSync(join(project.runs, run, 'results.sqlite'), { readOnly: true })
  try {
    return (database.prepare('SELECT count(*) AS n FROM replicas').get() as { n: number }).n
  } finally {
    database.close()
  }
}

test('should seal with the same root after a kill in the middle of the replicas', async (t) => {
  const source = mean({ points: 5, repetitions: 40, chunk: 4, draws: 200_000 })
  const project = new Project(t, { 'x.ts': source })
  const { root } = await project.json(0, 'run', 'x.ts')
  for (const [signal, code] of [
    ['SIGKILL', null],
    ['SIGINT', 130],
  ] as const) {
    const before = project.runNames()
    const { child, finished } = project.start(['run', 'x.ts', '--replicate', '100%', '--engines', '2'])
    const run = await eventually('it is planned', () =>
      project.runNames().find((name) => !name.startsWith('.') && !before.includes(name)),
    )
    const done = await eventually('some replicas are there', () => replicasIn(project, run) || undefined)
    child.kill(signal)
    assert.equal((await finished).code, code)
    const { replicas, chunksDone, state } = await project.json(0, 'status', run)
    assert.equal(chunksDone, 50)
    assert.equal(state, 'interrupted')
    assert.ok(replicas.done >= done && replicas.done < 50, `${replicas.done} replicas, in the middle`)
    const resumed = await project.json(0, 'resume', run)
    assert.deepEqual([resumed.root, resumed.replicated.chunks], [root, 50])
    assert.equal(replicasIn(project, run), 50)
    const { sessions } = parseManifest(readFileSync(resumed.manifest)).run
    assert.equal(sessions.length, 2)
  }
})
