/**
 * The engine's end of the wire: frames out on file descriptor 1, written at once and whole, from two threads.
 *
 * A second thread sends the beat, because user code may keep the main thread busy for hours. Both write under one
 * lock in shared memory, so that no beat lands inside a frame. When the pool is gone a write meets a broken pipe, or
 * the thread finds itself with another parent, and ends the engine with everything it started: no engine outlives its
 * pool for longer than a beat.
 */
import { encodeFrame, type Report } from './protocol.ts'
import { isEngine } from './role.ts'
import { now, pid, Worker, writeSync } from './unguarded.ts'

/** Shared memory: the lock, where the work is, and how many chunks were reported. */
const LOCK = 0
const CHUNK = 1
const JOB = 2
const SENT = 3

/** Where there is no engine nobody shares it, and a browser may have no shared memory to give. */
const shared = new Int32Array(isEngine ? new SharedArrayBuffer(16) : new ArrayBuffer(16))
shared[CHUNK] = -1
shared[JOB] = -1

/** The key of this engine's frames; empty until the pool has given it one. */
let key = ''
let bufferedChunks = 0
let buffered: Buffer[] = []
let bufferedBytes = 0
let lastFlush = 0

const FLUSH_BYTES = 64 * 1024
const FLUSH_MS = 50

/** Notes where the work is, for the beat. */
export function setPosition(chunk: number, job: number): void {
  shared[CHUNK] = chunk
  shared[JOB] = job
}

export function position(): { chunk: number; job: number } {
  return { chunk: shared[CHUNK] ?? -1, job: shared[JOB] ?? -1 }
}

/** Sends a frame, together with those that waited for company. */
export function send(report: Report, payload?: Uint8Array): void {
  queue(report, payload)
  flush()
}

/** Sends a frame soon: many small ones share a system call. */
export function queue(report: Report, payload?: Uint8Array): void {
  const frame = encodeFrame(report, payload, key)
  buffered.push(frame)
  if (report.type === 'chunk') bufferedChunks++
  bufferedBytes += frame.length
  if (bufferedBytes >= FLUSH_BYTES || now() - lastFlush >= FLUSH_MS) flush()
}

export function flush(): void {
  lastFlush = now()
  if (bufferedBytes === 0) return
  const bytes = Buffer.concat(buffered)
  buffered = []
  bufferedBytes = 0
  while (Atomics.compareExchange(shared, LOCK, 0, 1) !== 0) Atomics.wait(shared, LOCK, 1, 5)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSome(bytes, at)
    Atomics.add(shared, SENT, bufferedChunks)
    bufferedChunks = 0
  } catch {
    endAll() // the pool is gone
  } finally {
    Atomics.store(shared, LOCK, 0)
    Atomics.notify(shared, LOCK)
  }
}

function writeSome(bytes: Buffer, at: number): number {
  try {
    return writeSync(1, bytes, at)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    return 0
  }
}

/** Ends this engine and everything that it started. */
export function endAll(): never {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {} // it leads no group: then it ends alone
  process.kill(pid, 'SIGKILL')
  return process.exit()
}

let watch: InstanceType<typeof Worker> | null = null

/** Starts the thread that watches over the pool's life, before any user code could keep this one busy. */
export function startWatch(): void {
  watch = new Worker(WATCH, { eval: true, workerData: { shared }, stdin: false })
  watch.unref()
}

/** Lets that thread beat every `ms` milliseconds; `given` is the key of all frames from now on. */
export function startBeat(ms: number, given: string): void {
  key = given
  watch?.postMessage({ ms, key })
}

/** Plain text, since a capsule is one file and the thread must not load the user's code. */
const WATCH = `
const { parentPort, workerData } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const { shared } = workerData
const parent = process.ppid
const end = () => {
  try { process.kill(-process.pid, 'SIGKILL') } catch {}
  process.kill(process.pid, 'SIGKILL')
}
setInterval(() => { if (process.ppid !== parent) end() }, 1000)
parentPort.on('message', ({ ms, key }) => setInterval(() => {
  if (Atomics.compareExchange(shared, ${LOCK}, 0, 1) !== 0) return
  try {
    const beat = { type: 'beat', chunk: shared[${CHUNK}], job: shared[${JOB}], sent: shared[${SENT}], key }
    writeSync(1, '\\x1eREPRISE ' + JSON.stringify(beat) + '\\n')
  } catch (error) {
    if (error.code !== 'EAGAIN') end()
  } finally {
    Atomics.store(shared, ${LOCK}, 0)
    Atomics.notify(shared, ${LOCK})
  }
}, ms))
`
