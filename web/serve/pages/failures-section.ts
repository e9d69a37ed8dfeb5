/** Failed jobs in groups, each with where it happened and, where it was kept, its stack. */
import type { Failures } from '../../../lab/failures.ts'
import { count, nameWords, pointWords, several } from '../../../lab/words.ts'
import { type Html, html } from '../../html.ts'

/** `located` turns places in the capsule into the user's. */
export function failuresSection(
  { groups, read, of }: Failures,
  located: (stack: string) => string,
): Html | null {
  if (of === 0) return null
  const parts = groups.map(({ name, message, jobs, places, stack }) => {
    const where = places.map(
      ({ chunk, job, point, repetition }) =>
        html`<li>chunk ${chunk}, job ${job}: ${nameWords(pointWords(point), 300)}, repetition ${repetition}</li>`,
    )
    const more = jobs - places.length
    return html`<article><h3>${nameWords(`${name}: ${message}`, 500)}</h3><p class="quiet">${several(jobs, 'job')}</p>
<details><summary>Where, and the stack of the first</summary><ul>${where}${more > 0 ? html`<li class="quiet">… and ${several(more, 'more job')}</li>` : null}</ul>${stack === null ? null : html`<pre tabindex="0">${located(stack)}</pre>`}</details></article>`
  })
  const told = read < of ? ` The groups are those of the first ${count(read)}.` : ''
  return html`<h2>Failures</h2><p>${several(of, 'job')} failed. They are part of the result, with their errors.${told}</p>${parts}`
}
