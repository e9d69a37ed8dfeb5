/** `reprise show RUN|MANIFEST|PDF`: the whole record of a run, for people or as JSON. */
import { existsSync } from 'node:fs'
import { costOf } from '../../lab/cost.ts'
import { executedBy } from '../../lab/environments.ts'
import { findLab, type Lab, matchRun, type RunFolder } from '../../lab/lab.ts'
import { locateIn } from '../../lab/objects.ts'
import type { RerunPlan } from '../../lab/plan.ts'
import { probesOf } from '../../lab/probes.ts'
import { findRecord, isFile } from '../../lab/record.ts'
import { ResultsStore, readPlan } from '../../lab/results.ts'
import { scheduledOf } from '../../lab/scheduled.ts'
import { runState } from '../../lab/state.ts'
import { tasksOf } from '../../lab/tasks.ts'
import { touchedIn } from '../../lab/touched.ts'
import { isPdf } from '../../lab/unpack.ts'
import type { UnpackedPdf } from '../../lab/unpack-pdf.ts'
import type { Executed, Manifest, SessionEnvironment } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import type { Variables } from '../../provenance/variables.ts'
import { capsuleText } from '../capsule-text.ts'
import { codeRows } from '../code-words.ts'
import { costWords } from '../cost-words.ts'
import { packageWords, probeRows } from '../environment-rows.ts'
import { EXIT } from '../exit.ts'
import { awayRows } from '../far-words.ts'
import { recordWords, tellPdfProblems, withPdf } from '../pdf-record.ts'
import { scheduledRows, taskLines } from '../scheduler-words.ts'
import { harmless, type Terminal, terminal, write } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { count, drawnWords, several, table } from '../words.ts'
import {
  conductRows,
  manifestAnswer,
  planRows,
  replicaRows,
  shares,
  tellManifest,
  whereRows,
  withoutSource,
} from './show-manifest.ts'

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

/** Where the chunks that are there were executed, as far as the store says. */
function executedRows(executed: readonly Executed[]): string[][] {
  if (executed.every(({ environment }) => environment === null)) return []
  return [['executed', `${several(executed.length, 'environment')}: ${shares(executed)}`]]
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
