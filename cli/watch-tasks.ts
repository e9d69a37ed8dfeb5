/** While a run is followed that a scheduler has: asks its head now and then how many tasks are in which state, and shows that. */
import { isScheduled } from '../lab/clusters.ts'
import type { RunFolder } from '../lab/lab.ts'
import type { OpenHead } from '../lab/open-head.ts'
import { tasksWords } from './far-words.ts'

const LOOK_MS = 5_000

export function watchTasks(
  { cluster, head }: Pick<OpenHead, 'cluster' | 'head'>,
  run: RunFolder,
  show: (words: string) => void,
): { stop(): void } {
  if (!isScheduled(cluster)) return { stop() {} }
  let asking = false
  const look = async () => {
    if (asking) return
    asking = true
    try {
      const words = tasksWords(await head.run(run.id))
      if (words !== '') show(words)
    } catch {
      // what keeps it from answering is told by what collects
    }
    asking = false
  }
  const timer = setInterval(() => void look(), LOOK_MS)
  return { stop: () => clearInterval(timer) }
}
