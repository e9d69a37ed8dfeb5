/** What engines say is read strictly, and engines that say what none says are lost without blame to any chunk. */
import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import type { Ending } from '../../runners/channel.ts'
import { couldBe } from '../../runners/chunk-bytes.ts'
import type { EngineProcess, Launcher, Places } from '../../runners/launcher.ts'
import { pool } from '../../runners/pool.ts'
import { encodeFrame, FrameReader, type Order, type Report } from '../../runners/protocol.ts'
import type { Assignment } from '../../runners/runner.ts'
import { Recorder } from '../conformance/recorder.ts'

type Say = (report: unknown, payload?: Uint8Array) => void
/** What an engine does with an order. */
type Conduct = (order: Order, say: Say, raw: (bytes: Buffer) => void, end: (ending: Ending) => void) => void

const READY = { type: 'ready', pid: 0, node: 'v20', host: 'h' }
const bytesOf = (chunk: number) => Buffer.from(`{"chunk":${chunk},"jobs":[{"result":${chunk}}]}`)
const answer = (chunk: number) => ({ type: 'chunk', chunk, failed: 0, ms: 5, stacks: [] })

/** An engine as it should be. */
const good: Conduct = (order, say) => {
  if (order.type === 'open') say(READY)
  if (order.type === 'batch') for (const chunk of order.chunks) say(answer(chunk), bytesOf(chunk))
}

function engine(host: string, conduct: Conduct): EngineProcess {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  let key = ''
  let end: (ending: Ending) => void = () => {}
  const ended = new Promise<Ending>((resolve) => {
    end = resolve
  })
  const say: Say = (report, payload) => stdout.write(encodeFrame(report as Report, payload, key))
  const reader = new FrameReader<Order>(
    ({ message }) => {
      if (message.type === 'open') key = message.key
      setTimeout(() => conduct(message, say, (bytes) => stdout.write(bytes), end), 5)
    },
    () => {},
  )
  stdin.on('data', (bytes: Buffer) => reader.push(bytes))
  return { host, stdin, stdout, stderr, ended, kill: () => end({ how: 'killed', unreachable: false }) }
}

/** Two hosts with a place each, until they are forsaken. */
class Hosts implements Launcher {
  readonly kind = 'words'
  readonly forsaken: string[] = []
  readonly #conducts: Readonly<Record<string, Conduct>>
  readonly #busy = new Set<string>()
  #places: Places | null = null

  constructor(conducts: Readonly<Record<string, Conduct>>) {
    this.#conducts = conducts
  }

  open(_: unknown, places: Places): void {
    this.#places = places
    places.free()
  }

