/**
 * Runs the pods that are bound to nodes: the container of each is a process of this machine, in a process group and a folder of
 * its own. What becomes of it is written into the pod's status as a kubelet writes it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart, type Start, startOf } from './container-start.ts'
import type { Faults } from './faults.ts'
import { isImageName, isListed, wholeName } from './images.ts'
import { setOver, setRunning, setState } from './pod-status.ts'
import { type Ended, Process } from './process.ts'
import type { Registry } from './registry.ts'
import { isOver } from './scheduler.ts'
import { strike } from './strikes.ts'
import { type Pod, type Secret, stamp } from './things.ts'

export interface KubeletSettings {
  readonly folder: string
  readonly images: readonly string[]
  /** Between two attempts to have an image, milliseconds. */
  readonly pullAgainMs: number
  /** That a container takes to start, milliseconds. */
  readonly startMs: number
}

export class Kubelet {
  readonly #registry: Registry
  readonly #faults: Faults
  readonly #settings: KubeletSettings
  /** By uid of the pod; null while it has no process yet. */
  readonly #processes = new Map<string, Process | null>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #stopped = false
  /** Should the test end without a word. */
  readonly #atExit = () => {
    for (const each of this.#processes.values()) each?.signal('SIGKILL')
  }

  constructor(registry: Registry, faults: Faults, settings: KubeletSettings) {
    this.#registry = registry
    this.#faults = faults
    this.#settings = settings
    process.once('exit', this.#atExit)
    registry.listen(({ resource, type, object }) => {
      if (resource !== 'pods') return
      const pod = object as Pod
      if (type === 'DELETED') this.#ended(pod.metadata.uid)
      else this.#see(pod)
    })
  }

  /** Ends all that runs. */
  async stop(): Promise<void> {
    this.#stopped = true
    process.off('exit', this.#atExit)
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all([...this.#processes.values()].map((each) => each?.end('SIGKILL')))
  }

  /** What a pod printed; null when its container has not started. */
  logOf(pod: Pod): Buffer | null {
    return this.#processes.get(pod.metadata.uid)?.log() ?? null
  }

  /** The process of a pod that runs; null when there is none. */
  processOf(pod: Pod): Process | null {
    return this.#processes.get(pod.metadata.uid) ?? null
  }

  #see(pod: Pod): void {
    const { uid, deletionTimestamp } = pod.metadata
    if (this.#stopped) return
    if (deletionTimestamp !== undefined) {
      const running = this.#processes.get(uid)
      if (running?.alive === true) running.terminate((pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000)
      else if (!isOver(pod) && !running) this.#neverStarted(pod)
      return
    }
    if (pod.spec.nodeName === undefined || this.#processes.has(uid) || isOver(pod)) return
    this.#processes.set(uid, null)
    this.#waits(pod, 'ContainerCreating')
    this.#after(this.#settings.startMs, () => this.#pull(pod))
  }

  #pull(pod: Pod): void {
    if (!this.#isWanted(pod)) return
    const image = pod.spec.containers[0]!.image!
    if (!isImageName(image)) {
      this.#waits(
        pod,
        'InvalidImageName',
        `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
      )
      return
    }
    if (isListed(image, this.#settings.images) && !isListed(image, this.#faults.noImage)) {
      this.#start(pod)
      return
    }
    const whole = wholeName(image)
    this.#waits(
      pod,
      'ErrImagePull',
      `failed to pull and unpack image "${whole}": failed to resolve reference "${whole}": ${whole}: not found`,
    )
    this.#tell(
      pod,
      'Failed',
      `Failed to pull image "${image}": rpc error: code = NotFound desc = ${whole}: not found`,
    )
    this.#after(this.#settings.pullAgainMs, () => {
      if (!this.#isWanted(pod)) return
      this.#waits(
        pod,
        'ImagePullBackOff',
        `Back-off pulling image "${image}": ErrImagePull: ${whole}: not found`,
      )
      this.#after(this.#settings.pullAgainMs, () => this.#pull(pod))
    })
  }

  #start(pod: Pod): void {
    const folder = join(this.#settings.folder, pod.metadata.uid)
    mkdirSync(folder, { recursive: true })
    let start: Start
    try {
      start = startOf(pod, folder, (name) =>
        this.#registry.find<Secret>('secrets', pod.metadata.namespace, name),
      )
    } catch (error) {
      if (!(error instanceof CannotStart)) throw error
      this.#waits(pod, error.reason, error.message)
      this.#after(this.#settings.pullAgainMs, () => this.#isWanted(pod) && this.#start(pod))
      return
    }
    const running = new Process(start, folder)
    this.#processes.set(pod.metadata.uid, running)
    this.#write(pod, ({ status }) => {
      setRunning(status, pod, running.startedAt)
    })
    const due = strike(pod, this.#faults, running)
    if (due !== null) this.#after(due.afterMs, () => due.fall())
    void running.ended.then((end) => this.#over(pod, running, due?.ended(end) ?? end))
  }

  #over(pod: Pod, running: Process, end: Ended): void {
    this.#write(pod, (draft) => setOver(draft, running, end))
  }

  /** A pod that is deleted before it had a process. */
  #neverStarted(pod: Pod): void {
    this.#write(pod, ({ status }) => {
      status.phase = 'Failed'
    })
  }

  #waits(pod: Pod, reason: string, message?: string): void {
    this.#write(pod, ({ status }) => {
      status.startTime ??= stamp()
      setState(status, pod, { waiting: message === undefined ? { reason } : { reason, message } })
    })
  }

  #write(pod: Pod, change: (draft: Pod) => void): void {
    const write = () => {
      this.#registry.update<Pod>('pods', pod, change)
    }
    if (this.#faults.lateStatusMs > 0) this.#after(this.#faults.lateStatusMs, write)
    else write()
  }

  #tell({ metadata }: Pod, reason: string, message: string): void {
    const { name, namespace, uid } = metadata
    this.#registry.create('events', {
      metadata: { generateName: `${name}.`, namespace: namespace! },
      involvedObject: { kind: 'Pod', namespace, name, uid },
      type: 'Warning',
      reason,
      message,
      count: 1,
      lastTimestamp: stamp(),
    } as never)
  }

  #isWanted({ metadata: { namespace, name, uid } }: Pod): boolean {
    const now = this.#registry.find<Pod>('pods', namespace, name)
    return now?.metadata.uid === uid && now.metadata.deletionTimestamp === undefined && !isOver(now)
  }

  #ended(uid: string): void {
    const running = this.#processes.get(uid)
    this.#processes.delete(uid)
    const clear = () => rmSync(join(this.#settings.folder, uid), { recursive: true, force: true })
    if (running?.alive === true) void running.end('SIGKILL').then(clear)
    else clear()
  }

  #after(ms: number, then: () => void): void {
    if (this.#stopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!this.#stopped) then()
    }, ms)
    this.#timers.add(timer)
  }
}
