/** A pod of an Indexed Job: how the controller makes it, and what it says of itself. */
import { copyOf } from './registry.ts'
import type { Job, Pod } from './things.ts'

export const INDEX = 'batch.kubernetes.io/job-completion-index'
export const FAILURES = 'batch.kubernetes.io/job-index-failure-count'
export const TRACKING = 'batch.kubernetes.io/job-tracking'
/** The stand-in's own: where the Job is in the order in which Jobs came, and how often its index was tried before. */
const NUMBER = 'stand-in/job-number'
const ATTEMPT = 'stand-in/attempt'
export const TWIN = 'stand-in/twin'

export interface Place {
  /** Null in a Job that has none. */
  readonly index: number | null
  readonly attempt: number
  readonly failures: number
  readonly twin: boolean
  readonly number: number
}

/** As it is created. */
export function podOf(
  job: Job,
  { index, attempt, failures, twin, number }: Place,
): Omit<Pod, 'metadata' | 'kind' | 'apiVersion'> & { metadata: object } {
  const { metadata, spec } = job
  const template = copyOf(spec.template)
  const at = index === null ? {} : { [INDEX]: String(index) }
  const perIndex = spec.backoffLimitPerIndex === undefined ? {} : { [FAILURES]: String(failures) }
  const own = { [NUMBER]: String(number), [ATTEMPT]: String(attempt), ...(twin ? { [TWIN]: 'true' } : {}) }
  if (index !== null)
    for (const container of template.spec.containers) {
      container.env ??= []
      container.env.push({
        name: 'JOB_COMPLETION_INDEX',
        valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } },
      })
    }
  return {
    metadata: {
      generateName: index === null ? `${metadata.name}-` : `${metadata.name}-${index}-`,
      namespace: metadata.namespace!,
      labels: { ...template.metadata?.labels, ...at },
      annotations: { ...template.metadata?.annotations, ...at, ...perIndex, ...own },
      finalizers: [TRACKING],
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          name: metadata.name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { ...template.spec, ...(index === null ? {} : { hostname: `${metadata.name}-${index}` }) },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  }
}

const annotated = (pod: Pod, name: string) => pod.metadata.annotations?.[name]

export function indexOf(pod: Pod): number | null {
  const text = annotated(pod, INDEX)
  return text === undefined ? null : Number(text)
}

export const attemptOf = (pod: Pod) => Number(annotated(pod, ATTEMPT) ?? 0)

export const isTwin = (pod: Pod) => annotated(pod, TWIN) === 'true'

export const jobNumberOf = (pod: Pod) => Number(annotated(pod, NUMBER) ?? 0)

/** How a container of it ended; null where none did. */
export function exitCodeOf(pod: Pod, container?: string): number | null {
  const found = pod.status.containerStatuses?.find(
    ({ name }) => container === undefined || name === container,
  )
  return found?.state.terminated?.exitCode ?? null
}
