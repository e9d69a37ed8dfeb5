/** What guards see in real engines: every kind once, by name, function and place; and what each policy does about it. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { KINDS } from '../../runners/guard-kinds.ts'
import { localLauncher } from '../../runners/local.ts'
import { memoryRunner } from '../../runners/memory.ts'
import { pool } from '../../runners/pool.ts'
import { each } from '../conformance/experiments.ts'
import { type Recorder, record } from '../conformance/recorder.ts'
import { assign, type Made, Workshop } from '../conformance/workshop.ts'

const workshop = new Workshop()
after(() => workshop.close())

async function execute(made: Made): Promise<Recorder> {
  const launcher = localLauncher()
  try {
    return await record(pool(launcher, { engines: 1 }), assign(made))
  } finally {
    launcher.close()
  }
}

/** Kind, name as it is told, and an expression that touches it. */
const TOUCHES: readonly [string, string, string][] = [
  ['clock', 'Date.now', 'Date.now()'],
  ['clock', 'Date.now', 'kept()'],
  ['clock', 'new Date', 'new Date().getTime()'],
  ['clock', 'new Date', 'Date()'],
  ['clock', 'new Date', 'new (class Later extends Date {})().getTime()'],
  ['clock', 'performance.now', 'performance.now()'],
  ['clock', 'performance.timeOrigin', 'performance.timeOrigin'],
  ['clock', 'performance.now', 'hooks.performance.now()'],
  ['clock', 'process.hrtime', 'process.hrtime()[0]'],
  ['clock', 'process.hrtime.bigint', 'process.hrtime.bigint()'],
  ['chance', 'crypto.randomUUID', 'crypto.randomUUID()'],
  ['chance', 'crypto.getRandomValues', 'crypto.getRandomValues(new Uint8Array(2))'],
  ['chance', 'crypto.randomBytes', 'nodeCrypto.randomBytes(2).length'],
  ['chance', 'crypto.randomUUID', 'nodeCrypto.randomUUID()'],
  ['chance', 'crypto.randomInt', 'nodeCrypto.randomInt(5)'],
  ['locale', 'Number.prototype.toLocaleString', '(1234.5).toLocaleString()'],
  ['locale', 'BigInt.prototype.toLocaleString', '12n.toLocaleString()'],
  ['locale', 'Array.prototype.toLocaleString', '[1, 2].toLocaleString()'],
  ['locale', 'Date.prototype.toLocaleDateString', 'new Date(5).toLocaleDateString()'],
  ['locale', 'String.prototype.localeCompare', '"a".localeCompare("b")'],
  ['locale', 'String.prototype.toLocaleUpperCase', '"i".toLocaleUpperCase()'],
  ['locale', 'Intl.NumberFormat', 'new Intl.NumberFormat().format(5)'],
  ['locale', 'Intl.DateTimeFormat', 'Intl.DateTimeFormat().resolvedOptions().timeZone'],
  ['environment', 'process.env.HOME', 'process.env.HOME !== ""'],
  ['environment', 'process.env.NOWHERE', '"NOWHERE" in process.env'],
  ['environment', 'process.env', 'Object.keys(process.env).length > 0'],
  ['environment', 'process.env.PATH', 'environment.PATH !== ""'],
  ['environment', 'process.argv', 'process.argv.length'],
  ['machine', 'process.pid', 'process.pid > 0'],
  ['machine', 'process.cwd', 'process.cwd() !== ""'],
  ['machine', 'process.memoryUsage', 'process.memoryUsage().rss > 0'],
  ['machine', 'os.hostname', 'os.hostname() !== ""'],
  ['machine', 'os.cpus', 'os.cpus().length > 0'],
  ['timers', 'setTimeout', 'new Promise((resolve) => setTimeout(resolve, 1, 7))'],
  ['timers', 'setImmediate', 'new Promise((resolve) => setImmediate(resolve, 7))'],
  ['timers', 'timers/promises.setTimeout', 'wait(1, 7)'],
  ['timers', 'setTimeout', 'promisify(setTimeout)(1, 7)'],
  ['files', 'fs.stat', 'promisify(fs.stat)("/etc").then(() => 5)'],
  ['programs', 'child_process.execFile', 'promisify(child.execFile)("true").then(() => 5)'],
  ['clock', 'Date.now', '[0].map(Date.now).length'],
  ['memory', 'WeakRef', 'new WeakRef({}) instanceof WeakRef'],
  ['memory', 'FinalizationRegistry', 'typeof new FinalizationRegistry(() => {})'],
  ['network', 'fetch', 'fetch("http://127.0.0.1:1/").catch(() => 5)'],
  ['network', 'net.connect', 'new Promise((resolve) => net.connect(1, "127.0.0.1").on("error", () => resolve(5)))'],
  ['network', 'http.get', 'new Promise((resolve) => http.get("http://127.0.0.1:1/").on("error", () => resolve(5)))'],
  ['network', 'dns.lookup', 'new Promise((resolve) => dns.lookup("127.0.0.1", () => resolve(5)))'],
  ['files', 'fs.readFileSync', 'fs.readFileSync("/etc/hostname").length > 0'],
  ['files', 'fs.existsSync', 'fs.existsSync("/etc")'],
  ['files', 'fs.readdirSync', 'fs.readdirSync("..").length > 0'],
  ['files', 'fs/promises.readFile', 'promises.readFile("/etc/hostname").then(() => 5)'],
  ['files', 'fs/promises.readFile', 'fs.promises.readFile("/etc/hostname").then(() => 5)'],
  ['files', 'fs.createReadStream', 'fs.createReadStream("/etc/hostname").path'],
  ['programs', 'child_process.execFileSync', 'child.execFileSync("true").length'],
  ['programs', 'child_process.spawnSync', 'child.spawnSync("true").status'],
  ['programs', 'worker_threads.Worker', 'new Promise((resolve) => new threads.Worker("5", { eval: true }).on("exit", resolve))'],
] // biome-ignore format: a table

