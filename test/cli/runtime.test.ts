/** `--runtime`: which Node the engines run on, from the words on the command line to the verdict. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findLab, findRun } from '../../lab/lab.ts'
import { runState } from '../../lab/state.ts'
import { type Executed, manifestBytes, withProof } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { Registry } from '../runners/registry.ts'
import { answerOf, eventually, mean, Project, SLOW } from './project.ts'

const OLD = fileURLToPath(new URL('../../../test/golden/manifest-0.1.0.json', import.meta.url))
const MANIFEST = fileURLToPath(new URL('../../../examples/manifests/factorial.json', import.meta.url))
const TERMINAL = fileURLToPath(new URL('../../../test/cli/terminal.py', import.meta.url))
/** A version that is not the running one. */
const OTHER = process.version === 'v22.23.3' ? '24.21.0' : '22.23.3'
/** Eighty chunks: long enough to be stopped in the middle by one who looks. */
const SOME = { ...SLOW, points: 4 }
const AWAY = { npm_config_registry: 'http://127.0.0.1:9/' }

/** Where this file's projects keep what they fetch, so that it is fetched once; npm is set as it is for the user. */
const CACHE = mkdtempSync(join(tmpdir(), 'reprise-cache-'))
after(() => rmSync(CACHE, { recursive: true, force: true }))
const ONLINE: Readonly<Record<string, string>> = {
  npm_config_cache: join(homedir(), '.npm'),
  npm_config_userconfig: join(homedir(), '.npmrc'),
  ...(Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(npm_config_|https?_proxy$|no_proxy$|NODE_EXTRA)/i.test(name),
    ),
  ) as Record<string, string>),
  XDG_CACHE_HOME: CACHE,
}

/** Runs the command line where versions can be fetched; null, and a loud line, where the registry is out of reach. */
async function online(t: TestContext, project: Project, words: readonly string[], env = ONLINE) {
  const finished = await project.start([...words, '--json'], { env }).finished
  if (!/registry cannot be reached/.test(finished.stderr)) return finished
  console.error(`NOT CHECKED: reprise ${words.join(' ')}: ${finished.stderr.trim()}`)
  t.skip('the npm registry cannot be reached')
  return null
}

test('should rerun the checked-in record on another Node, and say which', async (t) => {
  const project = new Project(t)
  const finished = await online(t, project, ['rerun', MANIFEST, '--runtime', OTHER, '--yes'])
  if (finished === null) return
  const { verdict, chunksCompared } = answerOf(finished, 0)
  assert.deepEqual([verdict, chunksCompared], ['identical', 6])
  const { sessions } = parseManifest(readFileSync(MANIFEST)).run
  const recorded = sessions[0]!.environment.node
  assert.match(finished.stderr, new RegExp(`engines run on Node v${OTHER} \\(.*reprise/runtimes/v${OTHER}-`))
  assert.match(finished.stderr, new RegExp(`^recorded on Node ${recorded}, executed on v${OTHER}$`, 'm'))
})

test('should rerun a manifest of version 0.1 on another Node, whose capsule holds an older engine', async (t) => {
  const project = new Project(t)
  const finished = await online(t, project, ['rerun', OLD, '--runtime', OTHER, '--yes'])
  if (finished === null) return
  const { verdict, chunksCompared, run } = answerOf(finished, 0)
  assert.deepEqual([verdict, chunksCompared], ['identical', 6])
  assert.match(finished.stderr, new RegExp(`executed on v${OTHER}$`, 'm'))
  const { sessions } = (await project.json(0, 'show', run)).manifest.run
  assert.equal(sessions[0].environment.node, process.version, 'the process that led it is on today’s')
})

test('should go on with an interrupted rerun on the recorded Node, and record which executed what', async (t) => {
  const project = new Project(t, { 'x.ts': mean(SOME) })
  const finished = await online(t, project, ['run', 'x.ts', '-e', '2', '--runtime', OTHER])
  if (finished === null) return
  const { run } = answerOf(finished, 0)
  assert.deepEqual(await executedOn(project, run), [[`v${OTHER}`, 80]])
  const words = ['rerun', run, '-e', '1', '--runtime', 'recorded']
  const { child, finished: ended } = project.start(words, { env: ONLINE })
  const rerun = await eventually('the rerun is planned', () =>
    project.runNames().find((name) => !name.startsWith('.') && name !== run),
  )
  await eventually('chunks are kept', () => stateOf(project, rerun).chunksDone > 0)
  child.kill('SIGINT')
  const { code, stderr } = await ended
  assert.equal(code, 130, stderr)
  assert.match(stderr, new RegExp(`Go on: reprise resume ${rerun} --runtime recorded`))
  const resumed = await online(t, project, ['resume', rerun, '--runtime', 'recorded'])
  assert.ok(resumed !== null)
  assert.equal(answerOf(resumed, 0).verdict, 'identical')
  assert.match(resumed.stderr, new RegExp(`^recorded on Node v${OTHER}, executed on v${OTHER}$`, 'm'))
  assert.deepEqual(await executedOn(project, rerun), [[`v${OTHER}`, 80]])
})

