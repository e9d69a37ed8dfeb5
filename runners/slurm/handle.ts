/** The handle of an array: the id that sbatch gave it, with the name of its cluster where one of several was asked for. */
import { RepriseError } from '../../lib/errors.ts'

export interface Handle {
  readonly id: string
  readonly cluster: string | null
}

const HANDLE = /^(\d{1,10})(?:;([A-Za-z0-9_.-]+))?$/

/** What `sbatch --parsable` said; null where it said none. Plug-ins of a site may say more before. */
export function handleIn(stdout: string): string | null {
  const lines = stdout.split('\n').map((line) => line.trim())
  return lines.filter((line) => HANDLE.test(line)).at(-1) ?? null
}

/** Throws `not-intact`. */
export function readHandle(text: string): Handle {
  const found = HANDLE.exec(text)
  if (found === null)
    throw new RepriseError('not-intact', `is no id of a job: ${JSON.stringify(text.slice(0, 100))}`, {
      subject: 'slurm',
      remedy: 'Remove the handle’s file, and the array is looked for by its name',
    })
  return { id: found[1]!, cluster: found[2] ?? null }
}

/** Handles of one cluster each, for one question. */
export function byCluster(
  handles: readonly string[],
): (readonly [string | null, ReadonlyMap<string, string>])[] {
  const clusters = new Map<string | null, Map<string, string>>()
  for (const handle of handles) {
    const { id, cluster } = readHandle(handle)
    const ids = clusters.get(cluster) ?? new Map<string, string>()
    clusters.set(cluster, ids.set(id, handle))
  }
  return [...clusters]
}

/** The words that lead to a cluster. */
export function toCluster(cluster: string | null): string[] {
  return cluster === null ? [] : [`--clusters=${cluster}`]
}