const TOP = `import * as nodeCrypto from 'node:crypto'
import fs from 'node:fs'
import promises from 'fs/promises'
import os from 'os'
import net from 'node:net'
import http from 'node:http'
import dns from 'node:dns'
import child from 'node:child_process'
import * as threads from 'node:worker_threads'
import * as hooks from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
const kept = Date.now
const environment = process.env
const TRY = [
${TOUCHES.map(([, , code]) => `  function toucher() { return ${code} },`).join('\n')}
]`
const tryEach = (policy: string) =>
  workshop.make(each(TOUCHES.length, 'return await TRY[point.i]()', TOP, `guard: '${policy}',`))

describe('guard: record', () => {
  test('should tell who touched what, and where', async () => {
    const done = await execute(await tryEach('record'))
    const missing = TOUCHES.filter(
      ([kind, name]) => !done.touches.some((t) => t.kind === kind && t.name === name),
    )
    assert.deepEqual(missing, [])
    assert.deepEqual(
      done.touches.filter(({ place }) => !/^[0-9a-f]{64}\.mjs:\d+:\d+$/.test(place)),
      [],
    )
    const direct = TOUCHES.filter(([, name, code]) => !code.includes('=>') && name !== 'Date.now')
    for (const [, name] of direct)
      assert.ok(
        done.touches.some((touch) => touch.name === name && /toucher/.test(touch.caller)),
        name,
      )
    assert.ok(done.chunks.every(({ failed }) => failed === 0))
  })

  test('should tell a place once, however often it is passed, and no more than a few of one function', async () => {
    const loop = `for (let i = 0; i < 1000; i++) Date.now()\n${'performance.now()\n'.repeat(20)} return 1`
    const done = await execute(await workshop.make(each(30, loop)))
    const of = (name: string) => done.touches.filter((touch) => touch.name === name).length
    assert.equal(of('Date.now'), 1)
    assert.ok(of('performance.now') >= 1 && of('performance.now') <= 3)
  })

  test('should tell what was touched while the capsule was loaded', async () => {
    const done = await execute(await workshop.make(each(1, 'return 1', 'const began = Date.now()')))
    assert.deepEqual(
      done.touches.map(({ kind, name }) => [kind, name]),
      [['clock', 'Date.now']],
    )
  })

  test('should tell nothing of an experiment that touches nothing, prints, reads inputs and writes', async () => {
    const body = `console.log('words', { a: 1 }, new Error('shown')); process.stdout.write('x'); log(point, seed)
      fs.writeFileSync('own.txt', 'x'); const own = fs.readFileSync('own.txt', 'utf8') + fs.existsSync('./own.txt')
      fs.mkdirSync('deep/er', { recursive: true }); fs.readdirSync(FOLDER)
      const date = new Date(point.i); structuredClone({ date }); JSON.stringify({ date }); [3, 1, 2].sort()
      return [own, date.toISOString(), Date.UTC(2020, 1), Date.parse('2020-01-01'), new Date(2020, 1).constructor === Date,
        date instanceof Date, Date.length, Date.name, Math.random() < 1, random() < 1, 'ä'.normalize('NFD').length]`
    const done = await execute(
      await workshop.make(each(2, body, `import fs from 'node:fs'\nconst FOLDER = '.'`)),
    )
    assert.deepEqual(done.touches, [])
    assert.equal(done.chunks[0]!.failed, 0, done.words(0))
  })

  test('should let the environment be changed as ever', async () => {
    const body = `process.env.MINE = 'x'; Object.assign(process.env, { YOURS: 'y' }); delete process.env.LANG
      return [process.env.MINE, process.env.YOURS, 'LANG' in process.env]`
    const done = await execute(await workshop.make(each(1, body)))
    assert.match(done.words(0), /\["x","y",false\]/)
  })
})

