/**
 * The server: on 127.0.0.1 alone, for one user. Every request, whatever it is, passes the gate first; what comes through is
 * looked up in the table of routes. Nothing is logged.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Lab } from '../../lab/lab.ts'
import { type ErrorCode, RepriseError } from '../../lib/errors.ts'
import { judge } from './gate.ts'
import { HEADERS, rawAnswer } from './headers.ts'
import { Looker } from './looker.ts'
import { type Answer, CONTROL_ROUTES, ROUTES, type Route, type Serving, sorry, type Text } from './routes.ts'
import { newSecrets } from './secrets.ts'
import { Watcher } from './watcher.ts'

export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number
  readonly allowControl: boolean
  /** Hears that the address was opened in a browser; another one is there then. */
  readonly onEntered?: () => void
}

export interface LabServer {
  readonly port: number
  /** The address to open, good for one browser: see secrets.ts. */
  address(): string
  close(): Promise<void>
}

const [QUICK_MS, SLOW_MS] = [30_000, 120_000]
const MOST_CONNECTIONS = 100
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
}
const STATUS: Partial<Record<ErrorCode, number>> = { usage: 400, 'not-found': 404, busy: 503, refused: 409 }

/** Throws `usage` for a port that is taken or may not be had. */
export async function serveLab(
  lab: Lab,
  { port, allowControl, onEntered }: ServeOptions,
): Promise<LabServer> {
  const server = createServer(LIMITS)
  server.maxConnections = MOST_CONNECTIONS
  const quick = new Looker(lab, allowControl, QUICK_MS)
  const slow = new Looker(lab, allowControl, SLOW_MS)
  const own = await listen(server, port)
  const secrets = newSecrets(own, () => onEntered?.())
  const watcher = new Watcher(quick, slow)
  const serving: Serving = { lab, controls: allowControl, secrets, quick, slow, watcher }
  const routes = allowControl ? [...ROUTES, ...CONTROL_ROUTES] : ROUTES
  const take = (request: IncomingMessage, response: ServerResponse) =>
    void answer(serving, routes, request, response)
  server.on('request', take)
  server.on('checkExpectation', take) // or Node would answer in our place
  server.on('connect', (_, socket) => socket.end(rawAnswer('403 Forbidden', 'this is no proxy')))
  server.on('upgrade', (_, socket) =>
    socket.end(rawAnswer('403 Forbidden', 'there is nothing to upgrade to')),
  )
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end(rawAnswer('400 Bad Request', 'this cannot be read'))
    else socket.destroy()
  })
  return {
    port: own,
    address: secrets.address,
    async close() {
      watcher.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), 200).unref()
      quick.close()
      slow.close()
      await closed
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new RepriseError('usage', `cannot be listened on (${error.code})`, {
          subject: `port ${port}`,
          remedy: 'Leave out --port for one that is free',
          cause: error,
        }),
      ),
    )
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      resolve((server.address() as AddressInfo).port),
    )
  })
}

async function answer(
  serving: Serving,
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { secrets } = serving
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  const admitted = judge(request, secrets.door, secrets.tickets)
  if (typeof admitted === 'string') {
    response.setHeader('Connection', 'close') // what it may still want to send is not read
    send(request, response, { status: 403, type: 'text/plain; charset=utf-8', body: `${admitted}\n` })
    return
  }
  const { method, path, query } = admitted
  const route = routes.find((one) => one.path === path && one.method === (method === 'HEAD' ? 'GET' : method))
  try {
    send(
      request,
      response,
      route === undefined
        ? sorry(serving, 'There is no such page.', 404)
        : await route.answer(serving, query, request),
    )
  } catch (error) {
    const known = error instanceof RepriseError ? error : null
    send(
      request,
      response,
      sorry(
        serving,
        known?.line ?? 'This went wrong, and it is not known why.',
        STATUS[known?.code ?? 'storage'] ?? 500,
      ),
    )
  }
}

function send(request: IncomingMessage, response: ServerResponse, answered: Answer): void {
  if (response.destroyed) return
  if ('goTo' in answered) {
    response.writeHead(303, { ...answered.headers, Location: answered.goTo, 'Content-Length': 0 }).end()
  } else if ('stream' in answered && request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' })
    answered.stream(response)
  } else {
    const stream: Text = { status: 200, type: 'text/event-stream', body: '' } // of which only the head was asked for
    const { status, type, body, headers = {} } = 'stream' in answered ? stream : answered
    response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
      ...headers,
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}
