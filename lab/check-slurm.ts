/**
 * What a schema cannot say of a Slurm cluster: no further option may be one of those that Reprise sets itself, or that would
 * have sbatch do something else than submit an array; and a task must fit into its own limit.
 */
import { RepriseError } from '../lib/errors.ts'
import type { SlurmProfile } from '../runners/slurm/profile.ts'

const OURS = 'is set by Reprise itself, which could not find its tasks or what they print and write any more'
const FIELD = (name: string) => `has a field of its own: say "${name}"`
const ONE_TASK = 'would make of a task something else than one process on one node'
const NO_ARRAY = 'would not submit anything'

/** Why each is refused, by the long name that sbatch gives it. */
const REFUSED: Readonly<Record<string, string>> = {
  array: OURS,
  output: OURS,
  error: OURS,
  input: OURS,
  export: OURS,
  'export-file': OURS,
  'job-name': OURS,
  wrap: OURS,
  parsable: OURS,
  chdir: OURS,
  'open-mode': OURS,
  wait: OURS,
  partition: FIELD('partition'),
  account: FIELD('account'),
  qos: FIELD('qos'),
  constraint: FIELD('constraint'),
  time: FIELD('time'),
  mem: FIELD('memory'),
  'cpus-per-task': FIELD('cpus'),
  nodes: ONE_TASK,
  ntasks: ONE_TASK,
  'ntasks-per-node': ONE_TASK,
  'test-only': NO_ARRAY,
  help: NO_ARRAY,
  usage: NO_ARRAY,
  version: NO_ARRAY,
}

/** Throws `usage`. */
export function checkSlurm({ extra = [], time, taskTime }: SlurmProfile, file: string, place: string): void {
  for (const [i, option] of extra.entries()) {
    const name = option.slice(2).split('=', 1)[0]!
    // sbatch takes the beginning of a name for the name.
    const [meant, why] = Object.entries(REFUSED).find(([refused]) => refused.startsWith(name)) ?? []
    if (why === undefined) continue
    throw new RepriseError('usage', `${meant === name ? '' : `may stand for --${meant}, which `}${why}`, {
      subject: `${file}: ${place}.extra[${i}] ${option.slice(0, 80)}`,
      remedy: 'Leave it out',
    })
  }
  if (time === undefined || taskTime === undefined) return
  const limit = secondsOf(time)
  if (limit === 0 || taskTime <= limit) return // 0 is no limit
  throw new RepriseError('usage', `is longer than a task may take: "time" is ${time}, ${limit} s`, {
    subject: `${file}: ${place}.taskTime`,
  })
}

/** A time as sbatch has it: M, M:S, H:M:S, D-H, D-H:M, D-H:M:S. */
function secondsOf(time: string): number {
  const [before, after] = time.split('-')
  const numbers = (after ?? before!).split(':').map(Number)
  const [a = 0, b = 0, c = 0] = numbers
  if (after !== undefined) return Number(before) * 86_400 + a * 3_600 + b * 60 + c
  return numbers.length === 3 ? a * 3_600 + b * 60 + c : a * 60 + b
}
