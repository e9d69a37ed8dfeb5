/**
 * What every answer says of itself, also one that refuses: nothing is kept, guessed, framed or told to others, and a page has
 * the script and the style of this server and talks with nobody else.
 */

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Cache-Control': 'no-store',
}

/** The policy that a page says of itself, with a box around it: another origin, hence no cookie, and nobody to talk with. */
export function boxedPolicy(page: string): string {
  const own = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page.slice(0, 4_096))?.[1]
  if (own === undefined) throw new Error('the page has no policy of its own')
  const box = ["connect-src 'none'", "frame-ancestors 'none'", 'sandbox allow-scripts allow-downloads']
  return [own.replaceAll('&#39;', "'"), ...box].join('; ')
}

/** An answer as bytes, for a connection that has no request: what could not be read, or wants to be a tunnel. */
export function rawAnswer(status: string, line: string): string {
  const body = `${line}\n`
  const headers = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n${headers.join('')}\r\n${body}`
}
