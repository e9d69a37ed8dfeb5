/** The body of a small form. */
import type { IncomingMessage } from 'node:http'

const MOST_BYTES = 1_024
const FORM = 'application/x-www-form-urlencoded'

/** Null for what is no form, or more than a small one; then nothing more is read. */
export async function formOf(request: IncomingMessage): Promise<URLSearchParams | null> {
  if (request.headers['content-type'] !== FORM) return null
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MOST_BYTES) return null
    parts.push(part)
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'))
}