test('should check on a version that is fetched, and say so first', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ fields: 'node: process.version' }) })
  const env = { ...ONLINE, XDG_CACHE_HOME: project.path('cache') }
  const others = [
    'again',
    'clock',
    'order',
    'batches',
    'engines',
    'fresh engines',
    'used engine',
    'jitless',
    'no-opt',
  ]
  const skip = others.flatMap((name) => ['--skip', name])
  const words = ['check', 'x.ts', '--chunks', '1', ...skip, '--runtime', OTHER]
  const finished = await online(t, project, words, env)
  if (finished === null) return
  const { variations } = answerOf(finished, 3)
  assert.match(finished.stderr, new RegExp(`^fetching Node v${OTHER}`))
  const differing = variations.filter(({ state }: { state: string }) => state === 'divergent')
  assert.match(JSON.stringify(differing), new RegExp(`v${OTHER.replaceAll('.', '\\.')}`))
})

/** The Nodes that the record names, with how many chunks each. */
async function executedOn(project: Project, run: string): Promise<[string, number][]> {
  const { environments } = (await project.json(0, 'show', run)).manifest.run
  return environments.map(({ environment, chunks }: Executed) => [environment?.node, chunks])
}

function stateOf(project: Project, run: string): { chunksDone: number } {
  return runState(findRun(findLab(project.folder), run))
}

test('should run the jobs on the Node that was asked for', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ fields: 'node: process.version' }) })
  const finished = await online(t, project, ['run', 'x.ts', '--runtime', `v${OTHER}`])
  if (finished === null) return
  answerOf(finished, 0)
  const lines = (await project.reprise('results', '@last')).stdout.trim().split('\n')
  assert.deepEqual([...new Set(lines.map((line) => JSON.parse(line).result.node))], [`v${OTHER}`])
  const divergent = await project.json(3, 'rerun', '@last')
  assert.deepEqual(
    [divergent.divergent[0].expected, divergent.divergent[0].actual],
    [`v${OTHER}`, process.version],
  )
})

/** A Node of the project's own that leaves a mark at each start of an engine. */
function marking(project: Project): { path: string; engines: () => number } {
  const [path, marks] = [project.path('node of mine'), project.path('marks')]
  project.write('node of mine', `#!/bin/sh\necho "$1" >> '${marks}'\nexec '${process.execPath}' "$@"\n`)
  chmodSync(path, 0o755)
  const lines = () => (existsSync(marks) ? readFileSync(marks, 'utf8').trim().split('\n') : [])
  return { path, engines: () => lines().filter((line) => line !== '--version').length }
}

test('should start all engines of run, resume and rerun on the path that was given', async (t) => {
  const project = new Project(t, { 'x.ts': mean(SOME) })
  const { path, engines } = marking(project)
  const { child, finished } = project.start(['run', 'x.ts', '-e', '1', '--runtime', './node of mine'])
  const run = await project.firstRun()
  await eventually('an engine is started', () => engines() === 1)
  child.kill('SIGINT')
  const { code, stderr } = await finished
  assert.equal(code, 130, stderr)
  assert.match(stderr, new RegExp(`^engines run on Node ${process.version} \\(${path}\\)$`, 'm'))
  assert.match(stderr, new RegExp(`Go on: reprise resume ${run} --runtime './node of mine'`))
  const { root } = await project.json(0, 'resume', run, '-e', '2', '--runtime', path)
  const resumed = engines()
  assert.ok(resumed > 1)
  const rerun = await project.json(0, 'rerun', run, '-e', '2', '--runtime', path)
  assert.deepEqual([rerun.verdict, rerun.root], ['identical', root])
  const rerunBy = engines()
  assert.ok(rerunBy > resumed)
  await project.json(0, 'rerun', run, '--sample', '2')
  assert.equal(engines(), rerunBy, 'no longer than it is asked for')
})

