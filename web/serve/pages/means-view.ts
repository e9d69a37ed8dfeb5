/** What came out so far: means by point as a table, and as what the figure is drawn from. Of a large run this takes a while. */
import type { RunFolder } from '../../../lab/lab.ts'
import { meanWords } from '../../../lab/mean-words.ts'
import { chunkOutcomes } from '../../../lab/outcomes.ts'
import { ResultsStore } from '../../../lab/results.ts'
import { count, nameWords, pointWords, several } from '../../../lab/words.ts'
import { canonical } from '../../../lib/canonical.ts'
import { pointAt } from '../../../lib/design.ts'
import type { ExperimentDocument } from '../../../lib/document.ts'
import { type Html, html } from '../../html.ts'
import { type Model, modelOf, momentsAt } from '../../report/model.ts'
import { sectionsOf, type View } from '../view.ts'
import { table } from './parts.ts'

/** Points and fields in the table; points in the figure. */
const [MOST_ROWS, MOST_COLUMNS, MOST_DRAWN] = [200, 8, 5_000]

/** Throws `not-intact`. */
export function meansView(run: RunFolder): View {
  const store = ResultsStore.open(run)
  try {
    const { experiment, rerun, labels = {} } = store.plan()
    const { document } = experiment
    const model = modelOf(document, chunkOutcomes(document, store.chunks()), labels)
    return {
      title: '',
      said: '',
      goes: false,
      key: '',
      results: '',
      ...(model.points > MOST_DRAWN ? {} : { figure: canonical(model) }),
      sections: sectionsOf({ means: meansTable(model, document, rerun?.sample == null, run.id) }),
    }
  } finally {
    store.close()
  }
}

/** Points that have something; of an audit, how many jobs each should have is not told. */
function meansTable(model: Model, document: ExperimentDocument, isWhole: boolean, run: string): Html {
  const { points, jobs, failed, fields, leftOut, isSummarised } = model
  const there = Array.from({ length: points }, (_, index) => index).filter((index) => jobs[index]! > 0)
  if (there.length === 0) return html`<p class="quiet">None yet.</p>`
  const shown = fields.slice(0, MOST_COLUMNS)
  const rows = there
    .slice(0, MOST_ROWS)
    .map((index) => [
      nameWords(pointWords(pointAt(document.design, index)), 300),
      isWhole ? `${count(jobs[index]!)}/${count(document.repetitions)}` : count(jobs[index]!),
      failed[index] === 0 ? '' : count(failed[index]!),
      ...shown.map((field) => meanWords(momentsAt(field, index))),
    ])
  const numbers = ['jobs', 'failed', ...shown.map(({ name }) => nameWords(name))]
  const columns = [{ name: 'point' }, ...numbers.map((name) => ({ name, isNumber: true }))]
  const fieldsLeft = fields.length - shown.length + leftOut.count
  const left = [
    there.length > rows.length ? several(there.length - rows.length, 'more point') : '',
    fieldsLeft > 0 ? several(fieldsLeft, 'more field') : '',
  ].filter((words) => words !== '')
  const of = isSummarised ? 'the summaries of chunks' : 'the jobs'
  return html`${table(`Mean ± standard error over ${of} that are there`, columns, rows)}
${left.length === 0 ? null : html`<p class="quiet">Not shown: ${left.join(', ')}. All of it: <code>reprise results ${run} --means --format csv</code></p>`}`
}
