/** What a cluster is and how much it takes, as `scontrol show config` says. */
import type { EngineFacts } from '../array/engine.ts'

/** `Name = value`, one a line. */
export function readConfig(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => /^(\w[\w[\]]*)\s*=\s?(.*)$/.exec(line))
  return new Map(lines.flatMap((found) => (found === null ? [] : [[found[1]!, found[2]!.trim()] as const])))
}

/** Null where it is none of a cluster's. `wished`: tasks at once, as the profile says. */
export function factsOf(config: ReadonlyMap<string, string>, wished: number | null): EngineFacts | null {
  const version = config.get('SLURM_VERSION')
  const maxArray = count(config.get('MaxArraySize'))
  if (version === undefined || maxArray === null) return null
  const parameter = /(?:^|,)max_array_tasks=(\d+)/i.exec(config.get('SchedulerParameters') ?? '')?.[1]
  const limits = [wished, count(config.get('MaxJobCount'))].filter((limit) => limit !== null)
  return {
    cluster: named(config.get('ClusterName')),
    version,
    maxArray: Math.min(maxArray, count(parameter) ?? maxArray),
    maxTasks: limits.length === 0 ? null : Math.min(...limits),
    accounting: /^accounting_storage\/(slurmdbd|mysql)$/.test(config.get('AccountingStorageType') ?? ''),
  }
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}

function named(text: string | undefined): string | null {
  return text === undefined || text === '' || text === '(null)' ? null : text
}
