/**
 * Runs in a capsule before any of the user's code: what that code prints becomes log frames, and what it throws
 * while loading becomes one message, so that neither can be mistaken for the protocol; and what it touches is guarded.
 */
import { Writable } from 'node:stream'
import { RepriseError, toErrorRecord } from '../lib/errors.ts'
import { ownEnvironment } from './environment.ts'
import { installGuards } from './guard-install.ts'
import { isEngine } from './role.ts'
import { flush, position, send, startWatch } from './wire.ts'

/** This engine's environment, asked before any user code could change the answer; null where there is no engine. */
export const engineEnvironment = isEngine ? ownEnvironment() : null

if (isEngine) {
  for (const stream of ['stdout', 'stderr'] as const) {
    // Node's own stream must not even be made: it would make writes to the descriptor fail when the pipe is full.
    Object.defineProperty(process, stream, { value: logStream(stream), configurable: true, enumerable: true })
  }
  startWatch() // a thread's start makes the process's own streams: only now are they out of reach
  const fatal = (thrown: unknown) => {
    const error = thrown instanceof RepriseError ? thrown : new RepriseError('capsule', describe(thrown))
    send({ type: 'fatal', error: toErrorRecord(error, 'capsule') })
    process.exit(1)
  }
  process.on('uncaughtException', fatal)
  process.on('unhandledRejection', fatal)
  process.on('exit', flush)
  process.on('SIGINT', () => {}) // the pool decides when an engine ends
}
installGuards()

/** What stands for `process.stdout` or `process.stderr`: each write is a log frame at once. */
function logStream(stream: 'stdout' | 'stderr'): Writable {
  const made = new Writable()
  const write = (text: unknown, encoding?: unknown, done?: unknown) => {
    const callback = typeof encoding === 'function' ? encoding : done
    const words = typeof text === 'string' ? text : Buffer.from(text as Uint8Array).toString('utf8')
    send({ type: 'log', ...position(), stream, text: words })
    if (typeof callback === 'function') queueMicrotask(() => callback())
    return true
  }
  return Object.assign(made, { write, fd: stream === 'stdout' ? 1 : 2 })
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `threw ${String(thrown)}`
  const where = /\n\s+at ([^\n]*)/.exec(thrown.stack ?? '')?.[1]
  return `${thrown.name}: ${thrown.message}${where === undefined ? '' : ` (at ${where})`}`
}
