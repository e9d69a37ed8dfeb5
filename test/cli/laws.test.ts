/**
 * Laws 1 and 3 as a user would try them: however a run is executed, disturbed, killed and resumed, it ends in the
 * same root. REPRISE_SLOW=1 disturbs it many more times, and runs the epidemic.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { answerOf, eventually, mean, Project, SLOW, type Surroundings } from './project.ts'

const SWEEPS = process.env.REPRISE_SLOW === '1' ? 30 : 3

/** Much that depends on where and when a process runs, if it were let in. */
const NOSY = mean({
  ...SLOW,
  draws: 20_000,
  pause: 0,
  before: `const { env } = process
    const noise = Object.keys(env).filter((name) => name.startsWith('NOISE') || name.startsWith('LC_')).sort()`,
  fields: `hours: new Date(2020, 6, 1).getTime(), text: (1234.5).toLocaleString(), sorted: ['z', 'ä', 'a'].sort((a, b) => a.localeCompare(b)),
    day: new Date(0).toString(), noise: noise.map((name) => name + '=' + env[name]), lang: env.LANG ?? null, tz: env.TZ ?? null,
    options: env.NODE_OPTIONS ?? null`,
})

async function rootOf(
  project: Project,
  words: readonly string[],
  surroundings: Surroundings = {},
): Promise<string> {
  return answerOf(await project.start(['run', ...words, '--json'], surroundings).finished, 0).root
}

test('should give the same root whatever the engines, the zone, the locale, the folder and the environment', async (t) => {
  const project = new Project(t, { 'x.ts': NOSY, 'elsewhere/package.json': '{}' })
  const file = project.path('x.ts')
  const root = await rootOf(project, ['x.ts', '--engines', '1'])
  const noise = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`NOISE_${i}`, String(Math.random())]),
  )
  const ways: readonly [words: readonly string[], surroundings: Surroundings][] = [
    [['x.ts', '--engines', '2'], {}],
    [['x.ts', '--engines', '5'], {}],
    [['x.ts'], { env: { TZ: 'Asia/Tokyo', LC_ALL: 'sv_SE.UTF-8', LANG: 'tr_TR.UTF-8' } }],
    [[file], { cwd: project.path('elsewhere') }],
    [['x.ts'], { env: { ...noise, NODE_OPTIONS: '--max-old-space-size=512', NODE_ENV: 'test' } }],
    [['x.ts', '--timeout', '60'], { env: { REPRISE_LAB: project.path('other-lab') } }],
  ]
  for (const [words, surroundings] of ways)
    assert.equal(await rootOf(project, words, surroundings), root, JSON.stringify([words, surroundings]))
})

test('should give another root for another seed, and for other code', async (t) => {
  const project = new Project(t, {
    'x.ts': mean(),
    'y.ts': mean({ seed: '1' }),
    'z.ts': mean({ before: 'sum += 2 ** -44' }),
  })
  const roots = [
    await rootOf(project, ['x.ts']),
    await rootOf(project, ['y.ts']),
    await rootOf(project, ['z.ts']),
  ]
  assert.equal(new Set(roots).size, 3)
})

/** The slow experiment, its root, and how long it takes. */
async function undisturbed(t: TestContext): Promise<{ project: Project; root: string; ms: number }> {
  const project = new Project(t, { 'x.ts': mean(SLOW) })
  const start = performance.now()
  const root = await rootOf(project, ['x.ts'])
  return { project, root, ms: performance.now() - start }
}

function newRun(project: Project, before: readonly string[]): string | undefined {
  return project.runNames().find((name) => !name.startsWith('.') && !before.includes(name))
}

test('should end in the same root after kill -9 of the controller at any moment and resume', async (t) => {
  const { project, root, ms } = await undisturbed(t)
  let resumed = 0
  for (let i = 0; i < SWEEPS; i++) {
    const before = project.runNames()
    const running = project.start(['run', 'x.ts'])
    await sleep(ms * (0.1 + (0.8 * (i + Math.random())) / SWEEPS))
    running.child.kill('SIGKILL')
    const { signal } = await running.finished
    const run = newRun(project, before)
    if (run === undefined) continue // killed before it was planned: then there is nothing
    const { state, chunksDone } = await project.json(0, 'status', run)
    assert.ok(state === (signal === null ? 'sealed' : state), state)
    // a second kill on the way, and on to the end
    const again = project.start(['resume', run])
    await sleep(ms * 0.2)
    again.child.kill('SIGKILL')
    await again.finished
    const whole = await project.json(0, 'resume', run)
    assert.equal(whole.root, root)
    assert.ok((await project.json(0, 'status', run)).chunksDone >= chunksDone, 'nothing acknowledged is lost')
    assert.equal((await project.json(0, 'verify', run)).valid, true)
    resumed++
  }
  assert.ok(resumed > 0)
})

