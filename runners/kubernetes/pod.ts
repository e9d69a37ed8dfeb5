/**
 * A pod as the API tells of it, reduced to what is asked about: which task it is, how it is doing, and why. Everything in it
 * comes from elsewhere; what is not of the form that is known is as if it were not there.
 */
import type { TaskState } from '../array/engine.ts'
import { oneLine } from './failures.ts'
import { TASK_CONTAINER } from './template.ts'

/** Why a pod does not begin. `image` and `configuration` are the same for all pods of a Job; `room` is not. */
export interface Trouble {
  readonly kind: 'image' | 'configuration' | 'room'
  readonly words: string
  /** Nothing that passes: the name is none, or a registry says that it has no such image. */
  readonly certain: boolean
}

export interface Pod {
  readonly name: string
  readonly job: string
  readonly index: number
  /** ISO 8601. */
  readonly created: string
  readonly state: TaskState
  readonly words: string | null
  readonly node: string | null
  readonly trouble: Trouble | null
  /** Taken away from it, which counts for nothing. */
  readonly disrupted: boolean
  readonly exit: string | null
  readonly started: string | null
  readonly ended: string | null
  /** With its digest. */
  readonly image: string | null
}

/** Label and annotation of a pod of an Indexed Job. */
export const INDEX = 'batch.kubernetes.io/job-completion-index'
const MOST_NAME = 253
const MOST_WORDS = 300
const IMAGE_TROUBLE =
  /^(ErrImage\w*|ImagePullBackOff|InvalidImageName|ImageInspectError|RegistryUnavailable)$/
const IMAGE_CERTAIN = /^(InvalidImageName|ErrImageNeverPull)$/
/** Registries that say that they do not have it, or not for us; being asked too often passes. */
const NO_IMAGE =
  /not found|manifest unknown|does not exist|denied|unauthorized|no match for platform|no matching manifest/i
const PASSES = /toomanyrequests|too many requests|rate limit|timeout|timed out|temporar/i
/** The kubelet's own reasons for not taking a pod that it was given. */
const REJECTED =
  /^(OutOf\w+|NodeAffinity|NodeLost|NodeShutdown|UnexpectedAdmissionError|Terminated|Shutdown)$/
const NODE_GONE = /^(DeletionByPodGC|DeletionByTaintManager)$/

type Fields = Readonly<Record<string, unknown>>

/** Null where it is no pod of an Indexed Job. */
export function readPod(object: unknown): Pod | null {
  const { metadata, spec, status } = fields(object)
  const { name, labels, annotations, creationTimestamp } = fields(metadata)
  const index = fields(annotations)[INDEX] ?? fields(labels)[INDEX]
  const job = fields(labels)['batch.kubernetes.io/job-name'] ?? fields(labels)['job-name']
  if (typeof name !== 'string' || name.length > MOST_NAME || typeof job !== 'string') return null
  if (typeof index !== 'string' || !/^\d{1,6}$/.test(index)) return null
  const container = containerIn(fields(status).containerStatuses)
  const terminated = fields(fields(container.state).terminated)
  const disruption = conditionOf(status, 'DisruptionTarget', 'True')
  const { exitCode, signal } = terminated
  return {
    name,
    job,
    index: Number(index),
    created: time(creationTimestamp) ?? '',
    ...looksLike(fields(status), container, terminated, disruption),
    node: short(fields(spec).nodeName),
    disrupted: disruption !== null,
    exit: Number.isInteger(exitCode)
      ? `${exitCode}${Number.isInteger(signal) && signal !== 0 ? `:${signal}` : ''}`
      : null,
    started: time(terminated.startedAt) ?? time(fields(fields(container.state).running).startedAt),
    ended: time(terminated.finishedAt),
    image: imageIn(container.imageID),
  }
}

function looksLike(status: Fields, container: Fields, terminated: Fields, disruption: Fields | null) {
  const plain = (state: TaskState, words: string | null = null) => ({ state, words, trouble: null })
  switch (status.phase) {
    case 'Succeeded':
      return plain('completed')
    case 'Running':
      return plain('running')
    case 'Failed':
      return plain(...endOf(status, terminated, disruption))
    case 'Pending': {
      const trouble = troubleOf(status, container)
      const reason = short(fields(fields(container.state).waiting).reason)
      return { state: 'pending' as const, words: trouble?.words ?? reason, trouble }
    }
    default: // its node does not answer, or nothing is said yet
      return plain(status.phase === undefined ? 'pending' : 'unknown', short(status.phase))
  }
}

/** How one that failed ended, and in what words. */
function endOf(status: Fields, terminated: Fields, disruption: Fields | null): [TaskState, string] {
  const [reason, why] = [short(status.reason) ?? '', short(terminated.reason) ?? '']
  const said = (first: string, more: unknown) =>
    [first, short(more)].filter((text) => text !== null && text !== '').join(': ')
  const code = Number.isInteger(terminated.exitCode) ? `exit code ${terminated.exitCode}` : ''
  if (reason === 'DeadlineExceeded') return ['timeout', said(reason, status.message)]
  if (reason === 'Evicted' || reason === 'Preempting') return ['preempted', said(reason, status.message)]
  if (REJECTED.test(reason)) return ['node-fail', said(reason, status.message)]
  if (why === 'OOMKilled') return ['out-of-memory', why]
  if (disruption !== null) {
    const cause = short(disruption.reason) ?? 'DisruptionTarget'
    return [NODE_GONE.test(cause) ? 'node-fail' : 'preempted', said(cause, disruption.message)]
  }
  const words = [why || reason || 'Failed', code].filter((text) => text !== '').join(', ')
  return ['failed', said(words, terminated.message ?? status.message)]
}

function troubleOf(status: Fields, container: Fields): Trouble | null {
  const waits = [container, ...entries(status.initContainerStatuses)].map((each) =>
    fields(fields(each.state).waiting),
  )
  for (const { reason, message } of waits) {
    if (typeof reason !== 'string') continue
    const words = [reason, short(message)].filter((text) => text !== null).join(': ')
    if (IMAGE_TROUBLE.test(reason)) {
      const isNone = NO_IMAGE.test(words) && !PASSES.test(words)
      return { kind: 'image', words, certain: IMAGE_CERTAIN.test(reason) || isNone }
    }
    if (reason === 'CreateContainerConfigError' || reason === 'CreateContainerError')
      return { kind: 'configuration', words, certain: /not found|non-root|runAsNonRoot/i.test(words) }
  }
  const scheduled = conditionOf(status, 'PodScheduled', 'False')
  if (scheduled === null) return null
  const words = [short(scheduled.reason), short(scheduled.message)].filter((text) => text !== null).join(': ')
  return words === '' ? null : { kind: 'room', words, certain: false }
}

function containerIn(statuses: unknown): Fields {
  return entries(statuses).find(({ name }) => name === TASK_CONTAINER) ?? {}
}

function conditionOf(status: unknown, type: string, value: string): Fields | null {
  const found = entries(fields(status).conditions).find((each) => each.type === type && each.status === value)
  return found ?? null
}

/** As runtimes write it: `docker-pullable://node@sha256:…`, or an id without a name. */
function imageIn(imageID: unknown): string | null {
  const text = short(imageID)?.replace(/^[a-z-]+:\/\//, '') ?? ''
  return /^([\w./:-]{1,220}@)?sha256:[0-9a-f]{64}$/.test(text) ? text : null
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function entries(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : []
}

function short(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? oneLine(value, MOST_WORDS) : null
}

/** ISO 8601 in UTC; null where it is none. */
function time(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 40 || Number.isNaN(Date.parse(value))) return null
  return new Date(value).toISOString()
}
