/**
 * While a run is followed that a scheduler has: asks its head now and then how many tasks are in which state and what they took, and
 * shows that.
 */
import { schedules } from '../lab/cluster-word.ts'
import { moneyWords } from '../lab/cost-words.ts'
import { tasksWords } from '../lab/far-words.ts'
import type { RunFolder } from '../lab/lab.ts'
import type { OpenHead } from '../lab/open-head.ts'
import { roughCores } from '../lab/rough-words.ts'
import { moneyOf } from '../runners/cloud/prices.ts'

const LOOK_MS = 5_000

export function watchTasks(
  { cluster, head }: Pick<OpenHead, 'cluster' | 'head'>,
  run: RunFolder,
  show: (words: string) => void,
): { stop(): void } {
  if (!schedules(cluster.profile.kind)) return { stop() {} }
  const { prices } = cluster.profile
  const spentWords = (coreMs = 0) => {
    if (coreMs === 0) return ''
    const money = prices === undefined ? '' : `, ${moneyWords(moneyOf(coreMs, prices), prices.currency)}`
    return `${roughCores(coreMs)}${money}`
  }
  let asking = false
  const look = async () => {
    if (asking) return
    asking = true
    try {
      const there = await head.run(run.id)
      const words = [tasksWords(there), spentWords(there.coreMs)].filter((each) => each !== '').join(', ')
      if (words !== '') show(words)
    } catch {
      // what keeps it from answering is told by what collects
    }
    asking = false
  }
  const timer = setInterval(() => void look(), LOOK_MS)
  return { stop: () => clearInterval(timer) }
}
