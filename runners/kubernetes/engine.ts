/**
 * Kubernetes as an array engine: an array is an Indexed Job, a task an index of it. Its name is made by whoever submits, so that a Job
 * whose answer was lost is never there twice. What the cluster holds is listed once and then watched. Finished Jobs stay until all
 * that is known of them was asked for, and a day longer.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { ArrayEngine, ArrayOrder, EngineFacts, TaskLook } from '../array/engine.ts'
import type { Container } from '../cloud/container.ts'
import { type Abilities, abilitiesOf } from './abilities.ts'
import { type KubernetesApi, kubernetesApi } from './api.ts'
import { refusalOf, subjectOf } from './failures.ts'
import { jobManifest, LABELS } from './job.ts'
import { readJob } from './job-look.ts'
import { lastWords } from './logs.ts'
import type { KubernetesWishes } from './profile.ts'
import { jobsPath, ofRun, View, type ViewPatience } from './view.ts'

export interface KubernetesOptions {
  readonly wishes: KubernetesWishes
  /** Id of the run, by which its Jobs are told from others. */
  readonly run: string
  readonly container: (array: number) => Container
  /** `ask`: how long an answer is waited for, ms. */
  readonly patience?: Partial<ViewPatience & { ask: number }>
}

const PATIENCE = { ask: 30_000, sync: 10_000, stale: 60_000, stuck: 30_000, watch: 240_000, backoff: 30_000 }
/**
 * Kubernetes takes 100,000; but each pod, also one that is over, is an object that the control plane keeps, of which clusters
 * throw away what is beyond 12,500. So larger runs are several Jobs, one after the other.
 */
const MOST_INDICES = 10_000
/** How long what is over is kept once it was told, seconds. */
const KEPT_S = 86_400
const AT_ONCE = 8

export function kubernetesEngine({ wishes, run, container, patience = {} }: KubernetesOptions): ArrayEngine {
  const { ask: askMs, ...viewing } = { ...PATIENCE, ...patience }
  const marked = new Set<string>()
  let known: Promise<KubernetesApi> | null = null
  let able: Promise<Abilities> | null = null
  let view: View | null = null
  let closed = false

  /** Its client is large, and only loaded here. */
  function api(): Promise<KubernetesApi> {
    known ??= import('./connection.ts').then(({ connect }) => kubernetesApi(connect(wishes), askMs))
    known.catch(() => {
      known = null
    })
    return known
  }

  function abilities(): Promise<Abilities> {
    able ??= api().then(async (api) => {
      const found = abilitiesOf(await api.get('/version'))
      if (found === null || found.tooOld)
        throw new RepriseError(
          'engine',
          found === null ? 'does not say its version' : `is too old: ${found.version}`,
          {
            subject: subjectOf(api.connection),
            remedy: 'Indexed Jobs need Kubernetes 1.24 or later, 1.29 to be at their best',
          },
        )
      return found
    })
    able.catch(() => {
      able = null
    })
    return able
  }

  async function watched(): Promise<View> {
    const { perIndex } = await abilities()
    view ??= new View({ api: await api(), wishes, run, perIndex, patience: viewing })
    if (closed) view.close()
    await view.ready()
    return view
  }

  async function jobsWith(labelSelector: string): Promise<string[]> {
    const { get, connection } = await api()
    const { items } = ((await get(jobsPath(connection.namespace), { labelSelector })) ?? {}) as {
      items?: unknown
    }
    return (Array.isArray(items) ? items : []).flatMap((item) => readJob(item, LABELS.array)?.name ?? [])
  }

  async function remove(names: readonly string[]): Promise<void> {
    const { ask, connection } = await api()
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' }
    let failure: RepriseError | null = null
    for (let from = 0; from < names.length; from += AT_ONCE)
      await Promise.all(
        names.slice(from, from + AT_ONCE).map(async (name) => {
          try {
            const answer = await ask('DELETE', `${jobsPath(connection.namespace)}/${name}`, { body })
            if ('refusal' in answer && answer.refusal.status !== 404)
              throw refusalOf(connection, answer.refusal)
          } catch (error) {
            failure ??= error as RepriseError // the others are not to go on for that
          }
        }),
      )
    if (failure !== null) throw failure
  }

  /** It may be thrown away in a day; where that is not let, people do it, or `clean`. */
  async function mark(handle: string): Promise<void> {
    if (marked.has(handle)) return
    marked.add(handle)
    const { ask, connection } = await api()
    const contentType = 'application/merge-patch+json'
    const body = { spec: { ttlSecondsAfterFinished: KEPT_S } }
    await ask('PATCH', `${jobsPath(connection.namespace)}/${handle}`, { body, contentType }).catch(() => {
      marked.delete(handle)
    })
  }

  return {
    kind: 'kubernetes',
    remedy:
      'See that `image` has Node 20.19 or later, and that pods reach the bucket, with the credentials of `secretName` or `serviceAccount`',

    async probe(): Promise<EngineFacts> {
      const { version } = await abilities()
      const { ask, get, connection } = await api()
      const namespace = await ask('GET', `/api/v1/namespaces/${connection.namespace}`)
      if ('refusal' in namespace && namespace.refusal.status !== 403)
        throw refusalOf(connection, namespace.refusal) // who may not see namespaces may use one all the same
      await get(jobsPath(connection.namespace), { limit: 1 })
      return {
        ...{ cluster: connection.cluster, version, accounting: true },
        ...{ maxArray: MOST_INDICES, maxTasks: wishes.maxTasks ?? MOST_INDICES },
      }
    },

    async stage(order: ArrayOrder): Promise<void> {
      jobManifest(order, { wishes, run, container: container(order.array), abilities: await abilities() })
    },

    async submit(order: ArrayOrder): Promise<string> {
      const options = { wishes, run, container: container(order.array), abilities: await abilities() }
      const { ask, connection } = await api()
      const answer = await ask('POST', jobsPath(connection.namespace), {
        body: jobManifest(order, options),
        query: { fieldValidation: 'Strict' },
      })
      if ('refusal' in answer && !isOurs(answer.refusal)) throw refusalOf(connection, answer.refusal)
      return order.name
    },

    async find(name: string): Promise<string | null> {
      const { ask, connection } = await api()
      const answer = await ask('GET', `${jobsPath(connection.namespace)}/${name}`)
      if ('object' in answer) return name
      if (answer.refusal.status === 404 && answer.refusal.reason !== '') return null
      throw refusalOf(connection, answer.refusal)
    },

    async status(handles): Promise<ReadonlyMap<string, ReadonlyMap<number, TaskLook>>> {
      return (await watched()).looks(handles)
    },

    async logs(array: number, index: number): Promise<string> {
      const labelSelector = `${ofRun(run)},${LABELS.array}=${array}`
      return lastWords(await api(), { labelSelector, index, labelled: (await abilities()).perIndex })
    },

    cancel: remove,
    cancelAll: async () => remove(await jobsWith(ofRun(run))),

    async collect(handle) {
      const { usage, whole } = (await watched()).usage(handle)
      if (whole) await mark(handle)
      return usage
    },

    async clean(array: number): Promise<void> {
      await remove(await jobsWith(`${ofRun(run)},${LABELS.array}=${array}`)) // more than one where some were given up
    },

    close(): void {
      closed = true
      view?.close()
    },
  }
}

/** It is there already, by the same name, which only this run has: an answer was lost. */
function isOurs({ status, reason, message }: { status: number; reason: string; message: string }): boolean {
  return status === 409 && reason === 'AlreadyExists' && !/being deleted/.test(message)
}
