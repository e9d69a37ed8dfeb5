/** What a rerun in a page proves, in a word and a sentence: chunks that did not compare equal bear no bound (law 5). */
import { several } from '../../lab/words.ts'
import type { Likeness } from './likeness.ts'

export type VerdictWord = 'identical' | 'identical but for words' | 'incomplete' | 'unsettled' | 'divergent'

/** Chunks by how like they were, and failed jobs that were told in other words. */
export interface RerunTally {
  readonly identical: number
  readonly wording: number
  readonly errors: number
  readonly needsNode: number
  readonly unsettled: number
  readonly divergent: number
}

export const NOTHING: RerunTally = {
  identical: 0,
  wording: 0,
  errors: 0,
  needsNode: 0,
  unsettled: 0,
  divergent: 0,
}

export interface RerunVerdict {
  readonly word: VerdictWord
  readonly statement: string
}

/** With one chunk more. */
export function counted(tally: RerunTally, likeness: Likeness): RerunTally {
  const { kind } = likeness
  const name = kind === 'needs-node' ? 'needsNode' : kind
  const errors = tally.errors + (kind === 'wording' ? likeness.errors : 0)
  return { ...tally, errors, [name]: tally[name] + 1 }
}

/** Of `wanted` chunks; `statement` says what so many compared, so many of them differing, prove of all. */
export function rerunVerdict(
  tally: RerunTally,
  wanted: number,
  statement: (compared: number, differing: number) => string,
): RerunVerdict {
  const { identical, wording, errors, needsNode, unsettled, divergent } = tally
  const left = wanted - identical - wording - unsettled - divergent
  const word =
    divergent > 0
      ? 'divergent'
      : unsettled > 0
        ? 'unsettled'
        : left > 0
          ? 'incomplete'
          : wording > 0
            ? 'identical but for words'
            : 'identical'
  if (wording + needsNode + unsettled === 0)
    return { word, statement: statement(identical + divergent, divergent) }
  const lost = left - needsNode
  const parts = [
    `${identical} of ${several(wanted, 'chunk')} identical`,
    ...(divergent > 0 ? [`${divergent} gave other bits`] : []),
    ...(wording > 0
      ? [
          `${wording} identical but for the words in which this browser's engine tells ${several(errors, 'error')}`,
        ]
      : []),
    ...(unsettled > 0 ? [`${unsettled} gave other bits, for which this browser may be the cause`] : []),
    ...(needsNode > 0 ? [`${needsNode} not executed: needs Node`] : []),
    ...(lost > 0 ? [`${lost} not executed`] : []),
  ]
  return {
    word,
    statement: `${parts.join('; ')}. Nothing follows for the other chunks of the run: repeat with Node for the bits (reprise rerun MANIFEST)`,
  }
}
