/**
 * A Kubernetes for tests: an API server on a port of its own, a Job controller, a scheduler, and a kubelet whose containers are
 * processes of this machine. Every object is checked against the official OpenAPI description. It is gone, with all that it
 * started, after the test.
 *
 *     const cluster = await startKubernetes(t, { nodes: 2, cpus: 4 })
 *     cluster.kubeconfig                              path of a file for the client
 *     cluster.faults.kill = 0.2                       see faults.ts
 *     cluster.pods, cluster.jobs                      as they are now
 *     cluster.freeze(), cluster.thaw()                requests wait meanwhile; what runs goes on
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authenticate, authorize, type Rule } from './access.ts'
import { type Answer, Api } from './api.ts'
import { newIdentity } from './certificate.ts'
import { Deletion } from './deletion.ts'
import { discover } from './discovery.ts'
import { Faults, type Strike, type Trouble } from './faults.ts'
import { JobController } from './job-controller.ts'
import { type KubeconfigWords, kubeconfigText } from './kubeconfig.ts'
import { Kubelet } from './kubelet.ts'
import { Lists } from './listing.ts'
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
import { Registry } from './registry.ts'
import { Scheduler } from './scheduler.ts'
import { furnish, nodesOf, type Settings } from './settings.ts'
import { fall } from './strikes.ts'
import { type Job, type Pod, RESOURCES } from './things.ts'
import { watch } from './watch.ts'

export type { Settings } from './settings.ts'

/** Starts a cluster; it ends when the test is over. */
export async function startKubernetes(
  t: { after(end: () => unknown): void },
  settings: Settings = {},
): Promise<KubernetesStandIn> {
  const cluster = new KubernetesStandIn(settings)
  t.after(() => cluster.stop())
  await cluster.start()
  return cluster
}

export class KubernetesStandIn {
  readonly folder = mkdtempSync(join(tmpdir(), 'reprise-kubernetes-'))
  /** Path of a kubeconfig with the right token. */
  readonly kubeconfig = join(this.folder, 'kubeconfig')
  readonly token = 'token-of-the-tests'
  readonly faults: Faults
  readonly registry: Registry
  /** May be replaced at any time. */
  rules: readonly Rule[]
  /** Requests so far, as `verb resource`. */
  readonly requests: string[] = []
  readonly #settings: Settings
  readonly #kubelet: Kubelet
  readonly #controller: JobController
  readonly #deletion: Deletion
  readonly #lists: Lists
  readonly #api: Api
  readonly #server: Server
  readonly #identity = newIdentity()
  #frozen: { thaw(): void; until: Promise<void> } | null = null

