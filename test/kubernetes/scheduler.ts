/** Puts pods on nodes by what they ask for; says of those that have no place why, in the real scheduler's words. */
import { amountOf } from './amounts.ts'
import type { Registry } from './registry.ts'
import { type Pod, stamp } from './things.ts'

export interface Node {
  readonly name: string
  readonly cpu: number
  /** Bytes. */
  readonly memory: number
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[]
}

export class Scheduler {
  readonly #registry: Registry
  readonly #nodes: readonly Node[]
  #due = false

  constructor(registry: Registry, nodes: readonly Node[]) {
    this.#registry = registry
    this.#nodes = nodes
    registry.listen(({ resource }) => {
      if (resource === 'pods') this.#soon()
    })
  }

  #soon(): void {
    if (this.#due) return
    this.#due = true
    setImmediate(() => {
      this.#due = false
      this.#schedule()
    })
  }

  #schedule(): void {
    const pods = this.#registry.list<Pod>('pods')
    const free = new Map(
      this.#nodes.map((node) => [node.name, { cpu: node.cpu, memory: node.memory, pods: 110 }]),
    )
    for (const pod of pods) {
      const room = free.get(pod.spec.nodeName ?? '')
      if (room === undefined || isOver(pod)) continue
      const { cpu, memory } = requestsOf(pod)
      room.cpu -= cpu
      room.memory -= memory
      room.pods--
    }
    const waiting = pods.filter(
      (pod) =>
        pod.spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined && !isOver(pod),
    )
    waiting.sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
    for (const pod of waiting) {
      const { cpu, memory } = requestsOf(pod)
      const reasons = this.#nodes.map((node) => whyNot(pod, node, free.get(node.name)!))
      const at = reasons.findIndex((reason) => reason.length === 0)
      if (at < 0) this.#refuse(pod, reasons.flat())
      else {
        const room = free.get(this.#nodes[at]!.name)!
        room.cpu -= cpu
        room.memory -= memory
        room.pods--
        this.#bind(pod, this.#nodes[at]!)
      }
    }
  }

  #bind(pod: Pod, node: Node): void {
    this.#registry.update<Pod>('pods', pod, (draft) => {
      draft.spec.nodeName = node.name
      draft.status.conditions = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: stamp() }]
    })
  }

  #refuse(pod: Pod, reasons: readonly string[]): void {
    const counts = new Map<string, number>()
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
    const total = this.#nodes.length
    const said = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
    const none = `0/${total} nodes are available`
    const message = `${none}: ${said.join(', ')}. preemption: ${none}: ${total} No preemption victims found for incoming pod.`
    if (pod.status.conditions?.some((each) => each.message === message)) return
    this.#registry.update<Pod>('pods', pod, (draft) => {
      draft.status.conditions = [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message,
          lastTransitionTime: stamp(),
        },
      ]
    })
    this.#registry.create('events', {
      metadata: { generateName: `${pod.metadata.name}.`, namespace: pod.metadata.namespace! },
      involvedObject: {
        kind: 'Pod',
        namespace: pod.metadata.namespace,
        name: pod.metadata.name,
        uid: pod.metadata.uid,
      },
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      count: 1,
      lastTimestamp: stamp(),
    } as never)
  }
}

export const isOver = (pod: Pod) => pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'

/** What it asks for; where it asks for nothing, what it is limited to. */
function requestsOf(pod: Pod): { cpu: number; memory: number } {
  const sum = { cpu: 0, memory: 0 }
  for (const { resources } of pod.spec.containers) {
    sum.cpu += amountOf(resources?.requests?.cpu ?? resources?.limits?.cpu ?? '0')!
    sum.memory += amountOf(resources?.requests?.memory ?? resources?.limits?.memory ?? '0')!
  }
  return sum
}

function whyNot(pod: Pod, node: Node, room: { cpu: number; memory: number; pods: number }): string[] {
  if (Object.entries(pod.spec.nodeSelector ?? {}).some(([key, value]) => node.labels[key] !== value))
    return ["node(s) didn't match Pod's node affinity/selector"]
  const taint = node.taints.find(
    ({ key, value = '', effect }) =>
      effect !== 'PreferNoSchedule' &&
      !pod.spec.tolerations?.some(
        (each) =>
          ((each.key ?? '') === '' || each.key === key) &&
          (each.operator === 'Exists' || (each.value ?? '') === value) &&
          ((each.effect ?? '') === '' || each.effect === effect),
      ),
  )
  if (taint !== undefined) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`]
  const { cpu, memory } = requestsOf(pod)
  return [
    ...(room.pods < 1 ? ['Too many pods'] : []),
    ...(cpu > room.cpu + 1e-9 ? ['Insufficient cpu'] : []),
    ...(memory > room.memory ? ['Insufficient memory'] : []),
  ]
}
