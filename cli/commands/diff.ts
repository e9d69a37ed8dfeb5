/** `reprise diff A B`: two runs compared level by level; three verdicts, each by itself. */
import { type Diff, diffRuns } from '../../lab/diff.ts'
import { findLab } from '../../lab/lab.ts'
import { type ComparisonOptions, checkComparison } from '../comparison.ts'
import { environmentLines, levelLines } from '../diff-words.ts'
import { EXIT } from '../exit.ts'
import { resultLines, statisticsLines, toleranceLines } from '../result-words.ts'
import { terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'

export async function diff(left: string, right: string, options: ComparisonOptions): Promise<number> {
  checkComparison(options)
  const out = terminal(options)
  const { most = Number.POSITIVE_INFINITY, tolerance, absolute, statistics, level } = options
  const isJudged = tolerance !== undefined || absolute !== undefined
  const request = {
    most,
    tolerance: isJudged ? { relative: tolerance ?? 0, absolute: absolute ?? 0 } : null,
    level: statistics === true ? level : null,
  }
  const lab = findLab(process.cwd())
  const found = await withUnpacked([left, right], { ...options, results: true }, ([a, b]) =>
    diffRuns(lab, a!, b!, request),
  )
  const lines = [
    ...levelLines(found),
    ...environmentLines(found),
    ...resultLines(found),
    ...toleranceLines(found.tolerance),
    ...statisticsLines(found.statistics),
  ]
  for (const line of lines) out.print(line)
  out.answer(found)
  return found.identical || isAccepted(found, options) ? EXIT.done : EXIT.divergent
}

function isAccepted({ tolerance, statistics }: Diff, { accept }: ComparisonOptions): boolean {
  return (
    (accept === 'tolerance' && tolerance?.within === true) ||
    (accept === 'statistics' && statistics?.verdict === 'consistent')
  )
}