test('should plan nothing when the Node cannot be had', async (t) => {
  const project = new Project(t, { 'x.ts': mean(), words: 'no program' })
  const cases: readonly (readonly [words: readonly string[], code: string, says: RegExp])[] = [
    [['run', 'x.ts', '--runtime', './words'], 'engine', /cannot be executed as Node/],
    [['run', 'x.ts', '--runtime', 'nowhere'], 'not-found', /neither a version/],
    [
      ['run', 'x.ts', '--runtime', '22.99.1'],
      'engine',
      /registry cannot be reached.*--runtime PATH.*today's v/,
    ],
    [['rerun', MANIFEST, '--yes', '--runtime', '18.0.0'], 'engine', /engines need Node 20\.19/],
  ]
  for (const [words, code, says] of cases) {
    const finished = await project.start([...words, '--json'], { env: AWAY }).finished
    const { error } = answerOf(finished, 1)
    assert.equal(error.code, code)
    assert.match(finished.stderr, says)
    assert.match(finished.stderr, /leave --runtime out to go on with today's/)
  }
  assert.deepEqual(project.runNames(), [])
})

/** The checked-in manifest, as if it had been recorded on these Nodes. */
function recordedOn(project: Project, ...nodes: readonly string[]): string {
  const { proof: _, ...record } = parseManifest(readFileSync(MANIFEST))
  const [session] = record.run.sessions
  const sessions = nodes.map((node) => ({ ...session!, environment: { ...session!.environment, node } }))
  return project.write(
    'paper.json',
    manifestBytes(withProof({ ...record, run: { ...record.run, sessions } })),
  )
}

/** As if engines had executed its chunks on these, most on the first. */
function executedBy(project: Project, ...nodes: readonly string[]): void {
  const { proof: _, ...record } = parseManifest(readFileSync(MANIFEST))
  const { environment } = record.run.sessions[0]!
  const environments = nodes.map((node, i) => ({
    environment: { ...environment, node },
    chunks: Math.max(6 - i, 0),
  }))
  project.write('paper.json', manifestBytes(withProof({ ...record, run: { ...record.run, environments } })))
}

test('should take the Node of most chunks, whatever led them', async (t) => {
  const project = new Project(t)
  executedBy(project, process.version, 'v22.99.1')
  const words = ['rerun', 'paper.json', '--yes', '--runtime', 'recorded', '--json']
  const { code, stderr } = await project.start(words, { env: AWAY }).finished
  assert.equal(code, 0, stderr)
  assert.match(
    stderr,
    new RegExp(`^recorded on Node ${process.version} and v22\\.99\\.1, executed on ${process.version}$`, 'm'),
  )
})

test('should let a record put no line of its own among the words, nor fill the terminal', async (t) => {
  const project = new Project(t)
  const forged = Array.from({ length: 500 }, (_, i) => `x\nidentical: all is well ${i}${'z'.repeat(5_000)}`)
  executedBy(project, process.version, ...forged)
  const { code, stderr } = await project.reprise('rerun', 'paper.json', '--yes')
  assert.equal(code, 0, stderr)
  assert.doesNotMatch(stderr, /^identical: all is well/m)
  assert.match(
    stderr,
    /^recorded on Node v.* and x identical: all is well 0z+ and .* and 496 more, executed on/m,
  )
  assert.ok(stderr.length < 2_000, stderr.slice(0, 3_000))
})

test('should find the recorded Node, be it the one at hand or one that is fetched', async (t) => {
  const project = new Project(t)
  const words = ['rerun', 'paper.json', '--yes', '--runtime', 'recorded']
  recordedOn(project, process.version)
  const same = await project.start([...words, '--json'], { env: AWAY }).finished
  assert.equal(answerOf(same, 0).verdict, 'identical')
  assert.doesNotMatch(same.stderr, /engines run on|fetching/)
  recordedOn(project, `v${OTHER}`, `v${OTHER}`)
  const finished = await online(t, project, words)
  if (finished === null) return
  assert.equal(answerOf(finished, 0).verdict, 'identical')
  assert.match(finished.stderr, new RegExp(`^recorded on Node v${OTHER}, executed on v${OTHER}$`, 'm'))
})

test('should take no word of a record for a path, nor for more than a version', async (t) => {
  const project = new Project(t)
  const { path, engines } = marking(project)
  const hostile = [
    path,
    './node of mine',
    `v${OTHER} `,
    `v${OTHER};touch PWN`,
    '--eval=0',
    '',
    'x'.repeat(10_000),
    '2'.repeat(10_000),
    '../x',
    'file:../x',
    'git+ssh://host/x',
    '022.23.3',
  ]
  for (const [i, node] of hostile.entries()) {
    const forge = i % 2 === 0 ? recordedOn : executedBy // what sessions say, or what chunks say
    forge(project, node)
    const finished = await project.start(['rerun', 'paper.json', '--yes', '--runtime', 'recorded', '--json'])
      .finished
    assert.equal(answerOf(finished, 1).error.code, 'not-found')
    assert.match(finished.stderr, /names no released version of Node/)
    assert.ok(finished.stderr.length < 500)
  }
  assert.deepEqual([engines(), existsSync(project.path('PWN')), project.runNames()], [0, false, []])
})

const noPython = spawnSync('python3', ['--version']).status === 0 ? false : 'python3 makes the terminal'

test('should ask at a terminal whether to go on with the Node at hand', { skip: noPython }, async (t) => {
  const project = new Project(t)
  recordedOn(project, 'v22.99.1')
  const answer = (word: string) =>
    project.start(['rerun', 'paper.json', '--yes', '--runtime', 'recorded'], {
      env: AWAY,
      through: ['python3', TERMINAL, '\\[y/N\\] ', JSON.stringify([`${word}\n`])],
    }).finished
  const no = await answer('')
  assert.equal(no.code, 1, no.stdout)
  assert.match(no.stdout, /registry cannot be reached/)
  assert.ok(no.stdout.includes(`Go on with today's ${process.version}? [y/N]`), no.stdout)
  assert.deepEqual(project.runNames(), [])
  const yes = await answer('y')
  assert.equal(yes.code, 0, yes.stdout)
  assert.match(yes.stdout, new RegExp(`recorded on Node v22\\.99\\.1, executed on ${process.version}`))
  assert.match(yes.stdout, /identical/)
})

test('should leave nothing of a fetch that Ctrl-C ends', async (t) => {
  const registry = await Registry.start({ '22.99.1': { stalls: true } })
  t.after(() => registry.close())
  const project = new Project(t, { 'x.ts': mean() })
  const words = ['run', 'x.ts', '--runtime', '22.99.1', '--json']
  const env = { ...registry.env, XDG_CACHE_HOME: project.path('cache') }
  const { child, finished } = project.start(words, { env })
  await eventually('a tarball is half there', () => registry.stalls)
  child.kill('SIGINT')
  const ended = await finished
  assert.equal(answerOf(ended, 130).error.code, 'interrupted')
  assert.match(ended.stderr, /no Node was fetched, and nothing was executed/)
  assert.deepEqual(readdirSync(project.path('cache', 'reprise', 'runtimes')), [])
  await eventually('npm has ended too', () => !registry.stalls)
  assert.deepEqual(project.runNames(), [])
})

const ONE = mean({ points: 1, repetitions: 2, chunk: 1 })

test('should execute on the Node that is named, by path or by the running version', async (t) => {
  const project = new Project(t, { 'sweep.ts': ONE })
  const first = await project.json(0, 'run', 'sweep.ts', '--runtime', process.execPath)
  const second = await project.json(0, 'run', 'sweep.ts', '--runtime', process.version)
  assert.equal(first.root, second.root)
  const { verdict } = await project.json(0, 'rerun', first.run, '--runtime', 'recorded')
  assert.equal(verdict, 'identical')
})

test('should refuse what is no Node, and `recorded` where nothing was recorded', async (t) => {
  const project = new Project(t, { 'sweep.ts': ONE, text: 'words' })
  const words = [
    'text',
    'nowhere',
    '--eval',
    '22.0.0; rm -rf x',
    'file:../x',
    'git+ssh://host/x',
    '22'.repeat(1000),
  ]
  for (const word of words) {
    const { error } = await project.json(1, 'run', 'sweep.ts', `--runtime=${word}`)
    assert.ok(['not-found', 'engine'].includes(error.code), word)
  }
  const { error } = await project.json(2, 'run', 'sweep.ts', '--runtime', 'recorded')
  assert.equal(error.code, 'usage')
  assert.deepEqual(project.runNames(), [])
})

test('should keep nothing, and say what to do, where the registry is not reached', async (t) => {
  const project = new Project(t, { 'sweep.ts': ONE })
  const env = { npm_config_registry: 'http://127.0.0.1:9', XDG_CACHE_HOME: project.path('cache') }
  const { code, stderr } = await project.start(['run', 'sweep.ts', '--runtime', '22.22.0'], { env }).finished
  assert.equal(code, 1)
  assert.match(stderr, /registry cannot be reached.*leave --runtime out to go on with today's/)
  const kept = project.path('cache', 'reprise', 'runtimes')
  assert.deepEqual(existsSync(kept) ? readdirSync(kept) : [], [])
})
