/** What `diff` tells people of results: bits first, then, where they were asked for, the weaker verdicts. */
import pc from 'picocolors'
import type { Diff } from '../lab/diff.ts'
import type { ResultsDiff, ValuesDiff } from '../lab/diff-results.ts'
import type { Finding, StatisticsVerdict } from '../lab/diff-statistics.ts'
import { divergenceWords } from '../lab/divergence-words.ts'
import type { ToleranceVerdict } from '../lab/tolerance-judge.ts'
import type { Summary } from '../lib/statistics/fields.ts'
import { count, nameWords, pointWords, several, table } from './words.ts'

const TOLD = 10
const LONGEST_BAR = 30

export function resultLines({ identical, results }: Diff): string[] {
  const { leftRoot, rightRoot, chunksDiffering, chunks, first, values, failedJobs } = results
  if (identical) return [pc.green(`results: identical, root ${leftRoot}`)]
  const failed = failedJobs.left + failedJobs.right === 0 ? [] : [failedWords(failedJobs)]
  if (chunksDiffering === null)
    return [pc.red('results: of different experiments; chunks cannot be compared'), ...failed]
  const head = `results: ${count(chunksDiffering)} of ${count(chunks)} chunks differ; roots ${leftRoot} → ${rightRoot}`
  return [
    pc.red(head),
    ...(first === null ? [] : [`  ${divergenceWords(first)}`]),
    ...(chunksDiffering > 1 ? [`  chunks that differ: ${chunkWords(results)}`] : []),
    ...failed,
    ...(values === null ? [] : valueLines(values)),
  ]
}

function failedWords({ left, right }: ResultsDiff['failedJobs']): string {
  return `  failed jobs: ${count(left)} → ${count(right)}`
}

function chunkWords({ differing, chunksDiffering }: ResultsDiff): string {
  const shown = differing.slice(0, TOLD).map(({ chunk, point }) => {
    const words = nameWords(pointWords(point))
    return words === '' ? `${chunk}` : `${chunk} (${words})`
  })
  const more = (chunksDiffering ?? 0) - shown.length
  return `${shown.join(', ')}${more > 0 ? ` … and ${count(more)} more` : ''}`
}

function valueLines(values: ValuesDiff): string[] {
  const { chunksRead, chunksUnread, jobsDiffering, onlyLeft, onlyRight, compared, differing, others } = values
  const of = `${count(differing)} of ${several(compared, 'value')} in ${several(chunksRead, 'chunk')}`
  const jobs = jobsDiffering === 0 ? '' : `, ${several(jobsDiffering, 'job')}`
  return [
    `  values that differ: ${of}${jobs}`,
    ...(chunksUnread === 0 ? [] : [`  not read: ${several(chunksUnread, 'more chunk')} that differ`]),
    ...(onlyLeft + onlyRight === 0
      ? []
      : [`  jobs with a result on one side only: left ${count(onlyLeft)}, right ${count(onlyRight)}`]),
    ...(values.ulps.length + others === 0 ? [] : bandLines(values)),
    ...(values.fields.length === 0 ? [] : fieldLines(values)),
  ]
}

/** How far apart, as a histogram. */
function bandLines({ ulps, others }: ValuesDiff): string[] {
  const bands = ulps.map(({ from, to, count: n }) => ({ name: bandName(from, to), n }))
  const rows = others === 0 ? bands : [...bands, { name: 'no two numbers', n: others }]
  const most = Math.max(...rows.map(({ n }) => n))
  const bar = (n: number) => '▇'.repeat(Math.max(1, Math.round((n / most) * LONGEST_BAR)))
  const cells = rows.map(({ name, n }) => [name, count(n), bar(n)])
  return ['  how far apart, in ulps:', ...table(cells, [0, 1]).map((line) => `    ${line}`)]
}

function bandName(from: number, to: number): string {
  if (from === to) return count(from)
  const name = (n: number) => (n < 1e6 ? count(n) : `2^${Math.round(Math.log2(n))}`)
  return `${name(from)}–${name(to)}`
}

