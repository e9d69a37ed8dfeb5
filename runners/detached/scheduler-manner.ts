/** What a submission says of a scheduler, read strictly: it comes from elsewhere, and becomes words of sbatch. */
import { isAbsolute } from 'node:path'
import type { SlurmWishes } from '../slurm/profile.ts'
import type { SchedulerManner } from './submission.ts'

const TEXTS = ['partition', 'account', 'qos', 'constraint', 'time', 'memory'] as const
const COUNTS = ['cpus', 'engines', 'maxTasks'] as const
const MOST_TEXT = 4_096
const MOST_EXTRA = 256
const MOST_MS = 2 ** 40

/** Null where it is none. */
export function readSchedulerManner(value: unknown): SchedulerManner | null {
  if (!isFields(value) || value.kind !== 'slurm') return null
  const { node, taskMs, chunkMs } = value
  const wishes = readWishes(value.wishes)
  if (wishes === null || (node !== null && !(isText(node) && isAbsolute(node)))) return null
  if (!isDuration(taskMs) || taskMs === 0 || (chunkMs !== null && !isDuration(chunkMs))) return null
  return { kind: 'slurm', wishes, node, taskMs, chunkMs }
}

function readWishes(value: unknown): SlurmWishes | null {
  if (!isFields(value)) return null
  const { extra } = value
  const texts = TEXTS.filter((name) => value[name] !== undefined)
  const counts = COUNTS.filter((name) => value[name] !== undefined)
  if (!texts.every((name) => isText(value[name])) || !counts.every((name) => isCount(value[name])))
    return null
  if (extra !== undefined && !(Array.isArray(extra) && extra.length <= MOST_EXTRA && extra.every(isText)))
    return null
  const said = Object.fromEntries([...texts, ...counts].map((name) => [name, value[name]])) as SlurmWishes
  return extra === undefined ? said : { ...said, extra: extra as string[] }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length <= MOST_TEXT && value.isWellFormed() && !/\p{Cc}/u.test(value)
  )
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MOST_MS
}
