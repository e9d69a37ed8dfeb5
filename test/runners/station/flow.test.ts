/** Many streams share one channel: none starves the others, none fills memory, and a far side that lies is let go. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Calls } from '../../../runners/station/calls.ts'
import {
  CREDIT,
  DATA,
  END,
  encodeCredit,
  encodeFrame,
  FrameCutter,
  MESSAGE,
} from '../../../runners/station/frames.ts'
import { WINDOW } from '../../../runners/station/streams.ts'
import { Wire } from '../../../runners/station/wire.ts'
import { folderFor, keepText, stationFor, until } from './shell.ts'

const ECHO = `process.stdin.on('data', (bytes) => process.stdout.write(bytes))`
const FLOOD = `import { writeSync } from 'node:fs'
const bytes = Buffer.alloc(65536, 'x')
for (;;) try { writeSync(1, bytes) } catch (error) { if (error.code !== 'EAGAIN') throw error }`
const DEAF = `const parent = process.ppid; setInterval(() => process.ppid === parent || process.exit(), 200)`

const residentMb = (pid: number) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

test('should keep one engine’s flood, and one that reads nothing, from the others and from memory', async (t) => {
  const station = await stationFor(t)
  const folder = folderFor(t)
  const [echo, flood, deaf] = [
    station.launch(await keepText(station, ECHO, folder), []),
    station.launch(await keepText(station, FLOOD, folder), []),
    station.launch(await keepText(station, DEAF, folder), []),
  ]
  const before = residentMb(station.shell.pid)
  let taken = 0
  flood.stdout.on('data', (bytes: Buffer) => {
    taken += bytes.length
  })
  let accepted = 0
  const pour = () => {
    for (let more = true; more && accepted < 100 * WINDOW; accepted += 16384)
      more = deaf.stdin.write(Buffer.alloc(16384))
  }
  deaf.stdin.on('drain', pour)
  pour()
  await until('the flood', () => taken > 4 * WINDOW && accepted >= WINDOW)
  const trips: number[] = []
  for (let i = 0; i < 40; i++) {
    const began = performance.now()
    const heard = new Promise((resolve) => echo.stdout.once('data', resolve))
    echo.stdin.write(`${i}`)
    await heard
    trips.push(performance.now() - began)
    if (i === 20) flood.stdout.pause() // from now on nobody reads it
  }
  trips.sort((a, b) => a - b)
  assert.ok(trips[20]! < 1_000, `a round trip took ${trips[20]} ms beside the flood`)
  await sleep(500)
  assert.ok(flood.stdout.readableLength <= WINDOW + 65536)
  assert.ok(
    accepted > 0 && accepted <= WINDOW + 4 * 65536,
    `${accepted} bytes were taken for an engine that reads none`,
  )
  const grown = residentMb(station.shell.pid) - before
  assert.ok(grown < 150, `the station grew by ${grown} MB`)
  const resumed = taken
  flood.stdout.resume()
  await until('the flood going on', () => taken > resumed + 2 * WINDOW)
  flood.kill()
  assert.equal((await flood.ended).how, 'killed by SIGKILL')
})

test('should cut frames the same wherever the stream is cut', () => {
  const frames: [number, number, string][] = [
    [MESSAGE, 7, '{"a":"ž"}'],
    [DATA, 4_294_967_295, 'bytes'],
    [END, 3, ''],
    [DATA, 1, ''],
    [CREDIT, 9, '\0\0\u0001\0'],
    [MESSAGE, 0, '{}'],
  ]
  const bytes = Buffer.concat(
    frames.map(([type, number, text]) => encodeFrame(type, number, Buffer.from(text))),
  )
  const cut = (pieces: readonly Buffer[]) => {
    const found: [number, number, string][] = []
    const cutter = new FrameCutter((type, number, content) => {
      const last = found.at(-1)
      const goesOn = type === DATA && last?.[0] === DATA && last[1] === number
      if (goesOn) last[2] += content.toString('latin1')
      else found.push([type, number, content.toString(type === MESSAGE ? 'utf8' : 'latin1')])
    })
    for (const piece of pieces) cutter.push(piece)
    return found
  }
  const expected = frames.filter(([type, , text]) => type !== DATA || text !== '')
  for (let first = 0; first <= bytes.length; first++) {
    const found = cut([bytes.subarray(0, first), bytes.subarray(first)])
    assert.deepEqual(
      found.filter(([type, , text]) => type !== DATA || text !== ''),
      expected,
    )
  }
  const single = cut([...bytes].map((byte) => Buffer.from([byte])))
  assert.deepEqual(
    single.filter(([type, , text]) => type !== DATA || text !== ''),
    expected,
  )
})

const LIES: Readonly<Record<string, Buffer>> = {
  'bytes that are no frame': Buffer.from('Connection reset by peer\n'),
  'a frame without end': Buffer.from([MESSAGE, 0, 0, 0, 1, 255, 255, 255, 255]),
  'a message that is no JSON': encodeFrame(MESSAGE, 1, Buffer.from('{')),
  'an answer that is none': encodeFrame(MESSAGE, 1, Buffer.from('null')),
  'more than was granted': Buffer.concat(
    Array.from({ length: WINDOW / 65536 + 1 }, () => encodeFrame(DATA, 5, Buffer.alloc(65536))),
  ),
}

for (const [what, bytes] of Object.entries(LIES)) {
  test(`should let go of a station that sends ${what}`, async () => {
    const from = new PassThrough()
    const wire: Wire = new Wire(from, new PassThrough(), {
      heard() {},
      message: (id, message) => calls.hear(id, message),
    })
    const calls: Calls = new Calls(wire)
    const call = calls.call('facts')
    const refused = assert.rejects(call.result, { code: 'engine' })
    from.write(bytes)
    await refused
    assert.equal((await call.output.toArray()).length <= WINDOW / 65536, true)
    call.input.end('swallowed')
  })
}

test('should believe no credit, stream or error that makes no sense', async () => {
  const from = new PassThrough()
  const wire: Wire = new Wire(from, new PassThrough(), {
    heard() {},
    message: (id, said) => calls.hear(id, said),
  })
  const calls: Calls = new Calls(wire)
  const call = calls.call('facts')
  from.write(encodeCredit(400, 4_294_967_295))
  from.write(encodeFrame(DATA, 400, Buffer.from('to nobody')))
  from.write(encodeFrame(MESSAGE, 99, Buffer.from('{"result":1}')))
  const error = { code: 'no such code', message: 'red \u001b[31m', subject: 5 }
  from.write(encodeFrame(MESSAGE, 1, Buffer.from(JSON.stringify({ error }))))
  await assert.rejects(call.result, { code: 'engine', message: 'red �[31m' })
  assert.deepEqual(await call.output.toArray(), [])
})