function fieldLines({ fields, elsewhere }: ValuesDiff): string[] {
  const cells = fields
    .slice(0, TOLD)
    .map(({ field, differing, ulps, relative }) => [
      nameWords(field),
      count(differing),
      ulps === null ? '' : amount(ulps),
      relative === null ? '' : relative.toPrecision(2),
    ])
  const more = fields.length - TOLD
  const rows = table([['field', 'differing', 'largest ulps', 'largest relative'], ...cells], [1, 2, 3])
  return [
    ...rows.map((line) => `    ${line}`),
    ...(more > 0 ? [`    … and ${several(more, 'more field')}`] : []),
    ...(elsewhere > 0 ? [`    … and ${several(elsewhere, 'difference')} in still more fields`] : []),
  ]
}

function amount(n: number): string {
  return n < 1e9 ? count(n) : n.toPrecision(2)
}

export function toleranceLines(verdict: ToleranceVerdict | null): string[] {
  if (verdict === null) return []
  const { within, relative, absolute, statement, largest, unbridged } = verdict
  const colour = within === true ? pc.green : within === false ? pc.red : pc.yellow
  const word = within === true ? 'within' : within === false ? 'outside' : 'undecided'
  const asked = [relative > 0 ? `relative ${relative}` : '', absolute > 0 ? `absolute ${absolute}` : '']
  return [
    `${colour(`tolerance: ${word}`)} (${asked.filter((text) => text !== '').join(' or ')}): ${statement}`,
    ...(largest === null
      ? []
      : [
          `  largest deviation, relative ${largest.relative.toPrecision(3)}, absolute ${largest.absolute.toPrecision(3)}: ${divergenceWords(largest)}`,
        ]),
    ...(unbridged === null ? [] : [`  first that no tolerance bridges: ${divergenceWords(unbridged)}`]),
  ]
}

export function statisticsLines(verdict: StatisticsVerdict | null): string[] {
  if (verdict === null) return []
  const { smallest, untested, notes, points, ignored, approximate, statement } = verdict
  const colour = { consistent: pc.green, inconsistent: pc.red, undecided: pc.yellow }[verdict.verdict]
  const only = points.onlyLeft + points.onlyRight
  const rest = [
    only === 0
      ? ''
      : `points on one side only: left ${count(points.onlyLeft)}, right ${count(points.onlyRight)}`,
    ignored.length === 0
      ? ''
      : `matched without regard to ${ignored
          .slice(0, TOLD)
          .map((name) => nameWords(name))
          .join(', ')}`,
    approximate === 0 ? '' : `${several(approximate, 'test')} of large samples by the limit distribution`,
    untested.length === 0
      ? ''
      : `not tested: ${untested
          .slice(0, TOLD)
          .map(({ field, why }) => `${nameWords(field)} (${why})`)
          .join(', ')}`,
  ]
  return [
    `${colour(`statistics: ${verdict.verdict}`)}: ${statement}`,
    ...(smallest.length === 0 ? [] : findingLines(smallest.slice(0, 5))),
    ...[...rest, ...notes.map((note) => `note: ${note}`)]
      .filter((line) => line !== '')
      .map((line) => `  ${line}`),
  ]
}

function findingLines(findings: readonly Finding[]): string[] {
  const cells = findings.map(({ p, corrected, field, point, test, left, right, largest }) => [
    p.toPrecision(2),
    corrected.toPrecision(2),
    nameWords(field),
    nameWords(pointWords(point)),
    test,
    `${middle(left)} → ${middle(right)}${largest === undefined ? '' : `, differences up to ${largest.toPrecision(2)}`}`,
  ])
  const head = ['smallest p', 'corrected', 'field', 'point', 'test', 'left → right']
  return table([head, ...cells], [0, 1]).map((line) => `    ${line}`)
}

function middle({ median, share, count: n }: Summary): string {
  const value =
    share === undefined ? `median ${Number(median?.toPrecision(6))}` : `share ${share.toPrecision(3)}`
  return `${value} (${count(n)})`
}
