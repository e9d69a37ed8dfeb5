/** `reprise show RUN|MANIFEST|PDF`: the whole record of a run, for people or as JSON. */
import { existsSync } from 'node:fs'
import { codeRows } from '../../lab/code-rows.ts'
import { costOf } from '../../lab/cost.ts'
import { costWords } from '../../lab/cost-words.ts'
import { packageWords, platformRows, probeRows, surroundingsRows } from '../../lab/environment-rows.ts'
import { executedBy } from '../../lab/environments.ts'
import { awayRows } from '../../lab/far-words.ts'
import { findLab, type Lab, matchRun, type RunFolder } from '../../lab/lab.ts'
import { locateIn } from '../../lab/objects.ts'
import type { RerunPlan } from '../../lab/plan.ts'
import { probesOf } from '../../lab/probes.ts'
import { findRecord, isFile } from '../../lab/record.ts'
import { conductRows, executedWords, planRows, shares } from '../../lab/record-rows.ts'
import { replicationStatement } from '../../lab/replicas.ts'
import { ResultsStore, readPlan } from '../../lab/results.ts'
import { scheduledOf } from '../../lab/scheduled.ts'
import { scheduledRows, taskLines } from '../../lab/scheduler-rows.ts'
import { runState } from '../../lab/state.ts'
import { tasksOf } from '../../lab/tasks.ts'
import { touchedIn } from '../../lab/touched.ts'
import { isPdf } from '../../lab/unpack.ts'
import type { UnpackedPdf } from '../../lab/unpack-pdf.ts'
import { chunkCount } from '../../lib/document.ts'
import type { Executed, Manifest, Replicated, SessionEnvironment } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import type { Variables } from '../../provenance/variables.ts'
import { capsuleText } from '../capsule-text.ts'
import { EXIT } from '../exit.ts'
import { recordWords, tellPdfProblems, withPdf } from '../pdf-record.ts'
import { harmless, type Terminal, terminal, write } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { count, drawnWords, several, table } from '../words.ts'

const MOST_FAILURES = 5

interface ShowOptions {
  readonly json?: boolean
  readonly capsule?: boolean
  readonly record?: string
}

export async function show(text: string, options: ShowOptions): Promise<number> {
  if (isPdf(text) && options.record === undefined && options.capsule !== true)
    return withPdf(text, options, (unpacked) => showPdf(unpacked, options))
  return withUnpacked([text], options, ([path]) => showRecord(path!, options))
}

/** Shows all records of a PDF. */
async function showPdf({ records, problems }: UnpackedPdf, options: ShowOptions): Promise<number> {
  const [only, ...others] = records
  tellPdfProblems([...problems, ...records.flatMap((record) => record.problems)])
  if (only !== undefined && others.length === 0) return showRecord(only.path, options)
  const out = terminal(options)
  for (const record of records) {
    out.print(recordWords(record))
    if (record.manifest !== null) tellManifest(record.manifest, out)
    out.print('')
  }
  const answer = records.map(({ number, file, manifest }) => ({
    record: number,
    file,
    ...(manifest === null ? { run: null } : manifestAnswer(manifest)),
  }))
  out.answer({ records: answer })
  return EXIT.done
}

async function showRecord(text: string, options: ShowOptions): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const run = isFile(text) ? null : matchRun(lab, text)
  const record = run === null || existsSync(run.manifest) ? findRecord(lab, text) : null
  const manifest = record === null ? null : parseManifest(record.bytes)
  if (options.capsule === true) {
    const { sha256 } = manifest?.capsule ?? readPlan(run!).capsule
    const source = manifest?.capsule.source ?? capsuleText(lab, record?.folder ?? lab.capsules, sha256)
    if (out.json) out.answer({ sha256, source })
    else await write(process.stdout.isTTY === true ? harmless(source) : source)
  } else if (run === null) {
    tellManifest(manifest!, out)
    out.answer(manifestAnswer(manifest!))
  } else await showRun(lab, run, manifest, out)
  return EXIT.done
}