  launch(): EngineProcess | null {
    const free = Object.keys(this.#conducts).find((h) => !this.#busy.has(h) && !this.forsaken.includes(h))
    if (free === undefined) return null
    this.#busy.add(free)
    const launched = engine(free, this.#conducts[free]!)
    void launched.ended.then(() => {
      this.#busy.delete(free)
      this.#places!.free()
    })
    return launched
  }

  forsake(host: string, error: Error): void {
    this.forsaken.push(host)
    if (this.forsaken.length === Object.keys(this.#conducts).length) this.#places!.none(error)
  }

  close(): void {}
}

async function execute(conducts: Record<string, Conduct>, count = 40, silenceMs = 5_000) {
  const hosts = new Hosts(conducts)
  const recorder = new Recorder({})
  const chunks = Array.from({ length: count }, (_, i) => i)
  const assignment: Assignment = { capsule: '', hash: '00', chunks, count, inputs: {} }
  await pool(hosts, { engines: 2, silenceMs }).execute(assignment, recorder, AbortSignal.timeout(60_000))
  return { recorder, hosts }
}

const LIES: Record<string, (say: Say, chunk: number) => void> = {
  'fatal without an error': (say) => say({ type: 'fatal' }),
  'fatal with an error that is none': (say) => say({ type: 'fatal', error: { code: 'engine', message: 5 } }),
  'ready twice': (say) => say(READY),
  'no bytes, and the leaf of others': (say, chunk) => say({ ...answer(chunk), leaf: 'ee'.repeat(32) }),
  'the bytes of another chunk': (say, chunk) => say(answer(chunk), bytesOf(chunk + 1)),
  'bytes of no chunk': (say, chunk) => say(answer(chunk), Buffer.from('no chunk at all')),
  'fewer failures than none': (say, chunk) => say({ ...answer(chunk), failed: -1e6 }, bytesOf(chunk)),
  'many failures': (say, chunk) => say({ ...answer(chunk), failed: 'many' }, bytesOf(chunk)),
  'more failures than there are': (say, chunk) => say({ ...answer(chunk), failed: 1 }, bytesOf(chunk)),
  'no stacks': (say, chunk) => say({ ...answer(chunk), stacks: undefined }, bytesOf(chunk)),
  'touched by nobody knows what': (say) => say({ type: 'touched', chunk: 0, job: 0 }),
  'a log of no text': (say) => say({ type: 'log', chunk: 0, job: 0, stream: 'log', text: 7 }),
}
for (const [lie, tell] of Object.entries(LIES)) {
  test(`should lose an engine that says: ${lie}, and blame no chunk`, async () => {
    const bad: Conduct = (order, say) => {
      if (order.type === 'open') say(READY)
      if (order.type === 'batch') tell(say, order.chunks[0]!)
    }
    const slow: Conduct = (order, say, raw, end) => {
      if (order.type === 'open') return good(order, say, raw, end)
      setTimeout(() => good(order, say, raw, end), 20)
    }
    const { recorder, hosts } = await execute({ bad, slow })
    assert.deepEqual(recorder.aside, [])
    assert.equal(recorder.chunks.length, 40)
    for (const { chunk, bytes } of recorder.chunks) assert.deepEqual(Buffer.from(bytes), bytesOf(chunk))
    assert.ok(recorder.losses.length > 0 && recorder.losses.length <= 3)
    for (const { reason } of recorder.losses) assert.match(reason, /does not speak the protocol/)
    assert.deepEqual(hosts.forsaken, recorder.losses.length === 3 ? ['bad'] : [])
  })
}

test('should forsake one host whose capsule is another, and end where no host is left', async () => {
  const error = { code: 'not-intact', message: 'it holds another experiment', subject: 'capsule', remedy: '' }
  const bad: Conduct = (order, say) => order.type === 'open' && say({ type: 'fatal', error })
  const { recorder, hosts } = await execute({ bad, good })
  assert.deepEqual([recorder.chunks.length, hosts.forsaken], [40, ['bad']])
  await assert.rejects(execute({ bad, worse: bad }), { code: 'not-intact' })
})

test('should wait for a long report on a slow line', async () => {
  const big = Buffer.from(`{"chunk":0,"jobs":[{"result":"${'x'.repeat(60_000)}"}]}`)
  let key = ''
  const slow: Conduct = (order, say, raw) => {
    if (order.type === 'open') {
      key = order.key
      say(READY)
    }
    if (order.type !== 'batch') return
    const frame = encodeFrame(answer(0) as Report, big, key)
    let at = 0
    const drip = setInterval(() => {
      raw(frame.subarray(at, at + 2_000))
      at += 2_000
      if (at >= frame.length) clearInterval(drip)
    }, 100)
  }
  const { recorder } = await execute({ slow }, 1, 1_500)
  assert.deepEqual([recorder.losses, recorder.chunks.length], [[], 1])
})

test('should give up a chunk that takes the way to its host with it, and no other', async () => {
  const deadly: Conduct = (order, say, raw, end) => {
    if (order.type !== 'batch' || !order.chunks.includes(7)) return good(order, say, raw, end)
    for (const chunk of order.chunks.slice(0, order.chunks.indexOf(7))) say(answer(chunk), bytesOf(chunk))
    setTimeout(() => end({ how: 'the connection broke', unreachable: true }), 50)
  }
  const { recorder } = await execute({ a: deadly, b: deadly })
  assert.deepEqual(
    recorder.aside.map(({ chunk }) => chunk),
    [7],
  )
  assert.match(recorder.aside[0]!.reason, /the way to 5 hosts was lost/)
  assert.ok(recorder.losses.length >= 5 && recorder.losses.length <= 10) // more where two had it at once
  assert.equal(recorder.chunks.length, 39)
})

test('should know the bytes of a chunk by their form', () => {
  const failed = '{"error":{"message":"","name":"Error"}}'
  const cases: [string, number, boolean][] = [
    ['{"chunk":3,"jobs":[]}', 0, true],
    [`{"chunk":3,"jobs":[${failed},{"result":{"error":{"message":"mine"}}}]}`, 1, true],
    ['{"chunk":3,"jobs":[{"result":{"error":{"message":"mine"}}}]}', 0, true],
    [`{"chunk":3,"jobs":[${failed}]}`, 0, false],
    [`{"chunk":3,"failed":[{"error":{"message":"","name":""},"job":1}],"summary":1}`, 1, true],
    ['{"chunk":3,"failed":[],"summary":1}', 0, true],
    ['{"chunk":3,"jobs":[', 0, false],
    ['{"chunk":33,"jobs":[]}', 0, false],
    ['{"chunk":3,"other":[]}', 0, false],
    [`{"chunk":3,"jobs":[${failed}}`, 1, false],
  ]
  for (const [text, count, is] of cases) assert.equal(couldBe(3, count, Buffer.from(text)), is, text)
})

test('should read what is all marks in no time', () => {
  const marks = '\x1eREPRISE '.repeat(200_000)
  const forged = '\x1eREPRISE {"type":"x","bytes":1000000,"leaf":"0"}\n'.repeat(40_000)
  for (const text of [`${marks}\n`, marks, `${marks}\n`.repeat(2), forged]) {
    let noise = 0
    const reader = new FrameReader(
      () => assert.fail('a frame'),
      (bytes) => {
        noise += bytes.length
      },
    )
    const begun = process.cpuUsage()
    for (let at = 0; at < text.length; at += 65_536) reader.push(Buffer.from(text.slice(at, at + 65_536)))
    reader.end()
    assert.equal(noise, text.length)
    assert.ok(process.cpuUsage(begun).user < 5_000_000)
  }
})
