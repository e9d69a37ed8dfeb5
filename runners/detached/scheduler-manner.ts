/** What a submission says of a scheduler, read strictly: it comes from elsewhere. */
import type { SchedulerManner } from './submission.ts'
import { duration, isFields, path } from './told-values.ts'
import { readBatchWishes, readKubernetesWishes, readSlurmWishes } from './told-wishes.ts'

/** Null where it is none. */
export function readSchedulerManner(value: unknown): SchedulerManner | null {
  if (!isFields(value)) return null
  const { taskMs, chunkMs } = value
  if (duration(taskMs) === null || taskMs === 0 || (chunkMs !== null && duration(chunkMs) === null))
    return null
  const how = readKind(value)
  if (how === null) return null
  const { maxCoreHours } = value
  if (maxCoreHours !== undefined && duration(maxCoreHours) === null) return null
  const most = maxCoreHours === undefined ? {} : { maxCoreHours: maxCoreHours as number }
  return { ...how, taskMs: taskMs as number, chunkMs: chunkMs as number | null, ...most }
}

type OfKind<M> = M extends SchedulerManner ? Omit<M, 'taskMs' | 'chunkMs' | 'maxCoreHours'> : never

function readKind({ kind, node, wishes }: Readonly<Record<string, unknown>>): OfKind<SchedulerManner> | null {
  if (kind === 'slurm') {
    const [told, there] = [readSlurmWishes(wishes), path(node)]
    return told === null || (node !== null && there === null) ? null : { kind, wishes: told, node: there }
  }
  if (kind === 'kubernetes') {
    const told = readKubernetesWishes(wishes)
    return told === null ? null : { kind, wishes: told }
  }
  if (kind === 'aws-batch') {
    const told = readBatchWishes(wishes)
    return told === null ? null : { kind, wishes: told }
  }
  return null
}
