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
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Rule } from './access.ts'
import { Api } from './api.ts'
import { newIdentity } from './certificate.ts'
import { Deletion } from './deletion.ts'
import { Faults, type Strike } from './faults.ts'
import { Front } from './front.ts'
import { JobController } from './job-controller.ts'
import { type KubeconfigWords, kubeconfigText } from './kubeconfig.ts'
import { Kubelet } from './kubelet.ts'
import { Lists } from './listing.ts'
import { Registry } from './registry.ts'
import { Scheduler } from './scheduler.ts'
import { furnish, nodesOf, type Settings } from './settings.ts'
import { fall } from './strikes.ts'
import type { Job, Pod } from './things.ts'

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
  readonly #kubelet: Kubelet
  readonly #controller: JobController
  readonly #deletion: Deletion
  readonly #lists: Lists
  readonly #front: Front
  readonly #server: Server
  readonly #identity = newIdentity()
  #frozen: { thaw(): void; until: Promise<void> } | null = null

  constructor(settings: Settings) {
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
    const api = new Api({
      registry,
      kubelet: this.#kubelet,
      deletion: this.#deletion,
      lists: this.#lists,
      minor: settings.minor ?? 34,
      rules: () => this.rules,
    })
    this.#front = new Front(this, api, {
      minor: settings.minor ?? 34,
      bookmarkMs: settings.bookmarkMs ?? 1000,
      thawed: async () => this.#frozen?.until,
    })
    this.#server = createServer(
      this.#identity,
      (request, response) => void this.#front.serve(request, response),
    )
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
    const closed = new Promise((resolve) => this.#server.close(resolve))
    const end = setInterval(() => this.#server.closeAllConnections(), 20) // some are being made just now
    await closed
    clearInterval(end)
    rmSync(this.folder, { recursive: true, force: true })
  }

  #kubeconfigText(words: KubeconfigWords): string {
    return kubeconfigText({ server: this.url, authority: this.#identity.cert, token: this.token, ...words })
  }
}
