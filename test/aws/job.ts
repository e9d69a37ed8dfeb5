/** A job as AWS Batch has it, its attempts, and when another follows. */
import type { ContainerProcess, Ended } from './process.ts'
import type { Definition, Evaluation } from './requests.ts'

export const STATUSES = [
  'SUBMITTED',
  'PENDING',
  'RUNNABLE',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
] as const
export type Status = (typeof STATUSES)[number]

export interface Attempt {
  readonly container: {
    readonly containerInstanceArn: string
    readonly taskArn: string
    readonly logStreamName: string
    readonly exitCode?: number
    readonly reason?: string
  }
  readonly startedAt?: number
  readonly stoppedAt: number
  readonly statusReason: string
}

export interface Job {
  readonly jobId: string
  readonly jobName: string
  readonly jobQueue: string
  readonly jobDefinition: string
  readonly definition: Definition
  readonly environment: readonly { readonly name: string; readonly value: string }[]
  readonly createdAt: number
  /** Of an array: its children. */
  readonly children: Job[] | null
  readonly size: number
  readonly index: number | null
  status: Status
  statusReason: string | undefined
  startedAt: number | undefined
  stoppedAt: number | undefined
  readonly attempts: Attempt[]
  /** Of the attempt that runs. */
  running: {
    readonly processes: ContainerProcess[]
    readonly place: Omit<Attempt['container'], 'exitCode'>
  } | null
  /** Why it was ended from outside. */
  terminated: string | null
  isTaken: boolean
}

export function isOver({ status }: Job): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED'
}

/** A container that a signal ended has 128 and its number as its code. */
export function endOf({ code, signal }: Ended): { exitCode: number } {
  if (code !== null) return { exitCode: code }
  return { exitCode: signal === 'SIGKILL' ? 137 : 143 }
}

/** Whether a rule of a retry strategy fits an attempt: all that it says has to. */
export function matches(
  { onStatusReason, onReason, onExitCode }: Evaluation,
  { statusReason, container }: Attempt,
): boolean {
  const fits = (pattern: string | undefined, said: string | number | undefined) => {
    if (pattern === undefined) return true
    if (said === undefined) return false
    const [is, asked] = [String(said).toLowerCase(), pattern.toLowerCase()]
    return asked.endsWith('*') ? is.startsWith(asked.slice(0, -1)) : is === asked
  }
  return (
    fits(onStatusReason, statusReason) &&
    fits(onReason, container.reason) &&
    fits(onExitCode, container.exitCode)
  )
}