describe('guard: deny', () => {
  test('should fail the job that touches, name what to use instead, and give the same bytes twice', async () => {
    const made = await tryEach('deny')
    const done = await execute(made)
    const words = TOUCHES.map((_, i) => done.words(i))
    TOUCHES.forEach(([kind, name], i) => {
      const denied = `{"message":"${name} is denied here (guard: 'deny')`
      // What is called at last may be called by way of something else that is guarded.
      if (!words[i]!.includes(denied)) assert.match(words[i]!, /"name":"Denied"/, `${name}: ${words[i]}`)
      assert.ok(words[i]!.includes(KINDS[kind as keyof typeof KINDS].instead.slice(0, 20)), name)
    })
    const again = await record(memoryRunner(), assign(made))
    const inNode = /"(process|navigator)\\./
    TOUCHES.forEach((_, i) => {
      if (!inNode.test(words[i]!)) assert.equal(again.words(i), words[i])
    })
  })

  test('should leave Math.random, inputs, own files and everything exact alone', async () => {
    const body = `fs.writeFileSync('a', 'x'); return [fs.readFileSync('a', 'utf8'), Math.random() < 1, new Date(5).getTime()]`
    const done = await execute(
      await workshop.make(each(1, body, `import fs from 'node:fs'`, `guard: 'deny',`)),
    )
    assert.match(done.words(0), /\["x",true,5\]/)
  })

  test('should not fail a job for what its module touched while it was loaded', async () => {
    const source = each(1, 'return began > 0', 'const began = Date.now()', `guard: 'deny',`)
    const done = await execute(await workshop.make(source))
    assert.match(done.words(0), /"result":true/)
    assert.equal(done.touches.length, 1)
  })
})

test('guard: off should tell and deny nothing', async () => {
  const done = await execute(await tryEach('off'))
  assert.deepEqual(done.touches, [])
  assert.ok(done.chunks.every(({ failed }) => failed === 0))
})
