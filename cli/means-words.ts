/** Means as a table for people: a point a line, `mean ± standard error`, as many digits as the error leaves. */
import { meanWords } from '../lab/mean-words.ts'
import type { PointMeans } from '../lab/means.ts'
import { count, nameWords, pointWords, table } from './words.ts'

/** Points and fields in a table that is still read. */
const [MOST_POINTS, MOST_FIELDS] = [200, 8]

export function meansLines(points: Iterable<PointMeans>): string[] {
  const shown: PointMeans[] = []
  let more = 0
  for (const point of points) {
    if (shown.length < MOST_POINTS) shown.push(point)
    else more++
  }
  const fields = [...new Set(shown.flatMap(({ means }) => Object.keys(means)))]
  const [told, passedOver] = [fields.slice(0, MOST_FIELDS), fields.slice(MOST_FIELDS)]
  const rows = shown.map(({ point, jobs, of, failed, means }) => [
    pointWords(point),
    `${count(jobs)}/${count(of)}`,
    failed === 0 ? '' : `${count(failed)} failed`,
    ...told.map((field) => meanWords(means[field])),
  ])
  const head = ['point', 'jobs', '', ...told.map((field) => nameWords(field))]
  return [
    ...table([head, ...rows], [1]),
    ...(more === 0 ? [] : [`… and ${count(more)} more points; all of them with --format csv`]),
    ...(passedOver.length === 0
      ? []
      : [
          `not shown: ${passedOver
            .slice(0, MOST_POINTS)
            .map((field) => nameWords(field))
            .join(', ')}`,
        ]),
  ]
}
