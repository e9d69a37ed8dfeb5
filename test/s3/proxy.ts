/**
 * A proxy before an S3 service: it does things wrong where it is told to, and honours `If-None-Match: *` where it is told to, for a
 * service that does not. What it forwards is as it came, signatures and all, but for listings (pages.ts).
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Asked, Choose, Fault, Refusal } from './faults.ts'
import { byMarker, withContinuation } from './pages.ts'

export interface FaultProxy {
  readonly url: string
  /** Chooses what goes wrong with a request. */
  choose: Choose
  /** Whether it honours `If-None-Match: *` in the service's place, by asking it unsigned. */
  putOnce: boolean
  /** Requests so far, by method and what they are: `PUT`, `GET list`, `POST delete`. */
  readonly counts: Map<string, number>
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export async function startProxy(port: number, putOnce: boolean): Promise<FaultProxy> {
  const counts = new Map<string, number>()
  const listings = new Map<string, Answer>()
  const agent = new Agent({ keepAlive: true })
  const busy = new Map<string, Promise<unknown>>()

  const forward = (method: string, url: string, headers: IncomingMessage['headers'], body: Buffer) =>
    new Promise<Answer>((resolve, reject) => {
      const asking = request(
        { agent, host: '127.0.0.1', port, method, path: url, headers },
        async (answer) => {
          try {
            resolve({ status: answer.statusCode!, headers: answer.headers, body: await all(answer) })
          } catch (error) {
            reject(error)
          }
        },
      )
      asking.on('error', reject)
      asking.end(body)
    })

  /** One after the other for each key, so that looking and putting are one. */
  const inTurn = <T>(key: string, action: () => Promise<T>): Promise<T> => {
    const turn = (busy.get(key) ?? Promise.resolve()).then(action, action)
    busy.set(key, turn)
    turn.finally(() => busy.get(key) === turn && busy.delete(key)).catch(() => {})
    return turn
  }

  const once = (method: string, url: string, headers: IncomingMessage['headers'], body: Buffer) => {
    const path = url.split('?')[0]!
    return inTurn(path, async () => {
      const there = await forward('HEAD', path, { host: headers.host }, Buffer.alloc(0))
      return there.status === 200
        ? refused({ status: 412, code: 'PreconditionFailed' })
        : forward(method, url, headers, body)
    })
  }

  const pageOf = async (method: string, url: string, headers: IncomingMessage['headers'], body: Buffer) => {
    const page = await forward(method, byMarker(url), headers, body)
    return { ...page, body: withContinuation(page.body) }
  }

  async function serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = asked
    const { pathname, searchParams: query } = new URL(url, 'http://x')
    const about: Asked = { method, path: pathname, query }
    const kind = kindOf(about)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    const fault = proxy.choose(about)
    const body = await all(asked)
    if (fault === 'drop-before') return void asked.socket.destroy()
    if (fault !== null && typeof fault === 'object') return send(answer, method, refused(fault))
    const conditional = proxy.putOnce && headers['if-none-match'] === '*'
    const came = await (kind === 'GET list' ? pageOf : conditional ? once : forward)(
      method,
      url,
      headers,
      body,
    )
    if (fault === 'drop-after') return void asked.socket.destroy()
    const name = `${pathname} ${query.get('prefix')} ${query.get('continuation-token')}`
    if (kind === 'GET list' && !listings.has(name)) listings.set(name, came)
    send(answer, method, fault === 'stale' ? (listings.get(name) ?? came) : came, fault)
  }

  const server = createServer((asked, answer) => {
    serve(asked, answer).catch(() => asked.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    choose: () => null,
    putOnce,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        agent.destroy()
      }),
  }
  return proxy
}

function send(
  answer: ServerResponse,
  method: string,
  { status, headers, body }: Answer,
  fault?: Fault | null,
) {
  const { 'transfer-encoding': _, connection: __, ...rest } = headers
  const length = method === 'HEAD' ? rest['content-length'] : String(body.length)
  answer.writeHead(status, { ...rest, ...(length === undefined ? {} : { 'content-length': length }) })
  if (method === 'HEAD') return void answer.end()
  const middle = Math.floor(body.length / 2)
  if (fault === 'truncate' && body.length > 1) {
    answer.write(body.subarray(0, middle), () => answer.destroy())
    return
  }
  if (fault === 'flip' && status < 300 && body.length > 0) body[middle]! ^= 1
  answer.end(body)
}

function refused({ status, code, headers = {} }: Refusal): Answer {
  const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code} here</Message></Error>`
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body: Buffer.from(text) }
}

function kindOf({ method, query }: Asked): string {
  if (method === 'GET' && query.has('list-type')) return 'GET list'
  if (method === 'POST' && query.has('delete')) return 'POST delete'
  return query.has('uploadId') || query.has('uploads') ? `${method} upload` : method
}

async function all(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
