/**
 * Why sbatch did not submit, told from its words: there is no room now; it will never be taken as it is; or it is not known
 * whether it was taken, since the controller did not answer.
 */
import { RepriseError } from '../../lib/errors.ts'
import { type Answer, complaint } from './command.ts'

/** Limits of how many jobs there may be at once; with fewer, or later, it may be taken. */
const BUSY =
  /(Max|Grp)Submit|temporarily unable to accept|temporarily unavailable|queue (is )?full|sleeping and retrying/i
/** Of a limit that has no name of its own this is all that older versions say. */
const POLICY = /Job violates accounting\/QOS policy/i
const NAMED_LIMIT = /\b(QOS|Assoc|Part|Partition)[A-Z]\w+/
/** Nobody, or not the controller, answered. */
const UNANSWERED =
  /timed? ?out|unable to contact|communication|connect(ion)? (failure|refused|reset|closed)|transport endpoint|zero bytes|(send|receive) failure|broken pipe|not responding|standby|credential|authentication|munge|configuration source|unexpected message|database|shutting down|unspecified error|fork|memory allocation/i

const REMEDIES: readonly (readonly [words: RegExp, remedy: string])[] = [
  [
    /account|qos/i,
    '`sacctmgr show associations user=$USER` lists yours; see `account` and `qos` of the profile',
  ],
  [/partition/i, 'Name one that `sinfo` lists, in `partition` of the cluster’s profile, or ask it for less'],
  [/array/i, '`scontrol show config` tells MaxArraySize; lower `maxTasks` in the profile'],
  [/feature|constraint/i, '`sinfo -o "%N %f"` lists what nodes have; see `constraint` of the profile'],
  [/memory|configuration|cpu|node count/i, 'Ask for less: see `memory`, `cpus` and `extra` of the profile'],
  [/time/i, '`sinfo -o "%P %l"` lists the limits; see `time` of the profile'],
  [/gres|option/i, 'See `extra` of the profile'],
]

/** The error for an sbatch that ended with one. */
export function refusalOf(answer: Answer): RepriseError {
  const { stderr } = answer
  const reason = /Batch job submission failed: (.*)/.exec(stderr)?.[1]?.trim() ?? null
  const words = wordsFrom(answer)
  const isUnanswered = reason !== null && UNANSWERED.test(reason) && !BUSY.test(reason) // whatever it tried before
  if (
    (!isUnanswered && BUSY.test(stderr)) ||
    (POLICY.test(stderr) && !NAMED_LIMIT.test(stderr.replace(/QOS policy/g, '')))
  )
    return new RepriseError('busy', `no room for as many tasks now: ${words}`, {
      subject: 'slurm',
      remedy: 'Wait until others have ended, or lower `maxTasks` in the profile',
    })
  if (UNANSWERED.test(reason ?? stderr) || stderr.trim() === '')
    return new RepriseError('engine', `it is not known whether it was submitted: ${words}`, {
      subject: 'slurm',
      remedy: 'See whether `sinfo` answers there',
    })
  const remedy = REMEDIES.find(([pattern]) => pattern.test(words))?.[1] ?? 'See the profile of the cluster'
  return new RepriseError('usage', `does not take it: ${words}`, { subject: 'slurm', remedy })
}

const PREFIX = /^(\w+: ((error|fatal): )?)?(Batch job submission failed: )?/

/** All that it complained of, in one line; of a long text the last. */
function wordsFrom(answer: Answer): string {
  const lines = answer.stderr.split('\n').map((line) => line.replace(PREFIX, '').trim())
  const said = [...new Set(lines.filter((line) => line !== ''))]
  return said.length === 0 ? complaint(answer) : said.join('; ').slice(-500)
}
