/** The parts of a report before its record: title and verdict, figure, numbers, failures, and where it can be checked. */
import { count, several } from '../../lab/words.ts'
import { jobCount } from '../../lib/document.ts'
import { dayOf } from '../../provenance/exports/facts.ts'
import { Html, html } from '../html.ts'
import type { ReportSource } from './source.ts'
import { staticTables } from './static-table.ts'

export function header({ manifest, model, hasResults, lacking }: ReportSource): Html {
  const { results, experiment } = manifest
  return html`<header><p class="eyebrow">Report of a stochastic experiment · run ${manifest.run.id}</p>
<h1>${model.name}</h1>
<p class="lead">${verdictWords(manifest, model.points)} ${againWords(lacking)}</p>
<dl class="record"><dt>result root</dt><dd class="mono">${results.root}</dd><dt>experiment</dt><dd class="mono">${experiment.hash}</dd></dl>
<nav aria-label="Contents"><ul class="contents">${hasResults ? html`<li><a href="#results">Results</a></li><li><a href="#numbers">Numbers</a></li>` : null}<li><a href="#check">Check it</a></li><li><a href="#asked">What was asked</a></li><li><a href="#record">Where it comes from</a></li></ul></nav></header>`
}

/** `All 100,000 jobs at 100 points were executed and none failed; sealed on 2026-11-27, signed into a ledger.` */
function verdictWords({ experiment, run, proof }: ReportSource['manifest'], points: number): string {
  const { jobs, failedJobs } = run.counts
  const all = jobs === jobCount(experiment.document)
  const failed = failedJobs === 0 ? 'none failed' : `${count(failedJobs)} of them failed`
  const signed = proof.entry === undefined ? 'not signed' : 'signed into a ledger'
  return `${all ? 'All ' : ''}${several(jobs, 'job')} at ${several(points, 'point')} were executed and ${failed}. The results were sealed on ${dayOf(run.sealed)} and ${signed}.`
}

/** Only what a browser can execute can be had again from the page alone. */
function againWords(lacking: readonly string[]): Html {
  return lacking.length === 0
    ? html`Each of them can be computed again, bit for bit, from this page.`
    : html`Each of them can be computed again and compared bit for bit, but not in this page: with <code>reprise rerun</code>.`
}

export function withheldNotice({ withheld, hasResults }: ReportSource): Html | null {
  const all = hasResults
    ? withheld
    : ['any results: there were none beside the manifest when it was made', ...withheld]
  if (all.length === 0) return null
  return html`<div class="notice"><p>This page does not hold:</p><ul>${all.map((words) => html`<li>${words}</li>`)}</ul></div>`
}

/** The figure, drawn already; the script puts one in its place whose view can be chosen. */
export function resultSection(
  { model, bins, held }: ReportSource,
  drawing: string | null,
  caption: string,
): Html {
  const hasDistribution = bins !== null || held.has('chunks')
  return html`<section id="results"><h2>Results</h2>
<div id="figure-controls" class="controls needs-script"></div>
<figure><div id="figure" class="drawing">${drawing === null ? html`<p class="quiet">${whyNone(model)}</p>` : new Html(drawing)}</div><figcaption id="figure-caption">${caption}</figcaption></figure>
<div id="distribution">${hasDistribution && model.fields.length > 0 ? html`<p class="quiet needs-script"></p>` : null}</div></section>`
}

function whyNone({ fields, points }: ReportSource['model']): string {
  if (fields.length === 0) return 'The jobs return no numbers, so there is nothing to draw.'
  return points === 1
    ? 'There is one point; how its values lie is drawn below.'
    : 'There are too many points to draw here.'
}

export function numberSection({ model }: ReportSource): Html {
  return html`<section id="numbers"><h2>Numbers</h2>
<p id="recomputed" role="status" class="quiet"></p>
<div id="table">${staticTables(model)}</div></section>`
}

export function failureSection({ failures, manifest }: ReportSource): Html | null {
  if (failures.length === 0) return null
  return html`<section id="failures"><h2>Failures</h2>
<p>${several(manifest.run.counts.failedJobs, 'job')} failed. A failed job is a result: it is not in any mean, and it is not left out of any count.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Failures"><table><caption>By what they said, most frequent first</caption>
<thead><tr><th scope="col">error</th><th scope="col" class="number">jobs</th><th scope="col">first at</th></tr></thead>
<tbody>${failures.map(({ words, jobs, point, repetition }) => html`<tr><td>${words}</td><td class="number">${count(jobs)}</td><td>${point === '' ? '' : `${point}, `}repetition ${repetition}</td></tr>\n`)}</tbody></table></div></section>`
}

export function checkSection({ manifest, held }: ReportSource): Html {
  const { capsule, results } = manifest
  const code = capsule.source !== null || held.has('capsule') ? `${capsule.sha256}.mjs` : ''
  const leaves = 'sha256' in results.leaves ? `${results.leaves.sha256}.leaves` : ''
  return html`<section id="check" class="check"><h2>Check it yourself</h2>
<div id="verification" class="verification"><p>This needs scripts, which this page brings with it. Without them, save the manifest and use <code>reprise verify</code> and <code>reprise rerun</code>.</p></div>
<h3 class="needs-script">Take it with you</h3>
<div id="downloads" class="buttons needs-script" data-capsule="${code}" data-leaves="${leaves}"></div></section>`
}
