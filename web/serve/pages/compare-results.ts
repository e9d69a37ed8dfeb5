/** The results of two runs: roots, the first value that differs, how far fields are apart, and what statistics say. */
import type { Diff } from '../../../lab/diff.ts'
import { divergenceWords } from '../../../lab/divergence-words.ts'
import { count, nameWords, several } from '../../../lab/words.ts'
import { type Html, html, type Insert } from '../../html.ts'
import { facts, table } from './parts.ts'

const MOST_FIELDS = 50
const COLUMNS = [
  { name: 'field' },
  { name: 'values that differ', isNumber: true },
  { name: 'largest, in ulps', isNumber: true },
  { name: 'largest, relative', isNumber: true },
]

export function resultsLevel({ identical, results, statistics }: Diff): Html {
  const { leftRoot, rightRoot, first, values, failedJobs } = results
  const rows: ([string, Insert] | null)[] = [
    ['left root', html`<code>${leftRoot}</code>`],
    ['right root', html`<code>${rightRoot}</code>`],
    failedJobs.left + failedJobs.right === 0
      ? null
      : ['failed jobs', `${count(failedJobs.left)} → ${count(failedJobs.right)}`],
    first === null ? null : ['first difference', nameWords(divergenceWords(first), 1_000)],
  ]
  if (values !== null) {
    const read = several(values.chunksRead, 'chunk')
    rows.push([
      'values',
      `${count(values.differing)} of ${several(values.compared, 'value')} differ in ${read} that were read`,
    ])
    if (values.chunksUnread > 0)
      rows.push(['not read', `${several(values.chunksUnread, 'more chunk')}; reprise diff reads all`])
  }
  if (statistics !== null && !identical)
    rows.push([
      'statistics',
      html`<strong>${statistics.verdict}</strong>: ${nameWords(statistics.statement, 1_000)}`,
    ])
  return html`<h2>Results</h2>${facts(rows)}${fieldTable(values?.fields ?? [])}`
}

function fieldTable(fields: NonNullable<Diff['results']['values']>['fields']): Html | null {
  if (fields.length === 0) return null
  const rows = fields
    .slice(0, MOST_FIELDS)
    .map(({ field, differing, ulps, relative }) => [
      nameWords(field),
      count(differing),
      ulps === null ? '' : ulps < 1e9 ? count(ulps) : ulps.toPrecision(2),
      relative === null ? '' : relative.toPrecision(2),
    ])
  const more = fields.length - rows.length
  const caption = `Fields that differ${more > 0 ? `, ${several(more, 'more field')} not shown` : ''}`
  return table(caption, COLUMNS, rows)
}
