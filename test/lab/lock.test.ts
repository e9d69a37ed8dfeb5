/** The lock of a run: one process at a time, never stale, and not disturbed by those who only look. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { lockHolder, lockRun } from '../../lab/lock.ts'
import { refused } from '../lib/refusal.ts'
import { plannedRun, temporaryLab } from './run.ts'

const LOCK = fileURLToPath(new URL('../../lab/lock.js', import.meta.url))

/** A process of its own that does something with the run's lock; ends with the test. */
function elsewhere(t: TestContext, action: string, run: object) {
  const code = `import { lockRun, lockHolder } from ${JSON.stringify(LOCK)}
const run = ${JSON.stringify(run)}
${action}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const said = () =>
    new Promise<string>((resolve) => child.stdout.once('data', (bytes) => resolve(String(bytes).trim())))
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  /** The folder cannot be removed while somebody makes files in it. */
  const end = () => {
    child.kill('SIGKILL')
    return ended
  }
  t.after(end)
  return { child, said, ended, end }
}

const HOLD = `lockRun(run, new Date('2026-11-23T05:51:00Z')); console.log('held'); setInterval(() => {}, 1000)`

test('should name nobody while nobody has it', (t) => {
  const run = plannedRun(temporaryLab(t))
  assert.equal(lockHolder(run), null)
  const lock = lockRun(run, new Date())
  lock.release()
  assert.equal(lockHolder(run), null)
})

test('should be refused to a second taker, naming the holder, and be free after kill -9', async (t) => {
  const run = plannedRun(temporaryLab(t))
  const { child, said, ended } = elsewhere(t, HOLD, run)
  assert.equal(await said(), 'held')
  const holder = lockHolder(run)
  assert.deepEqual([holder?.pid, holder?.since], [child.pid, '2026-11-23T05:51:00.000Z'])
  const start = performance.now()
  refused(() => lockRun(run, new Date()), 'busy', {
    subject: `run ${run.id}`,
    says: `process ${child.pid} on `,
  })
  assert.ok(performance.now() - start < 5_000, 'it does not wait for long')
  child.kill('SIGKILL')
  await ended
  assert.equal(lockHolder(run), null)
  lockRun(run, new Date()).release()
})

test('should be taken by one of many who want it at the same moment', async (t) => {
  const run = plannedRun(temporaryLab(t))
  const want = `process.stdin.once('data', () => {
    try { lockRun(run, new Date()); console.log('mine') } catch (error) { console.log(error.code) } })
    console.log('ready')`
  const takers = Array.from({ length: 4 }, () => elsewhere(t, want, run))
  for (const ready of await Promise.all(takers.map(({ said }) => said()))) assert.equal(ready, 'ready')
  const answers = takers.map(({ said }) => said())
  for (const { child } of takers) child.stdin.write('go\\n')
  const said = await Promise.all(answers)
  assert.deepEqual(said.sort(), ['busy', 'busy', 'busy', 'mine'])
})

test('should not be refused because somebody looks who has it', async (t) => {
  const run = plannedRun(temporaryLab(t))
  lockRun(run, new Date()).release()
  const look = `console.log('looking'); for (const end = Date.now() + 4000; Date.now() < end;) lockHolder(run)`
  const lookers = [elsewhere(t, look, run), elsewhere(t, look, run)]
  await Promise.all(lookers.map(({ said }) => said()))
  for (let i = 0; i < 50; i++) lockRun(run, new Date()).release()
  await Promise.all(lookers.map(({ end }) => end()))
})

test('should name the right holder to those who look at each other looking', async (t) => {
  const run = plannedRun(temporaryLab(t))
  lockRun(run, new Date()).release()
  const look = `console.log('looking'); for (const end = Date.now() + 3000; Date.now() < end;) lockHolder(run)`
  const looker = elsewhere(t, look, run)
  await looker.said()
  for (let i = 0; i < 300; i++) assert.equal(lockHolder(run), null, 'nobody has it')
  await looker.end()
})
