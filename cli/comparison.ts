/** The options of `diff`: verdicts that are weaker than bit-equality, each asked for and accepted by name. */
import { type Command, Option } from 'commander'
import { RepriseError } from '../lib/errors.ts'
import { wholeNumber } from './options.ts'

export interface ComparisonOptions {
  readonly json?: boolean
  readonly record?: string
  readonly most?: number
  readonly tolerance?: number
  readonly absolute?: number
  readonly statistics?: boolean
  readonly level: number
  readonly accept?: 'tolerance' | 'statistics'
}

const HELP = `
Three verdicts, and none stands for another: the same bits; equal within a tolerance; statistically consistent.

  --tolerance, --absolute   Two numbers may be apart by T times the larger of their sizes, or by A. NaN, infinities, the
                            sign of zero and all that is no finite number must be equal exactly.
  --statistics              Per point and field: the rank-sum test and Smirnov's; Fisher's for failures, missing
                            values and what has two values; all exact, corrected for their number by Holm. Points are
                            matched by their values, whatever the seeds, chunks, repetitions or code. Runs of
                            one experiment have the same seeds: their jobs are compared in pairs (signed-rank test).
                            Finding no difference does not show that there is none.

Exit code 0: the same bits, or the verdict that --accept names holds. 3: they are not, or it does not.`

export function withComparison(command: Command): Command {
  return command
    .addOption(
      new Option('--most <n>', 'read only so many of the chunks that differ, value by value').argParser(
        wholeNumber('--most', 1, 2 ** 31),
      ),
    )
    .addOption(
      new Option('-t, --tolerance <t>', 'judge within a relative tolerance, such as 1e-9').argParser(
        positive('--tolerance'),
      ),
    )
    .addOption(
      new Option('--absolute <a>', 'judge within an absolute tolerance').argParser(positive('--absolute')),
    )
    .option('-s, --statistics', 'judge whether the runs are consistent statistically')
    .addOption(
      new Option('--level <p>', 'chance of a false finding that --statistics may take')
        .default(0.01)
        .argParser(level),
    )
    .addOption(
      new Option('--accept <verdict>', 'exit with 0 when this weaker verdict holds').choices([
        'tolerance',
        'statistics',
      ]),
    )
    .addHelpText('after', HELP)
}

/** Refuses to accept a verdict that was not asked for. */
export function checkComparison({ accept, tolerance, absolute, statistics }: ComparisonOptions): void {
  const missing =
    accept === 'tolerance' && tolerance === undefined && absolute === undefined
      ? '--tolerance or --absolute'
      : accept === 'statistics' && statistics !== true
        ? '--statistics'
        : null
  if (missing === null) return
  throw new RepriseError('usage', `${accept} is not judged`, {
    subject: '--accept',
    remedy: `Ask for it with ${missing}`,
  })
}

function positive(subject: string): (text: string) => number {
  return (text) => {
    const n = Number(text)
    if (text.trim() !== '' && Number.isFinite(n) && n > 0) return n
    throw new RepriseError('usage', `${JSON.stringify(text)} is not a number above 0`, { subject })
  }
}

function level(text: string): number {
  const n = Number(text)
  if (text.trim() !== '' && n > 0 && n < 1) return n
  throw new RepriseError('usage', `${JSON.stringify(text)} is not a number between 0 and 1`, {
    subject: '--level',
  })
}
