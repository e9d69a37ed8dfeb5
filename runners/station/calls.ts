/**
 * Calls of a station's verbs. Each has its arguments, a result or an error, and three streams: an engine is a call that
 * lasts as long as the engine; a file is sent into one, a journal read out of one. Here is the side that calls.
 */
import type { Readable, Writable } from 'node:stream'
import { type ErrorRecord, RepriseError } from '../../lib/errors.ts'
import { readError } from './facts.ts'
import { ERRORS, INPUT, OUTPUT, type Wire } from './wire.ts'

/** What the near side says of a call. */
export type Request = { readonly verb: string; readonly args: unknown } | { readonly cancel: true }

/** What the station says of it, once, after the last byte of its streams. */
export type Answer = { readonly result: unknown } | { readonly error: ErrorRecord }

export interface Call<R> {
  readonly input: Writable
  readonly output: Readable
  readonly errors: Readable
  /** Rejects with what the station says is wrong, or with LostStation. */
  readonly result: Promise<R>
  /** Makes the station end it; the result still comes. */
  cancel(): void
}

/** The station cannot be reached any more: what was under way there is over, or soon will be. */
export class LostStation extends RepriseError {
  constructor(host: string, how: string) {
    const remedy = 'See whether the host is up and can be reached; a run goes on with `resume`'
    super('engine', `the connection to its station is lost: ${how}`, { subject: host, remedy })
  }
}

interface Pending {
  resolve(result: unknown): void
  reject(error: Error): void
}

export class Calls {
  /** Set by whoever owns the connection, once it is made; names the host in errors. */
  host = ''
  readonly #wire: Wire
  readonly #pending = new Map<number, Pending>()
  #next = 1
  #lost: string | null = null

  constructor(wire: Wire) {
    this.#wire = wire
    void wire.over.then((how) => {
      this.#lost = how
      for (const { reject } of this.#pending.values()) reject(new LostStation(this.host, how))
      this.#pending.clear()
    })
  }

  call<R>(verb: string, args: unknown = {}): Call<R> {
    const id = this.#next++
    const [input, output, errors] = [
      this.#wire.outlet(id, INPUT),
      this.#wire.inlet(id, OUTPUT),
      this.#wire.inlet(id, ERRORS),
    ]
    const result = new Promise<unknown>((resolve, reject) => {
      if (this.#lost !== null) reject(new LostStation(this.host, this.#lost))
      else this.#pending.set(id, { resolve, reject })
    })
    result.catch(() => {}) // whoever wants to know awaits it
    this.#wire.message(id, { verb, args } satisfies Request)
    const cancel = () => {
      if (this.#pending.has(id)) this.#wire.message(id, { cancel: true } satisfies Request)
    }
    return { input, output, errors, result: result as Promise<R>, cancel }
  }

  /** To be told of every message that arrives. */
  hear(id: number, message: unknown): void {
    const pending = this.#pending.get(id)
    if (pending === undefined) return
    if (typeof message !== 'object' || message === null) throw new Error('what came over it is no answer')
    const answer = message as Answer
    this.#pending.delete(id)
    this.#wire.forget(id)
    if ('error' in answer) pending.reject(readError(answer.error, this.host))
    else pending.resolve(answer.result)
  }
}
