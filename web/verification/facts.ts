/**
 * What a verified manifest says in the words that a page tells first, from its bytes alone: whoever alters the page's text does
 * not alter these.
 */
import { count, nameWords, several } from '../../lab/words.ts'
import type { Manifest } from '../../provenance/manifest.ts'
import type { Witness } from '../../provenance/verify-proof.ts'

/** A term and what is told. */
export type Fact = readonly [term: string, words: string]

/** Characters of one fact. */
const LONGEST = 600

export function factsOf({ experiment, run, results }: Manifest, witnesses: readonly Witness[]): Fact[] {
  const { commit, dirty = false } = run.code as { commit: string | null; dirty?: boolean }
  const { jobs, failedJobs } = run.counts
  const facts: Fact[] = [
    ['experiment', experiment.document.name],
    ['experiment hash', experiment.hash],
    ['result root', results.root],
    ['jobs', `${several(jobs, 'job')} in ${several(results.chunks, 'chunk')}`],
    ['failed jobs', failedJobs === 0 ? 'none' : count(failedJobs)],
    ['run', run.id],
    ['sealed', run.sealed],
    ['file', run.file],
    [
      'commit',
      commit === null ? 'none' : `${commit}${dirty ? ', with changes that were not committed' : ''}`,
    ],
    ['witnesses', witnesses.length === 0 ? 'none' : count(witnesses.length)],
  ]
  return facts.map(([term, words]) => [term, nameWords(words, LONGEST)])
}
