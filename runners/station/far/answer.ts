/** The side of calls that answers: takes requests off the wire, runs their verbs, and says what came of it, once each. */
import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { RepriseError, toErrorRecord } from '../../../lib/errors.ts'
import type { Answer, Request } from '../calls.ts'
import { ERRORS, INPUT, OUTPUT, type Wire } from '../wire.ts'
import type { Scratch } from './scratch.ts'
import { storageError } from './whole.ts'

/** What a verb may use of the station. */
export interface Host {
  readonly directory: string
  readonly scratch: Scratch
}

/** The streams of a call, and whether it is still wanted. */
export interface Exchange {
  readonly input: Readable
  readonly output: Writable
  readonly errors: Writable
  /** Aborted when the near side cancels it and when the station ends; then nothing that is written arrives any more. */
  readonly signal: AbortSignal
}

/** What arrives is not to be trusted to have any shape: each verb checks what it takes of `args`. */
export type Verb = (args: Readonly<Record<string, unknown>>, exchange: Exchange, host: Host) => unknown

export interface Answering {
  hear(id: number, message: unknown): void
  /** Ends all calls at once. */
  endAll(): void
}

export function answerCalls(wire: Wire, verbs: Readonly<Record<string, Verb>>, host: Host): Answering {
  const open = new Map<number, AbortController>()

  async function answer(id: number, verb: string, args: unknown): Promise<void> {
    const stop = new AbortController()
    open.set(id, stop)
    const input = wire.inlet(id, INPUT)
    const [output, errors] = [wire.outlet(id, OUTPUT), wire.outlet(id, ERRORS)]
    stop.signal.addEventListener('abort', () => input.close())
    for (const outlet of [output, errors]) {
      outlet.on('error', () => {}) // whatever it is, it is no reason to end
      stop.signal.addEventListener('abort', () => outlet.discard())
    }
    let said: Answer
    try {
      const act = Object.hasOwn(verbs, verb) ? verbs[verb]! : unknown(verb)
      const result = await act(record(args), { input, output, errors, signal: stop.signal }, host)
      said = { result: result ?? null }
    } catch (error) {
      said = { error: toErrorRecord(storageError(host.directory, error), 'engine') }
    }
    for (const outlet of [output, errors]) if (!outlet.writableEnded) outlet.end()
    await Promise.allSettled([finished(output), finished(errors)])
    open.delete(id)
    wire.forget(id)
    wire.message(id, said)
  }

  return {
    hear(id, message) {
      if (typeof message !== 'object' || message === null) return
      const request = message as Request
      if ('cancel' in request) open.get(id)?.abort()
      else if (!open.has(id)) void answer(id, request.verb, request.args)
    },
    endAll() {
      for (const stop of open.values()) stop.abort()
    },
  }
}

function record(args: unknown): Readonly<Record<string, unknown>> {
  return typeof args === 'object' && args !== null ? (args as Record<string, unknown>) : {}
}

function unknown(verb: string): Verb {
  throw new RepriseError('usage', `a station knows no ${String(verb)}`)
}
