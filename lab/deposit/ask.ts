/**
 * One request to a repository, and what it answers: bounded in time, size and patience. No redirect is followed, for the token
 * would go with it. A request that the repository did not take (429, 503) is made again when it says so; one whose answer was lost
 * may have been done, so that only what does no harm twice is repeated here, and the rest is `lost`: whoever asked looks.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import type { Repository } from './repository.ts'

export interface Answer {
  readonly status: number
  /** JSON, or null where it was none. */
  readonly body: unknown
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the repository's address, already encoded. */
  readonly path: string
  readonly json?: unknown
  /** The content of a file, opened anew for each attempt. */
  readonly file?: { readonly bytes: number; open(): ReadableStream<Uint8Array> }
}

export interface Patience {
  /** Before the first repetition; each further one waits twice as long. Milliseconds. */
  readonly waitMs: number
  /** For an answer to anything but a file's content, milliseconds. */
  readonly answerMs: number
  readonly signal?: AbortSignal
  /** Told of every wait. */
  say(line: string): void
}

const TIMES = 5
/** The longest time that a repository may ask to be left alone for, ms: Zenodo counts by the minute. */
const LONGEST_WAIT_MS = 120_000
const MOST_BYTES = 16 * 2 ** 20
/** Bytes a second that a connection should have at least. */
const SLOWEST = 20_000

/** Makes a request. Throws `interrupted`; `storage` where the repository cannot be reached; `refused` for a redirect. */
export async function ask(
  repository: Repository,
  request: Request,
  patience: Patience,
): Promise<Answer | 'lost'> {
  for (let times = 1, waitMs = patience.waitMs; ; times++, waitMs *= 2) {
    const outcome = await once(repository, request, patience)
    patience.signal?.throwIfAborted()
    const isBusy = 'status' in outcome && (outcome.status === 429 || outcome.status === 503)
    const isGone = 'fault' in outcome || (!isBusy && outcome.status >= 500)
    if (!isBusy && !isGone) return outcome
    const mayBeDone = isGone && ('status' in outcome || outcome.sent)
    if (request.method === 'POST' && mayBeDone) return 'lost'
    if (times === TIMES) {
      if ('status' in outcome) return outcome
      throw new RepriseError('storage', outcome.fault, {
        subject: repository.base.origin,
        remedy: 'Try again later: what was uploaded is kept, and the next deposit goes on from there',
      })
    }
    const wait = (isBusy ? retryAfter((outcome as { after: string | null }).after) : null) ?? waitMs
    if (wait > LONGEST_WAIT_MS)
      throw new RepriseError('storage', `asks to be left alone for ${Math.ceil(wait / 1_000)} s`, {
        subject: repository.base.origin,
        remedy: 'Deposit again after that: what was uploaded is kept',
      })
    if (isBusy) patience.say(`${repository.base.host} is busy: going on in ${Math.ceil(wait / 1_000)} s`)
    await sleep(wait, undefined, patience.signal === undefined ? {} : { signal: patience.signal }).catch(() =>
      patience.signal?.throwIfAborted(),
    )
  }
}

type Outcome =
  | (Answer & { readonly after: string | null })
  | { readonly fault: string; readonly sent: boolean }

async function once(
  { base, token }: Repository,
  { method, path, json, file }: Request,
  { answerMs, signal }: Patience,
): Promise<Outcome> {
  const sendMs = file === undefined ? 0 : Math.ceil((file.bytes / SLOWEST) * 1_000)
  const late = AbortSignal.timeout(Math.min(answerMs + sendMs, 2 ** 31 - 1))
  const body = json === undefined ? (file?.open() ?? null) : JSON.stringify(json)
  try {
    const answer = await fetch(new URL(path, base), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.inveniordm.v1+json, application/json;q=0.9',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(file === undefined
          ? {}
          : { 'content-type': 'application/octet-stream', 'content-length': String(file.bytes) }),
      },
      body,
      redirect: 'manual',
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
      ...(file === undefined ? {} : { duplex: 'half' }),
    } as RequestInit)
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel()
      throw new RepriseError(
        'refused',
        `redirects to another address (${answer.status}), which gets no token`,
        {
          subject: base.origin,
          remedy: 'Give the address that it has itself, as a browser shows it',
        },
      )
    }
    const after = answer.headers.get('retry-after')
    return { status: answer.status, body: await bodyOf(answer, base), after }
  } catch (error) {
    if (error instanceof RepriseError) throw error
    if (late.aborted) return { fault: `did not answer within ${Math.round(answerMs / 1_000)} s`, sent: true }
    const { code } = (error as { cause?: { code?: unknown } }).cause ?? {}
    const fault = `could not be reached${typeof code === 'string' ? ` (${code})` : ''}`
    return { fault, sent: !UNSENT.includes(String(code)) }
  }
}

/** What a connection says that was never made. */
const UNSENT = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

async function bodyOf(answer: Response, base: URL): Promise<unknown> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body ?? []) {
    length += part.length
    if (length > MOST_BYTES)
      throw new RepriseError('refused', `answered with more than ${MOST_BYTES} bytes`, {
        subject: base.origin,
      })
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return null
  }
}

/** Milliseconds of a Retry-After: seconds, or a date; null where there is none. */
function retryAfter(text: string | null): number | null {
  if (text === null) return null
  if (/^\d{1,6}$/.test(text.trim())) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}
