/** How many tasks are in which state, for whoever asks how a run goes. */
import type { KnownArray } from './arrays.ts'
import type { TaskState } from './engine.ts'
import { endState } from './judgement.ts'

export function countsOf(arrays: readonly KnownArray[]): Readonly<Record<string, number>> {
  const counts: Partial<Record<TaskState, number>> = {}
  for (const { handle, tasks } of arrays) {
    if (handle === '') continue
    for (const { look, over, ended, judged, told } of tasks) {
      const before = judged && told && look === null && over === null // told in an earlier execution
      const now = before
        ? 'ended'
        : judged
          ? endState(over?.state ?? 'ended', ended)
          : (over?.state ?? look?.state ?? 'pending')
      counts[now] = (counts[now] ?? 0) + 1
    }
  }
  return counts
}

/** Tasks that will not begin by themselves: `3 tasks wait`, and why. */
export function waitingIn(arrays: readonly KnownArray[]): Readonly<Record<string, string>> {
  const counts = new Map<string, number>()
  for (const { tasks } of arrays)
    for (const { look, over, judged } of tasks)
      if (look?.stuck !== undefined && over === null && !judged)
        counts.set(look.stuck, (counts.get(look.stuck) ?? 0) + 1)
  const waiting: Record<string, string> = {}
  for (const [why, count] of counts) {
    const who = count === 1 ? '1 task waits' : `${count} tasks wait`
    waiting[who] = who in waiting ? `${waiting[who]}; ${why}` : why
  }
  return waiting
}
