/** Frames: whatever the stream is cut into and whatever else is in it, frames come out whole and the rest is noise. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { leafHash } from '../../lib/merkle.ts'
import { encodeFrame, FrameReader, leafOf, type Report } from '../../runners/protocol.ts'
import { runs } from '../lib/arbitrary.ts'

const MARK = '\x1eREPRISE '

interface Read {
  readonly frames: { message: Report; payload: string; leaf: string }[]
  readonly noise: Buffer
}

function read(pieces: readonly Buffer[], trusts?: (key: string) => boolean): Read {
  const frames: Read['frames'] = []
  const noise: Buffer[] = []
  const reader = new FrameReader<Report>(
    ({ message, payload, leaf }) =>
      frames.push({ message, payload: Buffer.from(payload).toString('latin1'), leaf }),
    (bytes) => noise.push(Buffer.from(bytes)),
    trusts,
  )
  for (const piece of pieces) reader.push(piece)
  reader.end()
  return { frames, noise: Buffer.concat(noise) }
}

const log = (text: string): Report => ({ type: 'log', chunk: 1, job: 2, stream: 'stdout', text })
const done = (chunk: number): Report => ({ type: 'chunk', chunk, failed: 0, ms: 1, stacks: [] })
const cuts = (bytes: Buffer, places: readonly number[]) => {
  const at = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  )
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}

test('should know a leaf hash from the Merkle tree', () => {
  for (const text of ['', 'x', '{"chunk":0}'])
    assert.equal(leafOf(Buffer.from(text)), Buffer.from(leafHash(Buffer.from(text))).toString('hex'))
})

test('should read what was written, cut in two at any byte, with noise around', () => {
  const payload = Buffer.from(`payload ${MARK}{"type":"log"}\n with marks ${MARK}`)
  const before = Buffer.from(`noise ${MARK.slice(0, 4)} ${MARK}not json\n`)
  const bytes = Buffer.concat([
    before,
    encodeFrame(done(7), payload),
    Buffer.from('between\n'),
    encodeFrame(log('ž')),
  ])
  for (let at = 0; at <= bytes.length; at++) {
    const { frames, noise } = read([bytes.subarray(0, at), bytes.subarray(at)])
    assert.equal(frames.length, 2)
    assert.deepEqual(frames[0]!.payload, payload.toString('latin1'))
    assert.equal(frames[0]!.leaf, leafOf(payload))
    assert.deepEqual(frames[1]!.message, log('ž'))
    assert.equal(noise.toString(), `${before.toString()}between\n`)
  }
})

test('should read it byte by byte', () => {
  const bytes = Buffer.concat([encodeFrame(done(1), Buffer.from('abc')), encodeFrame(done(2))])
  const { frames, noise } = read([...bytes].map((byte) => Buffer.from([byte])))
  assert.deepEqual([frames.length, noise.length], [2, 0])
})

test('should lose no frame and no byte of noise, whatever is printed in between', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 30 }).map((bytes) => ({ noise: Buffer.from(bytes) })),
    fc
      .constantFrom(
        MARK,
        MARK.slice(0, 3),
        `${MARK}{`,
        `${MARK}{}\n`,
        `${MARK}null\n`,
        `${MARK}{"type":"x","bytes":-1}\n`,
        '\n',
      )
      .map((text) => ({ noise: Buffer.from(text) })),
    fc.uint8Array({ maxLength: 40 }).map((payload) => ({
      frame: encodeFrame(done(payload.length), payload),
      payload: Buffer.from(payload),
    })),
  )
  const property = fc.property(
    fc.array(piece, { maxLength: 12 }),
    fc.array(fc.nat(), { maxLength: 8 }),
    (pieces, places) => {
      const bytes = Buffer.concat(pieces.map((p) => ('noise' in p ? p.noise : p.frame)))
      const { frames, noise } = read(cuts(bytes, places))
      const payloads = pieces.flatMap((p) => ('payload' in p ? [p.payload.toString('latin1')] : []))
      assert.deepEqual(
        frames.map((frame) => frame.payload),
        payloads,
      )
      assert.deepEqual(noise, Buffer.concat(pieces.flatMap((p) => ('noise' in p ? [p.noise] : []))))
    },
  )
  fc.assert(property, runs(500))
})

test('should take a torn frame for noise and read on behind the tear', () => {
  const payload = Buffer.from('0123456789'.repeat(20))
  const whole = encodeFrame(done(1), payload)
  const next = encodeFrame(done(2), Buffer.from('second'))
  for (const at of [3, 20, whole.length - payload.length, whole.length - 100, whole.length - 1]) {
    const torn = [whole.subarray(0, at), Buffer.from('printed\n'), whole.subarray(at), next]
    const { frames } = read([Buffer.concat(torn)])
    assert.deepEqual(
      frames.map(({ message }) => (message as { chunk: number }).chunk),
      [2],
    )
  }
})

test('should find a frame within a torn payload', () => {
  const outer = encodeFrame(done(1), Buffer.alloc(500, 'x'))
  const inner = encodeFrame({ type: 'beat', chunk: 1, job: 0, sent: 0 })
  const bytes = Buffer.concat([outer.subarray(0, 300), inner, outer.subarray(300)])
  const { frames, noise } = read([bytes])
  assert.deepEqual(
    frames.map(({ message }) => message.type),
    ['beat'],
  )
  assert.equal(noise.length, outer.length)
})

test('should take any changed byte of a frame with a payload for what it is', () => {
  const bytes = encodeFrame(done(1), Buffer.from('{"chunk":1,"jobs":[]}'))
  const start = bytes.indexOf(10) + 1
  for (let i = start; i < bytes.length; i++) {
    const changed = Buffer.from(bytes)
    changed[i]! ^= 1
    assert.equal(read([changed]).frames.length, 0, `byte ${i}`)
  }
})

test('should believe no frame that lacks the key', () => {
  const trusts = (key: string) => key === 'secret'
  const good = encodeFrame(done(1), Buffer.from('abc'), 'secret')
  const forged = encodeFrame(done(2), Buffer.from('abc'), 'guess')
  const endless = Buffer.from(`${MARK}{"type":"chunk","bytes":900000000,"leaf":"0"}\n`)
  const { frames, noise } = read([Buffer.concat([forged, endless, encodeFrame(done(3)), good])], trusts)
  assert.deepEqual(
    frames.map(({ message }) => (message as { chunk: number }).chunk),
    [1],
  )
  assert.ok(noise.includes('guess'))
})

test('should not wait for payloads that no frame may have', () => {
  for (const bytes of ['1073741825', '-1', '1.5', '"10"', 'null', '1e99']) {
    const header = Buffer.from(`${MARK}{"type":"chunk","bytes":${bytes},"leaf":"0"}\n`)
    assert.equal(read([Buffer.concat([header, encodeFrame(log('after'))])]).frames.length, 1, bytes)
  }
})
