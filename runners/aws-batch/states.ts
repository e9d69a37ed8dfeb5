/** What AWS Batch says of a job, and what it means here: its status, why, how its container ended, and what will not get better. */
import type { TaskState } from '../array/engine.ts'

/** As a list tells it, or a description. */
export interface Said {
  readonly status?: string | undefined
  readonly statusReason?: string | undefined
  readonly container?:
    | { readonly exitCode?: number | undefined; readonly reason?: string | undefined }
    | undefined
  readonly isCancelled?: boolean | undefined
  readonly isTerminated?: boolean | undefined
  /** ms. */
  readonly startedAt?: number | undefined
}

const STATES: Readonly<Record<string, TaskState>> = {
  SUBMITTED: 'pending',
  PENDING: 'pending',
  RUNNABLE: 'pending',
  STARTING: 'pending',
  RUNNING: 'running',
  SUCCEEDED: 'completed',
  FAILED: 'failed',
}

/** Ends that are nobody's fault, or the fault of a size; the first that fits. */
const ENDS: readonly (readonly [words: RegExp, state: TaskState])[] = [
  [/OutOfMemory/, 'out-of-memory'],
  [/exceeded timeout|attempt duration/i, 'timeout'],
  [/spot task was interrupted|SpotInterruption/i, 'preempted'],
  [/^Host EC2/i, 'node-fail'],
  [/DockerTimeoutError|CannotInspectContainerError|AgentError|agent (was )?disconnected/i, 'node-fail'],
]

const NOT_PULLED = /CannotPull(Container|Image|ECRContainer)\w*/i
/** A registry that is busy or far away; later it may do. */
const PASSING =
  /toomanyrequests|rate (limit|exceeded)|timed? ?out|timeout|connection|temporar|no space left|no such host|EOF|cancell?ed|TLS|input\/output|API error \(5|5\d\d /i
const NO_NODE = /executable file not found|exec: "node"|no such file or directory: unknown/i

export function stateOf(said: Said): TaskState {
  const state = STATES[said.status ?? ''] ?? 'unknown'
  if (state !== 'failed') return state
  const why = reasonOf(said)
  const end = ENDS.find(([words]) => words.test(said.statusReason ?? '') || words.test(why))?.[1]
  if (end !== undefined) return end
  if (NOT_PULLED.test(why)) return PASSING.test(why) ? 'node-fail' : 'failed'
  return said.isTerminated === true || said.isCancelled === true ? 'cancelled' : 'failed'
}

/** In its own words: why it waits, or how it ended; null while there is nothing to say. */
export function wordsOf(said: Said): string | null {
  const { status, statusReason = '', container } = said
  if (status === 'RUNNING' || status === 'SUCCEEDED') return null
  if (status !== 'FAILED') return statusReason === '' ? null : statusReason
  const code = container?.exitCode === undefined ? '' : `exit code ${container.exitCode}`
  const words = [statusReason, reasonOf(said), code].filter((word) => word !== '')
  return words.length === 0 ? 'FAILED' : words.join('; ')
}

/** Why it will not begin by itself, and what to do; null where it may. */
export function stuckOf({ status, statusReason = '' }: Said): string | null {
  if (status === undefined || STATES[status] !== 'pending') return null
  if (!/^(MISCONFIGURATION|ACTION_REQUIRED)/.test(statusReason)) return null
  const remedy = /RESOURCE/.test(statusReason)
    ? 'Ask for less by `cpus` and `memory` of the profile, or have the compute environment take more'
    : 'See the compute environments of the queue'
  return `${statusReason.replace(/\.$/, '')}. ${remedy}`
}

/** Why no task of it can ever begin: its image cannot be had, or has no Node; null where it may. */
export function inVainOf(said: Said): string | null {
  if (said.status !== 'FAILED') return null
  const why = reasonOf(said)
  if (NOT_PULLED.test(why) && !PASSING.test(why)) return `the image cannot be had: ${why}`
  if (/CannotStartContainer|CannotCreateContainer/i.test(why) && NO_NODE.test(why))
    return `the image has no Node: ${why}`
  return null
}

function reasonOf({ container }: Said): string {
  return container?.reason ?? ''
}
