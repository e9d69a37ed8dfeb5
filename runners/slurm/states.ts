/** Slurm's words for states of jobs, long and short, and what they mean here. */
import type { TaskState } from '../array/engine.ts'

const STATES: Readonly<Record<TaskState, string>> = {
  // nothing of it executes, and Slurm means to start it
  pending:
    'PENDING PD CONFIGURING CF POWER_UP_NODE REQUEUED RQ REQUEUE_FED RF REQUEUE_HOLD RH SPECIAL_EXIT SE RESV_DEL_HOLD RD',
  // COMPLETING: its processes may still be there
  running:
    'RUNNING R SUSPENDED S COMPLETING CG STOPPED ST SIGNALING SI STAGE_OUT SO RESIZING RS EXPEDITING EX UPDATE_DB UD',
  completed: 'COMPLETED CD',
  failed: 'FAILED F',
  timeout: 'TIMEOUT TO DEADLINE DL',
  'out-of-memory': 'OUT_OF_MEMORY OOM',
  'node-fail': 'NODE_FAIL NF BOOT_FAIL BF LAUNCH_FAILED LF RECONFIG_FAIL RG',
  preempted: 'PREEMPTED PR',
  cancelled: 'CANCELLED CA',
  // another cluster of a federation has it
  ended: 'REVOKED RV',
  unknown: '',
}

const BY_WORD: ReadonlyMap<string, TaskState> = new Map(
  Object.entries(STATES).flatMap(([state, words]) =>
    words.split(' ').map((word) => [word, state as TaskState] as const),
  ),
)

/** Slurm put it back and holds it, since a node could not start it: it does not start again by itself. */
const HELD_FOR_GOOD = /^launch.failed.requeued.held$/i

/** A state as squeue or sacct writes it: `CANCELLED by 0`, `OUT_OF_ME+` where it was cut; and why, where it says. */
export function stateOf(word: string, reason = ''): TaskState {
  const plain = /^[A-Za-z_]+/.exec(word.trim())?.[0].toUpperCase() ?? ''
  const cut = word.trim().endsWith('+')
  const state = BY_WORD.get(plain) ?? (cut ? beginning(plain) : undefined) ?? 'unknown'
  return state === 'pending' && HELD_FOR_GOOD.test(reason.trim()) ? 'node-fail' : state
}

function beginning(cut: string): TaskState | undefined {
  const found = [...BY_WORD].filter(([word]) => cut.length > 2 && word.startsWith(cut))
  return new Set(found.map(([, state]) => state)).size === 1 ? found[0]![1] : undefined
}

/** Slurm's words for people: why a task waits; how it ended, and why where that says more; null while it simply runs. */
export function wordsOf(word: string, reason: string): string | null {
  const state = word.trim()
  const why = ['', 'None', '(null)', 'n/a'].includes(reason.trim()) ? null : reason.trim()
  if (state === 'PENDING') return why
  if (state === 'RUNNING' || state === '') return null
  return why === null || state === 'COMPLETED' ? state : `${state} (${why})`
}
