/** A server over a lab for tests, and requests to it as they go over the wire: `fetch` would mend what they are about. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import type { Lab } from '../../../lab/lab.ts'
import { type LabServer, type ServeOptions, serveLab } from '../../../web/serve/server.ts'

export interface Served {
  readonly server: LabServer
  readonly port: number
  /** Such as `/…/`. */
  readonly mount: string
  /** What the browser got when it opened the address. */
  readonly cookie: string
  readonly origin: string
}

/** Starts a server that ends with the test, and enters. */
export async function served(t: TestContext, lab: Lab, options: Partial<ServeOptions> = {}): Promise<Served> {
  const server = await serveLab(lab, { port: 0, allowControl: false, ...options })
  t.after(() => server.close())
  const { port } = server
  const entered = await fetch(server.address(), { redirect: 'manual' })
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!
  const mount = new URL(server.address()).pathname.replace(/enter$/, '')
  return { server, port, mount, cookie, origin: `http://127.0.0.1:${port}` }
}

export interface Raw {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends a request as these very lines, and reads all that comes back. */
export async function raw(port: number, lines: readonly string[], body = ''): Promise<Raw> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`)
  const answer = await text(socket).catch(() => '')
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') }
}

/** The page or another text below the mount, as its browser gets it. */
export async function got(
  { origin, mount, cookie }: Served,
  path: string,
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${origin}${mount}${path}`, { headers: { cookie } })
  return { status: response.status, text: await response.text() }
}
