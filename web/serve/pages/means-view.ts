/** What came out so far: means by point as a table, and as the figure draws them. Of a large run this takes a while. */
import type { RunFolder } from '../../../lab/lab.ts'
import { meanWords } from '../../../lab/mean-words.ts'
import { type PointMeans, pointMeans } from '../../../lab/means.ts'
import { ResultsStore } from '../../../lab/results.ts'
import { count, nameWords, pointWords, several } from '../../../lab/words.ts'
import { html } from '../../html.ts'
import { type Figure, type FigurePoint, sectionsOf, type View } from '../view.ts'
import { table } from './parts.ts'

/** Points and fields in the table, and in the figure. */
const [MOST_ROWS, MOST_COLUMNS, MOST_POINTS, MOST_FIELDS] = [200, 8, 2_000, 40]

/** Throws `not-intact`. */
export function meansView(run: RunFolder): View {
  const store = ResultsStore.open(run)
  try {
    const shown: PointMeans[] = []
    let points = 0
    for (const point of pointMeans(store)) {
      if (points++ < MOST_POINTS) shown.push(point)
    }
    const fields = fieldsOf(shown)
    const some = fields.slice(0, MOST_COLUMNS)
    const rows = shown
      .slice(0, MOST_ROWS)
      .map(({ point, jobs, of, failed, means }) => [
        nameWords(pointWords(point), 300),
        `${count(jobs)}/${count(of)}`,
        count(failed),
        ...some.map((field) => meanWords(means[field])),
      ])
    const columns = [
      { name: 'point' },
      { name: 'jobs', isNumber: true },
      { name: 'failed', isNumber: true },
      ...some.map((field) => ({ name: nameWords(field), isNumber: true })),
    ]
    const left = [
      points > rows.length ? several(points - rows.length, 'more point') : '',
      fields.length > some.length ? several(fields.length - some.length, 'more field') : '',
    ].filter((words) => words !== '')
    return {
      title: '',
      said: '',
      goes: false,
      key: '',
      results: '',
      figure: figureOf(shown, fields.slice(0, MOST_FIELDS)),
      sections: sectionsOf({
        means: html`${table('Mean ± standard error over the jobs that are there', columns, rows)}
${left.length === 0 ? null : html`<p class="quiet">Not shown: ${left.join(', ')}. All of it: <code>reprise results ${run.id} --means --format csv</code></p>`}`,
      }),
    }
  } finally {
    store.close()
  }
}

function fieldsOf(points: readonly PointMeans[]): string[] {
  return [...new Set(points.flatMap(({ means }) => Object.keys(means)))]
}

/** Parameters with one value for all are no axis. */
function figureOf(points: readonly PointMeans[], fields: readonly string[]): Figure {
  const names = Object.keys(points[0]?.point ?? {})
  const cell = (value: unknown) =>
    typeof value === 'number'
      ? value
      : nameWords(typeof value === 'string' ? value : JSON.stringify(value), 40)
  const varies = (name: string) => new Set(points.map(({ point }) => cell(point[name]))).size > 1
  const factors = names.filter(varies)
  return {
    factors: factors.map((name) => nameWords(name)),
    fields: fields.map((name) => nameWords(name)),
    points: points.map(
      ({ point, means }): FigurePoint => ({
        at: factors.map((name) => cell(point[name])),
        means: fields.map((field) => [finite(means[field]?.mean), finite(means[field]?.standardError)]),
      }),
    ),
  }
}

/** JSON has no others. */
function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
