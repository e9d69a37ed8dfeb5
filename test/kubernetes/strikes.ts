/** What strikes a pod from outside: a signal, an eviction, want of memory, the loss of its node. */
import { constants } from 'node:os'
import type { Faults, Strike } from './faults.ts'
import { attemptOf, indexOf, jobNumberOf } from './pod-of-job.ts'
import type { Ended, Process } from './process.ts'
import type { Pod } from './things.ts'

export interface Due {
  readonly afterMs: number
  fall(): void
  /** How it ends that was over before it was struck: as if it had been struck as it ended, so that all that are to be are. */
  ended(end: Ended): Ended
}

/** Null when the pod is spared. */
export function strike(pod: Pod, faults: Faults, running: Process): Due | null {
  const index = indexOf(pod)
  if (index === null) return null
  const due = faults.strikeOf(jobNumberOf(pod), index, attemptOf(pod))
  if (due === null) return null
  let fallen = false
  return {
    afterMs: due.afterMs,
    fall() {
      if (!running.alive) return
      fallen = true
      fall(due.strike, pod, running)
    },
    ended(end) {
      if (fallen || pod.metadata.deletionTimestamp !== undefined) return end
      mark(due.strike, running)
      return { code: null, signal: constants.signals.SIGKILL, oom: running.oom }
    },
  }
}

/** What a strike does to the process of a pod; nothing when it is over already. */
export function fall(how: Strike, pod: Pod, running: Process): void {
  if (!running.alive) return
  mark(how, running)
  if (how === 'evict') running.terminate((pod.spec.terminationGracePeriodSeconds ?? 30) * 1000)
  else running.signal('SIGKILL')
}

function mark(how: Strike, running: Process): void {
  if (how === 'oom') running.oom = true
  if (how === 'evict')
    running.disruption = {
      reason: 'TerminationByKubelet',
      pod: 'Evicted',
      message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 51204Ki. ',
      deletes: false,
    }
  if (how === 'lose')
    running.disruption = {
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
      deletes: true,
    }
}
