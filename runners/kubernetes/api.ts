/**
 * Requests to the API of Kubernetes: JSON in, JSON out, each with an end to patience and to what is read, and watches, a line
 * an event. Objects go as they are: client-node's own calls drop what their version does not know, such as a new field in
 * the user's template, and cannot be ended before they are answered.
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { within } from '../within.ts'
import type { Authorized, Connection } from './connection.ts'
import { noCredentials, type Refusal, refusalOf, unreachable } from './failures.ts'
import { linesOf } from './lines.ts'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface Ask {
  readonly query?: Query
  readonly body?: object
  /** Of the body; JSON when not given. */
  readonly contentType?: string
  /** Ends it; then it throws. */
  readonly signal?: AbortSignal
}

/** What was answered: an object, or a refusal. */
export type Answer = { readonly object: unknown } | { readonly refusal: Refusal }

export interface KubernetesApi {
  readonly connection: Connection
  /** Throws `engine` where nobody answers. */
  ask(method: string, path: string, options?: Ask): Promise<Answer>
  /** The same, where a refusal is not expected: throws `usage`, `busy` or `engine` then. */
  get(path: string, query?: Query): Promise<unknown>
  /** The last bytes of a text, at most `most`; a refusal where it is refused. */
  text(path: string, query: Query, most: number): Promise<string | Refusal>
  /** Tells each event until the server ends the watch; `idleMs`: without a word for so long, it is taken for dead. */
  watch(
    path: string,
    options: { query: Query; idleMs: number; signal: AbortSignal; event: (event: unknown) => void },
  ): Promise<Refusal | null>
}

/** A page of 500 pods is some 5 MB. */
const MOST_BYTES = 128e6
const MOST_LINE = 8e6
const MOST_REFUSAL = 65_536
/** Questions are asked so often, where the server has no time; and so much later, ms, where it does not say when. */
const TRIES = 4
const LEAST_MS = 125

export function kubernetesApi(connection: Connection, askMs: number): KubernetesApi {
  async function authorized(): Promise<Authorized> {
    const options: Authorized = { headers: {} }
    try {
      const done = connection.authorize(options).then(() => true)
      if ((await within(askMs, done)) === null) throw new Error(`nothing after ${Math.round(askMs / 1000)} s`)
    } catch (error) {
      if (/HTTP protocol is not allowed/.test((error as Error).message)) throw unreachable(connection, error)
      throw noCredentials(connection, error)
    }
    return options
  }

  /** Settles when the head of the answer is there. */
  async function send(method: string, path: string, ask: Ask, signal: AbortSignal): Promise<IncomingMessage> {
    const options = await authorized()
    const url = new URL(connection.server + path)
    for (const [name, value] of Object.entries(ask.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const body = ask.body === undefined ? null : Buffer.from(JSON.stringify(ask.body))
    const headers: Record<string, string | number> = {
      ...(options.headers as Record<string, string>),
      accept: 'application/json, */*;q=0.5',
      'user-agent': 'reprise',
    }
    if (body !== null) {
      headers['content-type'] = ask.contentType ?? 'application/json'
      headers['content-length'] = body.length
    }
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest
    return new Promise((resolve, reject) => {
      const sent: ClientRequest = start(url, { ...options, method, headers, signal } as object, resolve)
      sent.on('error', reject)
      sent.end(body ?? undefined)
    })
  }

  /** Sends and reads, within the patience; what goes wrong on the way is `engine`. */
  async function exchange<T>(
    [method, path, ask]: [string, string, Ask],
    read: (answer: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    const late = AbortSignal.timeout(askMs)
    const signal = ask.signal === undefined ? late : AbortSignal.any([late, ask.signal])
    try {
      return await read(await send(method, path, ask, signal))
    } catch (error) {
      throw failed(error, late.aborted ? `no answer within ${Math.round(askMs / 1000)} s` : null)
    }
  }

  function failed(error: unknown, late: string | null): Error {
    if ((error as Error).name === 'RepriseError') return error as Error
    return unreachable(
      connection,
      late === null ? error : Object.assign(new Error(late), { code: 'ETIMEDOUT' }),
    )
  }

  async function askOnce(method: string, path: string, options: Ask): Promise<Answer> {
    return exchange([method, path, options], async (answer) => {
      if (isRefusal(answer)) return { refusal: await refusalIn(answer) }
      return { object: JSON.parse(await whole(answer)) as unknown }
    })
  }

  /** A question, or what is done once however often it is asked for, is asked again, where the server has no time for it now. */
  async function ask(method: string, path: string, options: Ask = {}): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const answer = await askOnce(method, path, options)
      if ('object' in answer || (method !== 'GET' && method !== 'DELETE') || tries >= TRIES) return answer
      const { status, retryAfterMs } = answer.refusal
      const waitMs = retryAfterMs ?? LEAST_MS * 2 ** tries
      if ((status !== 429 && status < 500) || waitMs > askMs) return answer
      await within(waitMs, aborted(options.signal))
      options.signal?.throwIfAborted()
    }
  }

  return {
    connection,
    ask,
    async get(path, query = {}) {
      const answer = await ask('GET', path, { query })
      if ('object' in answer) return answer.object
      throw refusalOf(connection, answer.refusal)
    },
    text: (path, query, most) =>
      exchange(['GET', path, { query }], async (answer) =>
        isRefusal(answer) ? refusalIn(answer) : endOf(answer, most),
      ),
    async watch(path, { query, idleMs, signal, event }) {
      const silence = new AbortController()
      const timer = setTimeout(() => silence.abort(), idleMs)
      try {
        const ask = { query: { ...query, watch: true } }
        const answer = await send('GET', path, ask, AbortSignal.any([signal, silence.signal]))
        if (isRefusal(answer)) return await refusalIn(answer)
        for await (const line of linesOf(answer, MOST_LINE)) {
          timer.refresh()
          event(JSON.parse(line))
        }
        return null
      } catch (error) {
        throw failed(error, silence.signal.aborted ? `not a word for ${Math.round(idleMs / 1000)} s` : null)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** Settles when it is aborted, if ever. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
}

function isRefusal({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode < 200 || statusCode > 299
}

async function refusalIn(answer: IncomingMessage): Promise<Refusal> {
  const text = await whole(answer, MOST_REFUSAL)
  const seconds = Number(answer.headers['retry-after'] ?? Number.NaN)
  const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : null
  return { status: answer.statusCode ?? 0, ...statusIn(text), retryAfterMs }
}

/** Of a Status of Kubernetes; other text is kept as words. */
function statusIn(text: string): { reason: string; message: string } {
  try {
    const status = JSON.parse(text) as { kind?: unknown; reason?: unknown; message?: unknown } | null
    if (status?.kind !== 'Status') return { reason: '', message: text }
    const { reason, message } = status
    return {
      reason: typeof reason === 'string' ? reason : 'Unknown',
      message: typeof message === 'string' ? message : '',
    }
  } catch {
    return { reason: '', message: text }
  }
}

async function whole(answer: IncomingMessage, most = MOST_BYTES): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > most) throw new Error(`it says more than ${most} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

async function endOf(answer: IncomingMessage, most: number): Promise<string> {
  let end = Buffer.alloc(0)
  for await (const piece of answer as AsyncIterable<Buffer>) end = Buffer.concat([end, piece]).subarray(-most)
  return end.toString('utf8')
}