async function showRun(lab: Lab, run: RunFolder, manifest: Manifest | null, out: Terminal): Promise<void> {
  const state = runState(run)
  const store = ResultsStore.open(run)
  try {
    const cost = await costOf(lab, run, state)
    const costs = costWords(cost)
    const plan = store.plan()
    const events = store.events()
    const executed = executedBy(store)
    const scheduled = scheduledOf(store, executed)
    const tasks = tasksOf(store)
    const started = events.findLast(({ kind }) => kind === 'started')?.body
    const stacks = store.stacks(MOST_FAILURES).map((failure) => ({
      ...failure,
      stack: locateIn(lab, plan.capsule.sha256, failure.stack),
    }))
    const rows = [
      ...planRows(plan.experiment),
      ...codeRows(plan),
      ['run', `${run.id}  ${state.verdict ?? state.state}`],
      ...awayRows(state),
      ['file', plan.file],
      ...conductRows({ ...plan, touched: touchedIn(events, lab, plan.capsule.sha256) }),
      [
        'capsule',
        `${plan.capsule.sha256} (${count(plan.capsule.bytes)} bytes, ${packageWords(plan.packages)})`,
      ],
      [
        'chunks',
        `${count(state.chunksDone)} of ${count(state.chunks)}, ${several(state.failedJobs, 'failed job')}`,
      ],
      ...executedRows(executed),
      ...scheduledRows(scheduled),
      ...(costs === '' ? [] : [['cost', costs]]),
      ...whereRows(executed, started?.environment as SessionEnvironment, started?.variables as Variables),
      ...probeRows(probesOf(events, executed)),
      ...replicaRows(state.replicated, state.chunks),
      ...auditRows(plan.rerun),
      ['root', state.root ?? '(not sealed)'],
      ['manifest', manifest === null ? '(not sealed)' : run.manifest],
      ['log', existsSync(run.log) ? run.log : '(nothing was printed)'],
    ]
    for (const line of table(rows)) out.print(line)
    const happened = events.filter(({ kind }) => !['touched', 'probed'].includes(kind)) // told above
    for (const event of happened) out.print(`${event.time}  ${event.kind}${eventWords(event.body)}`)
    for (const line of taskLines(tasks)) out.print(line)
    for (const { chunk, job, stack } of stacks)
      out.print(`failed: chunk ${chunk}, job ${job}\n  ${stack.replaceAll('\n', '\n  ')}`)
    out.answer({
      ...state,
      plan,
      events,
      failures: stacks,
      cost,
      ...(scheduled.length === 0 ? {} : { scheduled, tasks }),
      manifest: manifest === null ? null : withoutSource(manifest),
    })
  } finally {
    store.close()
  }
}

function tellManifest(manifest: Manifest, out: Terminal): void {
  const { experiment, capsule, run, results } = manifest
  const rows = [
    ...planRows(experiment),
    ...codeRows(run),
    ['run', `${run.id}, sealed ${run.sealed}`],
    ...conductRows(run),
    ['file', run.file],
    [
      'capsule',
      `${capsule.sha256} (${count(capsule.bytes)} bytes${capsule.source === null ? ', beside the manifest' : ''})`,
    ],
    ['executed', executedWords(run.sessions[0], run.environments ?? [])],
    ...scheduledRows(run.scheduled ?? []),
    ...whereRows(run.environments ?? [], run.sessions.at(-1)?.environment, run.sessions.at(-1)?.variables),
    ['packages', packageWords(run.packages)],
    ...probeRows(run.probes ?? []),
    [
      'chunks',
      `${count(results.chunks)}, ${several(run.counts.failedJobs, 'failed job')}, ${count(run.counts.retried)} retried`,
    ],
    ...replicaRows(run.replicated, chunkCount(experiment.document)),
    ['root', results.root],
  ]
  for (const line of table(rows)) out.print(line)
}

/** Where the chunks that are there were executed, as far as the store says. */
function executedRows(executed: readonly Executed[]): string[][] {
  if (executed.every(({ environment }) => environment === null)) return []
  return [['executed', `${several(executed.length, 'environment')}: ${shares(executed)}`]]
}

/** What lay beneath the engines, where all of them say the same; and what the last session was led in. */
function whereRows(
  executed: readonly Executed[],
  environment: SessionEnvironment | undefined,
  variables: Variables | undefined,
): string[][] {
  const [only, ...others] = executed
  const platform = others.length === 0 ? (only?.environment ?? environment) : undefined
  return [...platformRows(platform ?? {}), ...surroundingsRows(environment ?? {}, variables)]
}

function replicaRows(replicated: Replicated | null | undefined, chunks: number): string[][] {
  return replicated == null ? [] : [['replicated', replicationStatement(replicated, chunks)]]
}

/** What an audit's sample was drawn by. */
function auditRows(rerun: RerunPlan | null): string[][] {
  if (rerun === null || rerun.sample === null) return []
  return [['sample', `${rerun.sample.join(', ')} (${drawnWords(rerun)}; entropy ${rerun.entropy})`]]
}

function eventWords(body: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(body).filter(([, value]) => typeof value !== 'object' || value === null)
  return told.length === 0 ? '' : `  ${told.map(([key, value]) => `${key}=${String(value)}`).join(' ')}`
}

/** A manifest as it is answered to programs. */
function manifestAnswer(manifest: Manifest): object {
  return { ...withoutSource(manifest), run: manifest.run.id, record: manifest.run }
}

function withoutSource(manifest: Manifest): object {
  const { sha256, bytes, source } = manifest.capsule
  return { ...manifest, capsule: { sha256, bytes, embedded: source !== null } }
}
