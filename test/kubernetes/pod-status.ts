/** A pod's status, as a kubelet writes it. */
import { imageId, wholeName } from './images.ts'
import type { Ended, Process } from './process.ts'
import { type Condition, type ContainerState, type Pod, stamp } from './things.ts'

const CONDITIONS = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'] as const

export function setRunning(status: Pod['status'], pod: Pod, startedAt: string): void {
  status.phase = 'Running'
  status.startTime ??= stamp()
  status.conditions = CONDITIONS.map((type) => ({ type, status: 'True', lastTransitionTime: stamp() }))
  setState(status, pod, { running: { startedAt } })
}

/** Its container is over, for whatever reason. */
export function setOver(draft: Pod, running: Process, { code, signal, oom }: Ended): void {
  const { status, metadata } = draft
  const exitCode = code ?? 128 + signal
  const plain = exitCode === 0 ? 'Completed' : exitCode === 128 && running.error ? 'StartError' : 'Error'
  const gone = running.disruption
  status.phase = exitCode === 0 && gone === null ? 'Succeeded' : 'Failed'
  status.conditions = CONDITIONS.map((type) => ({
    type,
    status: type === 'Initialized' || type === 'PodScheduled' ? 'True' : 'False',
    ...(type.endsWith('Ready') ? { reason: exitCode === 0 ? 'PodCompleted' : 'PodFailed' } : {}),
    lastTransitionTime: stamp(),
  })) satisfies Condition[]
  if (gone !== null) {
    const { reason, message } = gone
    const now = stamp()
    status.conditions.push({
      type: 'DisruptionTarget',
      status: 'True',
      reason,
      message,
      lastTransitionTime: now,
    })
    if (gone.pod !== undefined) Object.assign(status, { reason: gone.pod, message })
    if (gone.deletes) metadata.deletionTimestamp ??= now
  }
  if (gone?.deletes === true) return // of a node that is gone nobody knows more
  setState(status, draft, {
    terminated: {
      exitCode,
      reason: oom ? 'OOMKilled' : plain,
      startedAt: running.startedAt,
      finishedAt: stamp(),
      containerID: `containerd://${metadata.uid.replaceAll('-', '').repeat(2)}`,
    },
  })
}

export function setState(status: Pod['status'], pod: Pod, state: ContainerState): void {
  const { name, image = '' } = pod.spec.containers[0]!
  const had = state.waiting === undefined
  const running = state.running !== undefined
  status.containerStatuses = [
    {
      name,
      state,
      lastState: {},
      ready: running,
      started: running,
      restartCount: 0,
      image: had ? wholeName(image) : image,
      imageID: had ? imageId(image) : '',
    },
  ]
}
