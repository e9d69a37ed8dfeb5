/** Where the results come from: code, machines, course and cost, and what proves that the record is the one that was sealed. */
import { codeRows } from '../../lab/code-rows.ts'
import { costWords } from '../../lab/cost-words.ts'
import { packageWords, platformRows, probeRows, surroundingsRows } from '../../lab/environment-rows.ts'
import { executedWords } from '../../lab/record-rows.ts'
import { replicationStatement } from '../../lab/replicas.ts'
import { scheduledRows } from '../../lab/scheduler-rows.ts'
import { count, several } from '../../lab/words.ts'
import { chunkCount } from '../../lib/document.ts'
import { repositoryUrl, signingKey } from '../../provenance/exports/facts.ts'
import type { Manifest } from '../../provenance/manifest.ts'
import { warningsOf } from '../../provenance/warnings.ts'
import { type Html, html } from '../html.ts'

import { factRows } from './rows.ts'
import type { ReportSource } from './source.ts'

const MOST_PACKAGES = 200

export function recordSection({ manifest, verification, told, hasResults }: ReportSource): Html {
  const { run, results, capsule } = manifest
  const url = repositoryUrl(run)
  const last = run.sessions.at(-1)
  const warnings = warningsOf(run)
  const checked = [
    ...verification.checked,
    ...(hasResults ? ['every chunk of the results against its leaf'] : []),
  ]
  const unchecked = verification.unchecked.filter((words) => !hasResults || !words.startsWith('chunks ('))
  return html`<section id="record"><h2>Where it comes from</h2>
${warnings.length === 0 ? null : html`<div class="notice"><ul>${warnings.map((words) => html`<li>${words}</li>`)}</ul></div>`}
<h3>Code</h3>
${factRows([
  ['file', run.file],
  ...codeRows(run),
  ...(url === null ? [] : [['repository', url]]),
  [
    'capsule',
    `${capsule.sha256} (${count(capsule.bytes)} bytes: the code with all that it needs, by SHA-256)`,
  ],
  ['packages', packageWords(run.packages)],
  ...(run.lock === null ? [] : [['lock', `${run.lock.file}, SHA-256 ${run.lock.sha256}`]]),
  ...Object.entries(run.inputs).map(([name, digest]) => ['input', `${name}, SHA-256 ${digest}`]),
])}
${packageTable(manifest)}
<h3>Execution</h3>
${factRows([
  ['run', `${run.id}, by Reprise ${run.reprise}`],
  ['planned', run.planned],
  ...run.sessions.map(({ started, ended, runner, engines }) => [
    'session',
    `${runner}, ${several(engines, 'engine')}, ${started} to ${ended ?? 'an end that nobody saw'}`,
  ]),
  ['sealed', run.sealed],
  ['executed', executedWords(run.sessions[0], run.environments ?? [])],
  ...scheduledRows(run.scheduled ?? []),
  ...((run.environments ?? []).length === 1 ? platformRows(run.environments![0]!.environment ?? {}) : []),
  ...(last === undefined ? [] : surroundingsRows(last.environment, last.variables)),
  ...probeRows(run.probes ?? []),
  ['attempts', attemptWords(manifest)],
  ...earlierRows(manifest),
  ...(run.replicated === undefined
    ? []
    : [['replicated', replicationStatement(run.replicated, chunkCount(manifest.experiment.document))]]),
  ...(run.rerunOf === null ? [] : [['rerun of', `run ${run.rerunOf.run}, root ${run.rerunOf.root}`]]),
  ...(told.cost === null || costWords(told.cost) === '' ? [] : [['cost', costWords(told.cost)]]),
])}
<h3>Proof</h3>
${factRows([
  ['root', `${results.root} (over the bytes of ${several(results.chunks, 'chunk')})`],
  ['record', `${manifest.proof.record} (over everything but its proof)`],
  ['signed by', signingKey(manifest) ?? 'nobody: this record carries no signature'],
  ...(run.registered === undefined
    ? []
    : [['registered', `${run.registered.time}, entry ${run.registered.seq} of the ledger`]]),
  ['timestamps', timestampWords(manifest)],
  ...(verification.witnesses.length === 0 ? [['witnesses', 'none']] : []),
  ...verification.witnesses.map(({ words, key, own }) => [
    'witness',
    `${words}; signed by ${own ? 'the maker of the record' : key.split('+')[0]}`,
  ]),
  ...told.reruns.map(({ run: id, verdict, chunks }) => [
    'rerun here',
    `${id}: ${several(chunks, 'chunk')}, ${verdict}`,
  ]),
])}
<p>When this page was made, Reprise checked of the record:</p>
<ul class="checked">${checked.map((words) => html`<li>${words}</li>`)}</ul>
${unchecked.length === 0 ? null : html`<p>It could not check:</p><ul class="checked">${unchecked.map((words) => html`<li>${words}</li>`)}</ul>`}
</section>`
}

function attemptWords({ run }: Manifest): string {
  const { retried, setAside = 0 } = run.counts
  const lost = `${several(retried, 'chunk')} executed again because an engine was lost`
  return `${several(run.sessions.length, 'session')}; ${lost}${setAside === 0 ? '' : `; ${count(setAside)} set aside on the way`}`
}

function earlierRows({ run }: Manifest): string[][] {
  if (run.earlier === undefined) return []
  const { runs, sealed, aborted, unfinished } = run.earlier
  if (runs === 0) return [['earlier runs', 'none of this experiment in this ledger']]
  return [
    [
      'earlier runs',
      `${count(runs)} of this experiment in this ledger: ${count(sealed)} sealed, ${count(aborted)} aborted, ${count(unfinished)} unfinished`,
    ],
  ]
}

function timestampWords({ proof }: Manifest): string {
  const n = (proof.timestamps ?? []).length + (proof.registered?.timestamps ?? []).length
  return n === 0 ? 'none' : `${several(n, 'token')} of RFC 3161 authorities`
}

function packageTable({ run }: Manifest): Html | null {
  if (run.packages.length === 0) return null
  const rows = run.packages.slice(0, MOST_PACKAGES)
  return html`<details><summary>Packages in the capsule</summary><div class="scroll" tabindex="0" role="region" aria-label="Packages"><table>
<thead><tr><th scope="col">package</th><th scope="col">version</th><th scope="col">licence</th></tr></thead>
<tbody>${rows.map(({ name, version, license }) => html`<tr><td>${name.slice(0, 100)}</td><td>${version.slice(0, 60)}</td><td>${license?.slice(0, 60)}</td></tr>\n`)}</tbody></table></div></details>`
}
