/**
 * Asks a timestamp authority over HTTP (RFC 3161 §3.4). What comes back is hostile: bounded in size and time, no redirect
 * followed, nothing of it shown; provenance/timestamp.ts reads it. A password in the URL goes to the authority and nowhere
 * else, neither into a record nor into a message.
 */
import { RepriseError } from '../lib/errors.ts'
import { MAX_TOKEN } from '../provenance/timestamp-request.ts'

export interface TsaAnswer {
  /** The bytes of the response. */
  readonly response: Uint8Array
  /** Where it came from, fit to be recorded: without user, password and query. */
  readonly url: string
}

/** Sends a request to the authority. Throws `usage` for a URL that is none, `not-found` or `refused` where there is no answer. */
export async function askTsa(
  url: string,
  request: Uint8Array,
  { timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {},
): Promise<TsaAnswer> {
  const { target, shown, authorization } = readUrl(url)
  const fault = (code: 'not-found' | 'refused', what: string) =>
    new RepriseError(code, what, {
      subject: shown,
      remedy: 'Check the URL, try later, or ask another authority',
    })
  const leave = new AbortController()
  const late = setTimeout(() => leave.abort(), timeoutMs)
  try {
    const answer = await fetch(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/timestamp-query',
        accept: 'application/timestamp-reply',
        ...(authorization === null ? {} : { authorization }),
      },
      body: new Uint8Array(request),
      redirect: 'manual',
      signal: leave.signal,
    })
    if (answer.status !== 200) throw fault('refused', `answered with the status ${answer.status}`)
    const response = await boundedBytes(answer)
    if (response === null) throw fault('refused', `answered with more than ${MAX_TOKEN} bytes`)
    return { response, url: shown }
  } catch (error) {
    if (error instanceof RepriseError) throw error
    if (leave.signal.aborted) throw fault('not-found', `did not answer within ${timeoutMs / 1000} s`)
    throw fault('not-found', `could not be reached${reasonOf(error)}`)
  } finally {
    clearTimeout(late)
    leave.abort() // what else the authority would say is not waited for
  }
}

/** The URL without what is secret in it, and that apart. */
function readUrl(text: string): { target: URL; shown: string; authorization: string | null } {
  const target = URL.canParse(text) ? new URL(text) : null
  const credentials = target === null ? null : credentialsOf(target)
  if (target === null || credentials === null || !/^https?:$/.test(target.protocol)) {
    throw new RepriseError('usage', 'is not an http or https URL', {
      subject: '--tsa',
      remedy: 'Give the URL of a timestamp authority (RFC 3161)',
    })
  }
  target.username = ''
  target.password = ''
  const authorization =
    credentials === '' ? null : `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`
  return { target, shown: `${target.origin}${target.pathname}`, authorization }
}

/** `user:password`, empty where there is none; null where it is malformed. */
function credentialsOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return ''
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  } catch {
    return null
  }
}

/** What the authority says, or null where it is too much. */
async function boundedBytes(answer: Response): Promise<Uint8Array | null> {
  const reader = answer.body?.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const part = await reader?.read()
    if (part?.value === undefined) return new Uint8Array(Buffer.concat(parts))
    parts.push(part.value)
    length += part.value.length
    if (length > MAX_TOKEN) return null
  }
}

/** ` (ECONNREFUSED)`, where the system gave a reason. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } }
  return typeof cause?.code === 'string' ? ` (${cause.code})` : ''
}
