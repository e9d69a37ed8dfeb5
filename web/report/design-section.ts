/** What was asked: the design as a table, and how its jobs were to be done. */
import { conductRows } from '../../lab/record-rows.ts'
import { count, nameWords, several } from '../../lab/words.ts'
import { chunkCount, jobCount } from '../../lib/document.ts'
import type { Manifest } from '../../provenance/manifest.ts'
import { type Html, html } from '../html.ts'
import type { Factor, Model } from './model.ts'
import { factRows } from './rows.ts'

const [MOST_VALUES, MOST_FACTORS] = [24, 100]

export function designSection({ experiment, run }: Manifest, model: Model): Html {
  const { document, hash } = experiment
  const { factors, points } = model
  const kind =
    'points' in document.design
      ? 'points as they were listed'
      : 'zip' in document.design
        ? 'varied together, value by value'
        : 'every combination of the values'
  const shown = factors.slice(0, MOST_FACTORS)
  return html`<section id="asked"><h2>What was asked</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Parameters"><table>
<caption>Parameters: ${several(points, 'point')}, ${kind}</caption>
<thead><tr><th scope="col">parameter</th><th scope="col" class="number">values</th><th scope="col">which</th></tr></thead>
<tbody>
${shown.map((factor) => html`<tr><th scope="row">${factorName(factor)}</th><td class="number">${count(factor.values.length)}</td><td>${valuesWords(factor)}</td></tr>\n`)}${shown.length === 0 ? html`<tr><td colspan="3">none: all jobs are alike but for their seeds</td></tr>` : null}</tbody>
</table></div>
${factors.length > MOST_FACTORS ? html`<p class="quiet">… and ${count(factors.length - MOST_FACTORS)} more parameters.</p>` : null}
${factRows([
  [
    'repetitions',
    `${count(document.repetitions)} at each point, ${several(jobCount(document), 'job')} in all`,
  ],
  [
    'chunks',
    `${several(chunkCount(document), 'chunk')} of ${count(document.chunk)}: what is seeded, stored and hashed as one`,
  ],
  ['generator', document.random],
  [
    'seed',
    document.seed === null ? 'of the experiment hash alone' : JSON.stringify(nameWords(document.seed, 200)),
  ],
  ...conductRows(run),
  ['experiment hash', hash],
])}</section>`
}

function factorName({ name, label }: Factor): string {
  const told = nameWords(name)
  return label === told ? told : `${told}: ${label}`
}

function valuesWords({ values }: Factor): string {
  if (values.length <= MOST_VALUES) return values.join(', ')
  return `${values.slice(0, MOST_VALUES - 1).join(', ')}, … ${values.at(-1)}`
}
