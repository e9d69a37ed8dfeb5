/** Takes requests: who asks and whether they may, what faults make of it, and the answer in Kubernetes' form. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { authenticate, authorize, type Rule } from './access.ts'
import type { Answer, Api } from './api.ts'
import { discover } from './discovery.ts'
import type { Faults, Trouble } from './faults.ts'
import { targetOf, verbOf } from './path.ts'
import {
  badRequest,
  conflict,
  expired,
  internalError,
  MODIFIED,
  Refusal,
  tooManyRequests,
  unsupportedMediaType,
} from './refusal.ts'
import type { Registry } from './registry.ts'
import { RESOURCES } from './things.ts'
import { type WatchSettings, watch } from './watch.ts'

export interface Fronted {
  readonly token: string
  readonly rules: readonly Rule[]
  readonly faults: Faults
  readonly registry: Registry
  readonly requests: string[]
}

export class Front {
  readonly #cluster: Fronted
  readonly #api: Api
  readonly #settings: WatchSettings & { readonly minor: number }

  constructor(cluster: Fronted, api: Api, settings: WatchSettings & { readonly minor: number }) {
    this.#cluster = cluster
    this.#api = api
    this.#settings = settings
  }

  /** Answers, or cuts the connection. Never rejects for what clients do wrong. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request)
      await this.#settings.thawed()
      const answer = this.#answer(request, response, body)
      if (answer === 'watched') return
      if (answer === null) request.socket.destroy()
      else send(response, answer)
    } catch (error) {
      if (response.destroyed) return
      if (!(error instanceof Refusal)) throw error
      send(response, { code: error.code, body: error.status, headers: error.headers })
    }
  }

  /** Null: no answer at all. */
  #answer(request: IncomingMessage, response: ServerResponse, body: unknown): Answer | 'watched' | null {
    const { pathname, searchParams: query } = new URL(request.url!, 'http://server')
    authenticate(request, this.#cluster.token)
    const said = request.method === 'GET' ? discover(pathname, this.#settings.minor) : null
    if (said !== null) return { code: 200, body: typeof said === 'string' ? Buffer.from(said) : said }
    if (pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' && request.method === 'POST') {
      this.#cluster.requests.push('create selfsubjectaccessreviews')
      return this.#api.review(body)
    }
    const target = targetOf(pathname)
    if (target === null) return { code: 404, body: Buffer.from('404 page not found\n') }
    const verb = verbOf(request.method!, target, query)
    const { resource, namespace, name, sub } = target
    this.#cluster.requests.push(`${verb} ${resource}${sub === '' ? '' : `/${sub}`}`)
    const { group } = RESOURCES[resource]
    authorize(
      { verb, group, resource: sub === '' ? resource : `${resource}/${sub}`, namespace, name },
      this.#cluster.rules,
    )
    if (verb === 'patch' && request.headers['content-type'] !== 'application/merge-patch+json')
      throw unsupportedMediaType()
    const trouble = this.#cluster.faults.troubleOf({ verb, resource, name })
    if (trouble === 'lose-before') return null
    if (trouble !== null && trouble !== 'lose-after') throw this.#refusalOf(trouble, name)
    if (verb === 'watch') {
      watch(
        response,
        this.#cluster.registry,
        this.#cluster.faults,
        { resource, namespace: namespace === '' ? undefined : namespace, query },
        this.#settings,
      )
      return 'watched'
    }
    const answer = this.#api.answer(verb, target, query, body, request.headers.accept ?? '')
    return trouble === 'lose-after' ? null : answer
  }

  #refusalOf(trouble: Exclude<Trouble, 'lose-before' | 'lose-after'>, name: string): Refusal {
    switch (trouble) {
      case 'conflict':
        return conflict('jobs', name, MODIFIED)
      case 'too-many':
        return tooManyRequests(this.#cluster.faults.retryAfter)
      case 'gone':
        return expired(1, this.#cluster.registry.version)
      default:
        return internalError()
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > 3 * 2 ** 20) throw new Refusal(413, 'RequestEntityTooLarge', 'limit is 3145728')
    pieces.push(piece)
  }
  const text = Buffer.concat(pieces).toString()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest(
      "the object provided is unrecognized (must be of type Job): couldn't get version/kind; json parse error",
    )
  }
}

function send(response: ServerResponse, { code, body, headers = {} }: Answer): void {
  const text = Buffer.isBuffer(body)
  const type = text ? 'text/plain' : 'application/json'
  const bytes = text ? body : Buffer.from(`${JSON.stringify(body)}\n`)
  response.writeHead(code, { 'content-type': type, 'content-length': bytes.length, ...headers })
  response.end(bytes)
}
