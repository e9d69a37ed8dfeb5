/** No engine, and nothing that an engine started, outlives its controller; a controller that was away forgives. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { NO_ATTACHMENTS } from '../../provenance/capsule.ts'
import { each } from '../conformance/experiments.ts'
import { alive, gone } from '../conformance/recorder.ts'
import { assign, type Made, Workshop } from '../conformance/workshop.ts'
import type { ControllerOrder } from './controller.ts'

const workshop = new Workshop()
const started: ChildProcess[] = []
after(async () => {
  for (const child of started) child.kill('SIGKILL')
  await workshop.close()
})

const CONTROLLER = fileURLToPath(new URL('./controller.js', import.meta.url))

type Line = { engine?: number; chunk?: number; log?: string; lost?: string; aside?: number; end?: boolean }

/** A controller, and what it has told so far. */
function control(made: Made, more: Partial<ControllerOrder> = {}): { child: ChildProcess; told: Line[] } {
  const order: ControllerOrder = { assignment: assign(made), engines: 2, silenceMs: 30_000, ...more }
  const child = spawn(process.execPath, [CONTROLLER, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: workshop.folder }, // a killed controller leaves its folder behind
  })
  started.push(child)
  const told: Line[] = []
  let rest = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    told.push(...lines.map((line) => JSON.parse(line) as Line))
  })
  return { child, told }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 20_000
  while (!holds()) {
    assert.ok(performance.now() < end, `${what} did not happen`)
    await sleep(20)
  }
}

const pidsIn = (told: readonly Line[]) =>
  told.flatMap(({ log }) => [...(log ?? '').matchAll(/child (\d+)/g)].map((match) => Number(match[1])))

const SPAWN = `import { spawn, spawnSync } from 'node:child_process'\nimport fs from 'node:fs'`
const CHILD = `const { pid } = spawn('sleep', ['300'], { stdio: 'ignore' }); log('child', pid);`
const JOBS = {
  'computing in one go': `${CHILD} for (;;) {}`,
  waiting: `${CHILD} await new Promise(() => {})`,
  'waiting for a program that inherits its output': `log('child', process.pid); spawnSync('sleep', ['300'], { stdio: 'inherit' })`,
  'printing without end': `${CHILD} for (;;) console.log('x'.repeat(10_000))`,
}

for (const [how, body] of Object.entries(JOBS)) {
  test(`should end engines that are ${how} when their controller is killed`, async () => {
    const { child, told } = control(await workshop.make(each(2, body, SPAWN)))
    await until('the start of both jobs', () => new Set(pidsIn(told)).size === 2)
    const engines = told.flatMap(({ engine }) => engine ?? [])
    assert.equal(engines.length, 2)
    await sleep(100)
    child.kill('SIGKILL')
    for (const pid of [...engines, ...pidsIn(told)]) await gone(pid, 4_000)
  })
}

test('should end idle engines and those still loading when their controller is killed', async () => {
  const load = `const until = Date.now() + 1500; while (process.argv[2] === 'reprise-engine' && Date.now() < until) {}`
  const { child } = control(await workshop.make(each(2, 'return 1', load)))
  let pids: number[] = []
  await until('the start of both engines', () => {
    const { stdout } = spawnSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' })
    pids = stdout.split('\n').filter(Boolean).map(Number)
    return pids.length === 2
  })
  child.kill('SIGKILL')
  for (const pid of pids) await gone(pid, 6_000)
})

test('should end programs with their engine when the controller is killed', async () => {
  const program = { program: 'sh', arguments: ['p.sh', '{repetition}'], files: ['p.sh'] }
  const source = `import { command } from 'reprise'\nexport default command(${JSON.stringify({ name: 'p', ...program })})\n`
  const script = `echo child $$ >&2\nsleep 300 &\necho child $! >&2\nwait\n`
  const files = { 'p.sh': Buffer.from(script).toString('base64') }
  const { child, told } = control(await workshop.make(source, { ...NO_ATTACHMENTS, files }))
  await until('the start of the program', () => pidsIn(told).length === 2)
  const pids = pidsIn(told)
  assert.ok(pids.every(alive))
  child.kill('SIGKILL')
  for (const pid of pids) await gone(pid, 4_000)
})

test('should blame no engine for the time in which the controller itself was stopped', async () => {
  const made = await workshop.make(
    each(60, 'await new Promise((resolve) => setTimeout(resolve, 20)); return 1'),
  )
  const { child, told } = control(made, { silenceMs: 1_000 })
  await until('the first chunks', () => told.filter(({ chunk }) => chunk !== undefined).length > 5)
  child.kill('SIGSTOP')
  await sleep(2_500)
  child.kill('SIGCONT')
  await until('the end', () => told.some(({ end }) => end === true))
  assert.deepEqual(
    told.filter(({ lost, aside }) => lost !== undefined || aside !== undefined),
    [],
  )
  assert.equal(new Set(told.flatMap(({ chunk }) => chunk ?? [])).size, 60)
})
