/** What is known of a run's Jobs and pods by now, by two mirrors, and what that means for its tasks. */
import type { TaskLook, TaskUsage } from '../array/engine.ts'
import { isOver } from '../array/engine.ts'
import type { KubernetesApi } from './api.ts'
import { Creation } from './creation.ts'
import { Hopes, stuckWords } from './hopeless.ts'
import { LABELS, MANAGER } from './job.ts'
import { type JobLook, readJob } from './job-look.ts'
import { Mirror } from './mirror.ts'
import { type Pod, readPod } from './pod.ts'
import type { KubernetesWishes } from './profile.ts'
import { usageOf, verdictOf } from './verdict.ts'

export interface Viewing {
  readonly api: KubernetesApi
  readonly wishes: KubernetesWishes
  readonly run: string
  readonly perIndex: boolean
  readonly patience: ViewPatience
}

export interface ViewPatience {
  /** For the first lists, ms. */
  readonly sync: number
  /** Nothing could be learnt for so long, ms: then that is said. */
  readonly stale: number
  /** Before it is said that nothing will ever begin, ms. */
  readonly stuck: number
  /** A watch lasts so long, ms; after trouble, it is waited at most so long. */
  readonly watch: number
  readonly backoff: number
}

export const jobsPath = (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/jobs`
export const podsPath = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`
/** Selects what is of a run. */
export const ofRun = (run: string) => `${LABELS.managedBy}=${MANAGER},${LABELS.run}=${run}`

export class View {
  readonly #with: Viewing
  readonly #jobs: Mirror<JobLook>
  readonly #pods: Mirror<Pod>
  readonly #hopes: Hopes
  readonly #creation: Creation

  constructor(viewing: Viewing) {
    const { api, wishes, run, patience } = viewing
    const { connection } = api
    this.#with = viewing
    const common = {
      ...{ api, labelSelector: ofRun(run) },
      ...{ watchMs: patience.watch, backoffMs: patience.backoff },
    }
    this.#jobs = new Mirror<JobLook>({
      ...common,
      path: jobsPath(connection.namespace),
      read: (object) => readJob(object, LABELS.array),
      gone: (job) => ({ ...job, gone: true }),
    })
    this.#pods = new Mirror<Pod>({
      ...common,
      path: podsPath(connection.namespace),
      read: (object, before) => remembering(readPod(object), before),
      gone: (pod) => (isOver(pod.state) ? pod : null),
    })
    this.#hopes = new Hopes({ connection, wishes, patienceMs: patience.stuck })
    this.#creation = new Creation(api)
  }

  /** Throws `engine` where it cannot be asked now. */
  async ready(): Promise<void> {
    const { sync, stale } = this.#with.patience
    await Promise.all([this.#jobs.ready(sync, stale), this.#pods.ready(sync, stale)])
  }

  /** By handle, by index. Throws `usage` where nothing will ever begin. */
  looks(handles: readonly string[]): ReadonlyMap<string, ReadonlyMap<number, TaskLook>> {
    const asked = new Set(handles)
    for (const mirror of [this.#jobs, this.#pods] as const) prune(mirror, asked)
    const pods = this.#podsOf(asked)
    const all = [...pods.values()].flatMap((byIndex) => [...byIndex.values()].flat())
    const isAnyRunning = all.some(({ state }) => state === 'running')
    const found = new Map<string, ReadonlyMap<number, TaskLook>>()
    let refused = null
    for (const handle of handles) {
      const job = this.#jobs.items.get(handle) ?? null
      const own = pods.get(handle) ?? new Map<number, Pod[]>()
      const isBare = job !== null && !job.gone && job.over === null && job.active === 0 && own.size === 0
      const none = isBare ? this.#creation.of(handle) : null
      refused ??= none
      found.set(
        handle,
        this.#tasks(handle, job, own, (look, trouble) => {
          if (look.state !== 'pending') return look
          const why = trouble ?? none
          if (why === null) return look
          if (why.kind === 'room' && isAnyRunning) return { ...look, words: why.words } // when others have ended, it begins
          return { ...look, words: why.words, stuck: stuckWords(why) }
        }),
      )
    }
    this.#hopes.look(all, refused)
    return found
  }

  /** Of the tasks that are over; and whether those are all. */
  usage(handle: string): { usage: readonly TaskUsage[]; whole: boolean } {
    const job = this.#jobs.items.get(handle) ?? null
    const pods = this.#podsOf(new Set([handle])).get(handle) ?? new Map<number, Pod[]>()
    const usage: TaskUsage[] = []
    for (const [index, look] of this.#tasks(handle, job, pods, (look) => look))
      if (isOver(look.state)) usage.push(usageOf(index, pods.get(index) ?? [], look))
    return { usage, whole: job !== null && !job.gone && usage.length === job.count }
  }

  close(): void {
    this.#jobs.close()
    this.#pods.close()
  }

  #tasks(
    name: string,
    job: JobLook | null,
    pods: ReadonlyMap<number, readonly Pod[]>,
    tell: (look: TaskLook, trouble: Pod['trouble']) => TaskLook,
  ): Map<number, TaskLook> {
    const { perIndex } = this.#with
    const looks = new Map<number, TaskLook>()
    const indices = job === null ? pods.keys() : Array(job.count).keys()
    for (const index of indices) {
      const own = pods.get(index) ?? []
      const look = verdictOf(index, own, job, { name, perIndex })
      if (look === null) continue
      looks.set(index, tell(look, own.find((pod) => pod.name === look.job)?.trouble ?? null))
    }
    return looks
  }

  #podsOf(handles: ReadonlySet<string>): Map<string, Map<number, Pod[]>> {
    const found = new Map<string, Map<number, Pod[]>>()
    for (const pod of this.#pods.items.values()) {
      if (!handles.has(pod.job)) continue
      const byIndex = found.get(pod.job) ?? new Map<number, Pod[]>()
      found.set(pod.job, byIndex)
      const pods = byIndex.get(pod.index)
      if (pods === undefined) byIndex.set(pod.index, [pod])
      else pods.push(pod)
    }
    return found
  }
}

/** That a registry has no such image it says once, and then only that it will be asked again. */
function remembering(pod: Pod | null, before: Pod | undefined): Pod | null {
  if (pod?.trouble?.kind !== 'image' || pod.trouble.certain) return pod
  const { trouble } = before ?? {}
  const isBackOff = pod.trouble.words.startsWith('ImagePullBackOff')
  return isBackOff && trouble?.kind === 'image' && trouble.certain
    ? { ...pod, trouble, words: trouble.words }
    : pod
}

function prune(mirror: Mirror<JobLook> | Mirror<Pod>, asked: ReadonlySet<string>): void {
  mirror.prune((item: JobLook | Pod) => asked.has('job' in item ? item.job : item.name))
}