  constructor(settings: Settings) {
    this.#settings = settings
    this.faults = new Faults(settings.seed ?? 'cluster')
    this.registry = new Registry(settings.history ?? 20_000)
    this.rules = settings.rules ?? [{ verbs: ['*'], resources: ['*'] }]
    const { registry } = this
    this.#kubelet = new Kubelet(registry, this.faults, {
      folder: this.folder,
      images: settings.images ?? ['node*'],
      pullAgainMs: settings.pullAgainMs ?? 100,
      startMs: settings.startMs ?? 0,
    })
    this.#deletion = new Deletion(registry, (pod) => this.#kubelet.processOf(pod)?.alive === true)
    this.#controller = new JobController(registry, this.faults, {
      retryMs: settings.retryMs ?? 20,
      deletePod: (pod) => this.#deletion.pod(pod),
      deleteJob: (job) => this.#deletion.job(job, 'Background'),
      release: (pod) => this.#deletion.release(pod),
    })
    new Scheduler(registry, nodesOf(settings))
    this.#lists = new Lists(registry)
    this.#api = new Api({
      registry,
      kubelet: this.#kubelet,
      deletion: this.#deletion,
      lists: this.#lists,
      minor: settings.minor ?? 34,
      rules: () => this.rules,
    })
    this.#server = createServer(this.#identity, (request, response) => void this.#serve(request, response))
    furnish(registry, settings)
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Certificate of its authority, PEM. */
  get authority(): string {
    return this.#identity.cert
  }

  get pods(): readonly Pod[] {
    return this.registry.list<Pod>('pods')
  }

  get jobs(): readonly Job[] {
    return this.registry.list<Job>('jobs')
  }

  /** Process ids of the containers that run now. */
  get processes(): readonly number[] {
    return this.pods.flatMap((pod) => {
      const running = this.#kubelet.processOf(pod)
      return running?.alive === true && running.pid !== null ? [running.pid] : []
    })
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    writeFileSync(this.kubeconfig, this.#kubeconfigText({}), { mode: 0o600 })
  }

  /** Path of another kubeconfig: with a wrong token, another namespace, another name of its context. */
  writeKubeconfig(name: string, words: KubeconfigWords): string {
    const path = join(this.folder, name)
    writeFileSync(path, this.#kubeconfigText(words), { mode: 0o600 })
    return path
  }

  /** Requests are taken, and wait for their answers from now on. */
  freeze(): void {
    if (this.#frozen !== null) return
    let thaw = () => {}
    const until = new Promise<void>((resolve) => {
      thaw = resolve
    })
    this.#frozen = { thaw, until }
  }

  thaw(): void {
    this.#frozen?.thaw()
    this.#frozen = null
  }

  /** Forgets what happened so far: watches from an older version, and lists that were begun, are gone. */
  compact(): void {
    this.registry.compact()
    this.#lists.forget()
  }

  /** What strikes a running pod now. */
  strike(name: string, how: Strike, namespace = 'default'): void {
    const pod = this.registry.get<Pod>('pods', namespace, name)
    const running = this.#kubelet.processOf(pod)
    if (running !== null) fall(how, pod, running)
  }

  /** Ends it with all that it started. */
  async stop(): Promise<void> {
    this.thaw()
    this.#controller.stop()
    await this.#kubelet.stop()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    rmSync(this.folder, { recursive: true, force: true })
  }

  #kubeconfigText(words: KubeconfigWords): string {
    return kubeconfigText({ server: this.url, authority: this.#identity.cert, token: this.token, ...words })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request)
      await this.#frozen?.until
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
    authenticate(request, this.token)
    const said = request.method === 'GET' ? discover(pathname, this.#settings.minor ?? 34) : null
    if (said !== null) return { code: 200, body: typeof said === 'string' ? Buffer.from(said) : said }
    if (pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' && request.method === 'POST') {
      this.requests.push('create selfsubjectaccessreviews')
      return this.#api.review(body)
    }
    const target = targetOf(pathname)
    if (target === null) return { code: 404, body: Buffer.from('404 page not found\n') }
    const verb = verbOf(request.method!, target, query)
    const { resource, namespace, name, sub } = target
    this.requests.push(`${verb} ${resource}${sub === '' ? '' : `/${sub}`}`)
    const { group } = RESOURCES[resource]
    authorize(
      { verb, group, resource: sub === '' ? resource : `${resource}/${sub}`, namespace, name },
      this.rules,
    )
    if (verb === 'patch' && request.headers['content-type'] !== 'application/merge-patch+json')
      throw unsupportedMediaType()
    const trouble = this.faults.troubleOf({ verb, resource, name })
    if (trouble === 'lose-before') return null
    if (trouble !== null && trouble !== 'lose-after') throw this.#refusalOf(trouble, name)
    if (verb === 'watch') {
      const settings = {
        bookmarkMs: this.#settings.bookmarkMs ?? 1000,
        thawed: async () => this.#frozen?.until,
      }
      watch(
        response,
        this.registry,
        this.faults,
        { resource, namespace: namespace === '' ? undefined : namespace, query },
        settings,
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
        return tooManyRequests(this.faults.retryAfter)
      case 'gone':
        return expired(1, this.registry.version)
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
