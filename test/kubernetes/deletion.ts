/** How objects go: at once or gracefully, with what belongs to them or without it. */
import type { Registry } from './registry.ts'
import { isOver } from './scheduler.ts'
import { type Job, type Pod, stamp, type Thing } from './things.ts'

export type Propagation = 'Background' | 'Foreground' | 'Orphan'

const FOREGROUND = 'foregroundDeletion'

export class Deletion {
  readonly #registry: Registry
  /** Whether a pod has a process. */
  readonly #runs: (pod: Pod) => boolean

  constructor(registry: Registry, runs: (pod: Pod) => boolean) {
    this.#registry = registry
    this.#runs = runs
    registry.listen(({ resource, type, object }) => {
      if (resource !== 'pods') return
      if (type === 'DELETED') this.#ownerMayGo(object as Pod)
      else if (object.metadata.deletionTimestamp !== undefined) setImmediate(() => this.#reap(object as Pod))
    })
  }

  /** `graceSeconds`: what the request says; the pod's own when null. */
  pod(pod: Pod, graceSeconds: number | null = null): void {
    const grace = graceSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
    this.#registry.update<Pod>('pods', pod, ({ metadata }) => {
      metadata.deletionTimestamp ??= stamp(new Date(Date.now() + grace * 1000))
      metadata.deletionGracePeriodSeconds = grace
    })
  }

  job(job: Job, propagation: Propagation): void {
    const pods = this.#registry.ownedBy<Pod>('pods', job.metadata.uid)
    if (propagation === 'Foreground' && pods.length > 0) {
      this.#registry.update<Job>('jobs', job, ({ metadata }) => {
        metadata.deletionTimestamp ??= stamp()
        metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), FOREGROUND])]
      })
    } else this.#registry.remove('jobs', job)
    for (const pod of pods) {
      if (propagation !== 'Orphan') {
        if (propagation === 'Background') this.release(pod)
        this.pod(this.#now(pod) ?? pod)
      } else
        this.#registry.update<Pod>('pods', pod, ({ metadata }) => {
          delete metadata.ownerReferences
          delete metadata.finalizers
        })
    }
  }

  /** The controller has counted it: it may go. */
  release(pod: Pod): void {
    this.#registry.update<Pod>('pods', pod, ({ metadata }) => {
      delete metadata.finalizers
    })
  }

  #now({ metadata: { namespace, name } }: Thing): Pod | null {
    return this.#registry.find<Pod>('pods', namespace, name)
  }

  #reap(pod: Pod): void {
    const now = this.#now(pod)
    if (now === null || now.metadata.uid !== pod.metadata.uid) return
    if (
      (now.metadata.finalizers?.length ?? 0) === 0 &&
      (isOver(now) || now.spec.nodeName === undefined) &&
      !this.#runs(now)
    )
      this.#registry.remove('pods', now)
  }

  #ownerMayGo(pod: Pod): void {
    const owner = pod.metadata.ownerReferences?.[0]
    if (owner === undefined) return
    const job = this.#registry.find<Job>('jobs', pod.metadata.namespace, owner.name)
    if (job?.metadata.uid !== owner.uid || job.metadata.deletionTimestamp === undefined) return
    if (this.#registry.ownedBy('pods', owner.uid).length === 0) this.#registry.remove('jobs', job)
  }
}
