/** No engine outlives its near side by more than the lease, nor its station; and nobody is judged for time that stood still. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { pool } from '../../../runners/pool.ts'
import { watchSilence } from '../../../runners/station/silence.ts'
import { each } from '../../conformance/experiments.ts'
import { gone, Recorder } from '../../conformance/recorder.ts'
import { assign, digestOf, Workshop } from '../../conformance/workshop.ts'
import type { ClientOrder } from './client.ts'
import { filesIn, folderFor, keepText, stationFor, until } from './shell.ts'

const workshop = new Workshop()
const started: ChildProcess[] = []
after(async () => {
  for (const child of started) child.kill('SIGKILL')
  await workshop.close()
})

const CLIENT = fileURLToPath(new URL('./client.js', import.meta.url))

/** It ends by nothing but a signal to its group. */
const STUBBORN = `import { spawn } from 'node:child_process'
const { pid } = spawn('sleep', ['300'], { stdio: 'ignore' })
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGPIPE']) process.on(signal, () => {})
process.stdout.on('error', () => {})
console.log('engine', process.pid)
console.log('child', pid)
setInterval(() => console.log('tick'), 200)
`

/** True also for a process that is over and that its parent, being stopped, has not looked after. */
function isOver(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

/** A client with three engines, and the processes that there are because of it. */
async function clientWith(directory: string, silenceMs: number) {
  const capsule = workshop.file('capsule.mjs', STUBBORN)
  const patience = { answerMs: 30_000, beatMs: silenceMs / 4, silenceMs }
  const order: ClientOrder = { directory, capsule, patience }
  const child = spawn(process.execPath, [CLIENT, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  let told = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  const pids = () => [...told.matchAll(/(?:station|engine|child) (\d+)\n/g)].map((match) => Number(match[1]))
  await until('the start of its engines', () => pids().length === 6)
  return { child, pids: pids(), told: () => told }
}

for (const [signal, how] of Object.entries({ SIGKILL: 'killed', SIGSTOP: 'stopped' } as const)) {
  test(`should end a station and its engines when the near side is ${how}`, async (t) => {
    const directory = folderFor(t)
    const { child, pids } = await clientWith(directory, 4_000)
    child.kill(signal as NodeJS.Signals)
    for (const pid of pids) await until(`the end of process ${pid}`, () => isOver(pid))
    assert.ok(!existsSync(join(directory, 'scratch')))
    child.kill('SIGKILL')
  })
}

test('should end engines with their station when that is killed, and say that nothing of theirs is to blame', async (t) => {
  const directory = folderFor(t)
  const station = await stationFor(t, { directory })
  const body = `const { pid } = spawn('sleep', ['300'], { stdio: 'ignore' }); log('child', pid); for (;;) {}`
  const made = await workshop.make(each(1, body, `import { spawn } from 'node:child_process'`))
  const sha256 = digestOf(readFileSync(made.capsule))
  await station.keep([{ kind: 'capsule', sha256, path: made.capsule }])
  const endings: string[] = []
  let launched = 0
  const launch = () => {
    if (launched++ > 0) throw new Error('no more')
    const engine = station.launch(sha256, [])
    void engine.ended.then(({ unreachable }) => endings.push(`unreachable: ${unreachable}`))
    return engine
  }
  const recorder = new Recorder({})
  const runner = pool({ kind: 'station', launch, close() {} }, { engines: 1 })
  const executed = assert.rejects(runner.execute(assign(made), recorder, new AbortController().signal))
  await until('the start of the job', () => /child \d+/.test(recorder.text))
  const pids = [recorder.engines[0]!.pid, Number(/child (\d+)/.exec(recorder.text)![1])]
  station.shell.kill()
  await executed
  for (const pid of pids) await gone(pid, 10_000)
  assert.match(await station.lost, /SIGKILL/)
  assert.deepEqual(endings, ['unreachable: true'])
  assert.equal(filesIn(join(directory, 'scratch')).filter((name) => name.endsWith('alive')).length, 1)
  const next = await stationFor(t, { directory }) // it removes what the other could not
  assert.equal(filesIn(join(directory, 'scratch')).filter((name) => name.endsWith('alive')).length, 1)
  await next.close()
  assert.ok(!existsSync(join(directory, 'scratch')))
})

test('should take a station for lost that says nothing any more, and settle all that waits for it', async (t) => {
  const patience = { beatMs: 500, silenceMs: 3_000 }
  const station = await stationFor(t, { patience })
  const engine = station.launch(await keepText(station, STUBBORN, folderFor(t)), [])
  engine.stdout.resume()
  engine.stderr.resume()
  process.kill(station.shell.pid, 'SIGSTOP')
  const asked = assert.rejects(station.fingerprint(), /nothing was heard of it for 3 s/)
  assert.match(await station.lost, /nothing was heard/)
  await asked
  assert.equal((await engine.ended).unreachable, true)
  await assert.rejects(station.keep([]), { code: 'engine' })
  await station.close()
})

test('should end all engines when it is closed, and leave nothing but what it keeps', async (t) => {
  const directory = folderFor(t)
  const station = await stationFor(t, { directory })
  const engine = station.launch(await keepText(station, STUBBORN, folderFor(t)), [])
  const text: string[] = []
  engine.stdout.setEncoding('utf8').on('data', (words: string) => text.push(words))
  engine.stderr.resume()
  const pids = () => [...text.join('').matchAll(/(?:engine|child) (\d+)\n/g)].map((match) => Number(match[1]))
  await until('its start', () => pids().length === 2)
  const [one, two] = [station.launch(digestOf(STUBBORN), []), station.launch(digestOf(STUBBORN), [])]
  for (const { stdout, stderr } of [one, two]) [stdout, stderr].map((stream) => stream.resume())
  one.kill()
  const { how, unreachable } = await one.ended
  assert.match(how, /^killed/)
  assert.equal(unreachable, false)
  await station.close()
  assert.equal((await two.ended).unreachable, true)
  for (const pid of pids()) await gone(pid)
  const kept = filesIn(directory).filter((name) => !name.includes('/'))
  assert.deepEqual(kept, ['capsules', 'id', 'stations'])
})

test('should not hold against anybody that this process stood still', async () => {
  let fell = 0
  const silence = watchSilence(450, () => fell++)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200)
  await new Promise((resolve) => setTimeout(resolve, 100))
  silence.heard()
  assert.equal(fell, 0)
  await until('silence', () => fell === 1)
  silence.stop()
})
