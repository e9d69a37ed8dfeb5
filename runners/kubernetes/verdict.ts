/**
 * How a task is doing, of all pods that it has or had and of what its Job says. Kubernetes may start two pods for one index, and
 * starts one anew after it was taken away or failed: what counts is the one that came furthest.
 */
import { isOver, type TaskLook, type TaskUsage } from '../array/engine.ts'
import { MORE_STARTS } from './job.ts'
import type { JobLook } from './job-look.ts'
import type { Pod } from './pod.ts'

/** `job`: null where nothing is known of one of this name. Null: nothing is known of it, or no more. */
export function verdictOf(
  index: number,
  pods: readonly Pod[],
  job: JobLook | null,
  { name, perIndex }: { name: string; perIndex: boolean },
): TaskLook | null {
  const done = pods.find(({ state }) => state === 'completed')
  if (done !== undefined) return lookOf(done)
  const last = newest(pods)
  const isThere = job !== null && !job.gone
  const own = { job: last?.name ?? `${name}-${index}`, node: last?.node ?? null, restarts: null }
  if (job?.completed.has(index) === true) return { ...own, state: 'completed', words: null }
  for (const state of ['running', 'unknown', 'pending'] as const) {
    const found = newest(pods.filter((pod) => pod.state === state))
    if (found !== undefined && (isThere || state !== 'pending')) return lookOf(found)
  }
  const failures = pods.filter(({ disrupted }) => !disrupted).length
  const given = job?.failed.has(index) || job?.over != null || (!perIndex && failures > MORE_STARTS)
  if (given && last !== undefined) return lookOf(last)
  if (!isThere) return last !== undefined && isOver(last.state) ? lookOf(last) : null
  if (job.failed.has(index)) return { ...own, state: 'failed', words: null }
  if (job.over !== null) return { ...own, state: endedBy(job.over), words: job.over }
  if (job.ending) return { ...own, state: 'cancelled', words: null }
  const before = last === undefined ? null : `${last.words ?? last.state}; it is started again`
  return { ...own, state: 'pending', words: before }
}

/** What the one that counts took. Kubernetes measures neither processor time nor memory. */
export function usageOf(index: number, pods: readonly Pod[], look: TaskLook): TaskUsage {
  const pod = pods.find(({ name }) => name === look.job)
  return {
    index,
    job: look.job,
    node: look.node,
    state: look.state,
    exit: pod?.exit ?? null,
    started: pod?.started ?? null,
    ended: pod?.ended ?? null,
    cpuMs: null,
    maxRssBytes: null,
    ...(pod?.image == null ? {} : { image: pod.image }),
  }
}

export function newest(pods: readonly Pod[]): Pod | undefined {
  return pods.reduce<Pod | undefined>(
    (last, pod) => (last === undefined || pod.created >= last.created ? pod : last),
    undefined,
  )
}

function lookOf({ state, words, node, name, trouble, started }: Pod): TaskLook {
  const began = started === null ? {} : { started }
  const look = { state, words, node, job: name, restarts: null, ...began }
  return trouble === null ? look : { ...look, stuck: trouble.words }
}

function endedBy(words: string): 'timeout' | 'ended' {
  return words.startsWith('DeadlineExceeded') ? 'timeout' : 'ended'
}
