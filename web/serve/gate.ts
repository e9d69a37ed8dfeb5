/**
 * The one gate before every route, known or not. Whoever asks must ask this very server (its host, which a name that was
 * bound to 127.0.0.1 by somebody else's DNS is not), must come from its own pages or from the address bar, and must have the
 * secret that was printed in the terminal. What is refused is told in one line and nothing else.
 */
import type { IncomingMessage } from 'node:http'
import { COOKIE, type Door, digestOfSecret, ENTER, isSame, type Tickets } from './secrets.ts'

/** What the gate reads of a request. */
export type Visitor = Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>

/** What came through: where it wants to go, and what it holds in its hand. */
export interface Admitted {
  readonly method: 'GET' | 'HEAD' | 'POST'
  /** Below the mount, such as `run`. */
  readonly path: string
  readonly query: URLSearchParams
}

/** Characters of an address. */
const MOST_ADDRESS = 2_048
const MOST_COOKIES = 8

/** Why a request is refused, in a line; else what it asks for. */
export function judge(visitor: Visitor, door: Door, tickets: Tickets): Admitted | string {
  const method = methodOf(visitor.method)
  if (method === null) return 'this method is not served'
  const hosts = valuesOf(visitor, 'host')
  const own = [`127.0.0.1:${door.port}`, `localhost:${door.port}`]
  if (hosts.length !== 1 || !own.includes(hosts[0]!)) return 'this is not the host that was asked for'
  const origins = valuesOf(visitor, 'origin')
  if (origins.length > 1 || origins.some((origin) => origin !== `http://${hosts[0]}`))
    return 'this comes from elsewhere'
  if (method === 'POST' && origins.length === 0) return 'this does not say where it comes from'
  const sites = valuesOf(visitor, 'sec-fetch-site')
  const near = method === 'POST' ? ['same-origin'] : ['same-origin', 'none']
  const isNear = sites.length <= 1 && sites.every((site) => near.includes(site))
  const address = addressOf(visitor.url ?? '', door.mount)
  const ticket = method === 'GET' && address?.path === ENTER ? address.query.get('ticket') : null
  // A file that `serve --open` made is another site too: for whoever has the ticket that is no matter.
  if (!isNear && ticket === null) return 'this comes from another site'
  if (address === null) return 'there is no such address here'
  const known = ticket === null ? hasCookie(visitor, door) : tickets.spend(ticket)
  if (!known) return 'the secret is missing or wrong: take the address that reprise serve has printed'
  return { method, ...address }
}

function methodOf(method: string | undefined): Admitted['method'] | null {
  return method === 'GET' || method === 'HEAD' || method === 'POST' ? method : null
}

/** All values of a header, however often it was sent. */
function valuesOf({ rawHeaders }: Visitor, name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === name)
}

/** Paths are one plain word below the mount: nothing is decoded, so nothing can be written in two ways. */
function addressOf(url: string, mount: string): Pick<Admitted, 'path' | 'query'> | null {
  if (url.length > MOST_ADDRESS) return null
  const found = /^\/([A-Za-z0-9_-]+)\/([a-z.]*)(?:\?([!-~]*))?$/.exec(url)
  if (found === null || !isSame(digestOfSecret(found[1]!), digestOfSecret(mount))) return null
  return { path: found[2]!, query: new URLSearchParams(found[3] ?? '') }
}

function hasCookie(visitor: Visitor, { session }: Door): boolean {
  const values = valuesOf(visitor, 'cookie').flatMap((header) =>
    header.split(';').flatMap((pair) => {
      const [name, value = ''] = pair.trim().split('=', 2)
      return name === COOKIE ? [value] : []
    }),
  )
  return values.slice(0, MOST_COOKIES).some((value) => isSame(digestOfSecret(value), session))
}