/** An engine that was started so long ago has a chunk, ms. */
const STARTED_MS = 1_000

/** Pids of the engines of a controller: its children whose second word is a capsule. */
function enginesOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        const stat = readFileSync(`/proc/${child}/stat`, 'utf8')
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        return parent === pid && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('reprise-engine')
      } catch {
        return false
      }
    })
}

test('should end in the same root when engines are killed on the way', async (t) => {
  const { project, run } = await Project.ran(t, { 'x.ts': mean(SLOW) })
  const before = project.runNames()
  const running = project.start(['run', 'x.ts', '--json', '--engines', '2'])
  const killed = new Set<number>()
  const seen = new Map<number, number>()
  while (killed.size < 4 && running.child.exitCode === null) {
    await sleep(100)
    const now = performance.now()
    const engines = enginesOf(running.pid)
    for (const pid of engines) if (!seen.has(pid)) seen.set(pid, now)
    const planned = newRun(project, before)
    const atWork = engines.find((pid) => !killed.has(pid) && now - seen.get(pid)! > STARTED_MS)
    if (planned === undefined || atWork === undefined) continue
    killed.add(atWork)
    process.kill(atWork, 'SIGKILL')
  }
  const finished = await running.finished
  const answer = answerOf(finished, 0)
  assert.equal(answer.root, run.root)
  assert.equal(answer.failedJobs, 0, 'a dead engine is no result')
  assert.ok(killed.size > 0)
  assert.match(finished.stderr, /engine \d+ was lost \(killed by SIGKILL\)/)
  const { counts } = (await project.json(0, 'show', answer.run)).manifest.run
  assert.ok(counts.retried > 0)
})

test('should stop cleanly on SIGINT, SIGTERM and SIGHUP, say how to go on, and end in the same root', async (t) => {
  const {
    project,
    run: { root },
  } = await Project.ran(t, { 'x.ts': mean(SLOW) })
  const all = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of process.env.REPRISE_SLOW === '1' ? all : all.slice(0, 1)) {
    const before = project.runNames()
    const running = project.start(['run', 'x.ts', '--json'])
    const run = await eventually('a run is planned', () => newRun(project, before))
    await eventually('engines work', () => enginesOf(running.pid).length > 0)
    await sleep(300)
    const engines = enginesOf(running.pid)
    running.child.kill(signal)
    const finished = await running.finished
    const { state, chunksDone } = answerOf(finished, 130)
    assert.equal(state, 'interrupted')
    assert.ok(chunksDone < 200)
    const words = `${chunksDone} chunks? of 200 are safe\\. Go on: reprise resume ${run}$`
    assert.match(finished.stderr, new RegExp(`^interrupted: ${words}`, 'm'))
    await eventually('no engine is left', () => engines.every((pid) => !isAlive(pid)))
    assert.deepEqual(readdirSync(project.path('tmp')), [], 'nothing is left of the engines')
    assert.equal((await project.json(0, 'resume', run)).root, root)
  }
})

test('should stop at once when asked twice, in the midst of a long job', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ ...SLOW, draws: 200_000_000, pause: 0 }) })
  const running = project.start(['run', 'x.ts'])
  const run = await project.firstRun()
  await eventually('engines work', () => enginesOf(running.pid).length > 0)
  await sleep(1_000)
  const start = performance.now()
  running.child.kill('SIGINT')
  await sleep(20)
  running.child.kill('SIGINT')
  const { code, signal } = await running.finished
  // A process that is ending no longer has its handlers; a shell gives 130 for a death by SIGINT, too.
  assert.ok(code === 130 || signal === 'SIGINT', `code ${code}, signal ${signal}`)
  assert.ok(performance.now() - start < 5_000)
  assert.equal((await project.json(0, 'status', run)).state, 'interrupted')
})

test('should leave no engine behind when the controller is killed', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ ...SLOW, draws: 200_000_000, pause: 0 }) })
  const running = project.start(['run', 'x.ts', '--engines', '2'])
  const engines = await eventually('engines work', () => {
    const found = enginesOf(running.pid)
    return project.runNames().some((name) => /^\d/.test(name)) && found.length === 2 && found
  })
  await sleep(1_000)
  running.child.kill('SIGKILL')
  await running.finished
  await eventually('the engines have noticed', () => engines.every((pid) => !isAlive(pid)))
})

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

test('should give the epidemic the same root with one engine and with two', async (t) => {
  if (process.env.REPRISE_SLOW !== '1') return t.skip('only with REPRISE_SLOW=1')
  const project = new Project(t)
  const file = fileURLToPath(new URL('../../../examples/epidemic.ts', import.meta.url))
  const one = await rootOf(project, [file, '--engines', '1'])
  assert.equal(await rootOf(project, [file, '--engines', '2']), one)
  assert.equal((await project.json(0, 'rerun', '@last', '--sample', '10')).verdict, 'identical')
})
