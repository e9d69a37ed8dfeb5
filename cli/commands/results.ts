/**
 * `reprise results RUN`: what came out, as JSON lines, CSV or Parquet, or its means point by point; of an unfinished run
 * what is there so far.
 */
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { collectRun } from '../../lab/collect-run.ts'
import { type FlatRow, flatten, inferColumns } from '../../lab/columns.ts'
import { findLab, findRun, type Lab, type RunFolder } from '../../lab/lab.ts'
import { flattenMeans, pointMeans } from '../../lab/means.ts'
import { ResultsStore } from '../../lab/results.ts'
import { resultRows } from '../../lab/rows.ts'
import { type RunState, runState } from '../../lab/state.ts'
import { csvText, writeParquet } from '../../lab/tables.ts'
import { RepriseError } from '../../lib/errors.ts'
import { encode } from '../../lib/values.ts'
import { EXIT } from '../exit.ts'
import { withHeadIfThere } from '../head.ts'
import { meansLines } from '../means-words.ts'
import { pour, pourFile, toFile } from '../table-file.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { count, several } from '../words.ts'

type Format = 'jsonl' | 'csv' | 'parquet' | 'table'

export interface ResultsOptions {
  readonly json?: boolean
  readonly format?: Format
  readonly output?: string
  readonly means?: boolean
}

/** What is told of a run: job by job, or point by point. */
interface Told {
  readonly store: ResultsStore
  objects(): Iterable<object>
  flat(): Iterable<FlatRow>
}

export async function results(text: string, options: ResultsOptions): Promise<number> {
  const out = terminal(options)
  const { output, means = false } = options
  const format = formatOf(options)
  const lab = findLab(process.cwd())
  const folder = findRun(lab, text)
  await collectFirst(lab, folder, out)
  const store = ResultsStore.open(folder)
  try {
    store.freeze()
    const { run } = store.plan()
    tellSoFar(runState(folder), out)
    const told = means ? meansOf(store) : rowsOf(store)
    if (output !== undefined) {
      await toFile(output, (path) => writeTable(path, format, told))
      out.say(`wrote ${output}`)
      out.answer({ run, format, output })
    } else if (options.json === true) await pour(jsonObject(run, means ? 'means' : 'results', told))
    else if (format === 'parquet') await pourFile((path) => writeTable(path, format, told))
    else await pour(textOf(format, told))
    return EXIT.done
  } finally {
    store.close()
  }
}

/** Of a run that a cluster executes: what is new there; where it cannot be reached, what is here is told. */
async function collectFirst(lab: Lab, folder: RunFolder, out: Terminal): Promise<void> {
  const { state, detached, holder } = runState(folder)
  if (state !== 'detached' || detached === null) return
  if (holder !== null)
    return out.say(`process ${holder.pid} on ${holder.host} is collecting it; told is what is here so far`)
  await withHeadIfThere(lab, detached.runner, out, ({ head }) =>
    collectRun(lab, folder, head, { follow: false }, new AbortController().signal),
  )
}

function formatOf({ format, means = false, output }: ResultsOptions): Format {
  const onTerminal = output === undefined && process.stdout.isTTY === true
  if (format === 'parquet' && onTerminal) {
    throw new RepriseError('usage', 'Parquet is binary', {
      subject: '--format',
      remedy: 'Name a file: --output FILE',
    })
  }
  if (format === 'table' && !means) {
    throw new RepriseError('usage', 'a table for people is made of means', {
      subject: '--format table',
      remedy: 'Say --means too, or choose jsonl, csv or parquet',
    })
  }
  return format ?? (means && onTerminal ? 'table' : 'jsonl')
}

/** `130 of 400 jobs so far: running`, of a run that is not finished. */
function tellSoFar({ state, jobs, jobsDone, failedJobs }: RunState, out: Terminal): void {
  if (jobsDone === jobs) return
  const failed = failedJobs === 0 ? '' : `, ${count(failedJobs)} of them failed`
  out.say(`${count(jobsDone)} of ${several(jobs, 'job')} so far${failed}: the run is ${state}`)
}

function rowsOf(store: ResultsStore): Told {
  return {
    store,
    objects: () => resultRows(store),
    *flat() {
      for (const row of resultRows(store)) yield flatten(row)
    },
  }
}

function meansOf(store: ResultsStore): Told {
  return {
    store,
    *objects() {
      for (const { means, ...point } of pointMeans(store)) yield { ...point, means: encode(means) as object }
    },
    *flat() {
      for (const means of pointMeans(store)) yield flattenMeans(means)
    },
  }
}

async function writeTable(path: string, format: Format, told: Told): Promise<void> {
  if (format !== 'parquet') return pipeline(textOf(format, told), createWriteStream(path))
  const { run, experiment } = told.store.plan()
  const about = { 'reprise.run': run, 'reprise.experiment': experiment.hash }
  await writeParquet(path, inferColumns(told.flat()), told.flat(), about)
}

async function* textOf(format: Format, told: Told): AsyncGenerator<string> {
  if (format === 'csv') yield* csvText(inferColumns(told.flat()), told.flat())
  else if (format === 'table') for (const line of meansLines(pointMeans(told.store))) yield `${line}\n`
  else for (const object of told.objects()) yield `${JSON.stringify(object)}\n`
}

async function* jsonObject(run: string, key: string, told: Told): AsyncGenerator<string> {
  yield `{"run":${JSON.stringify(run)},"${key}":[`
  let comma = ''
  for (const object of told.objects()) {
    yield `${comma}${JSON.stringify(object)}`
    comma = ','
  }
  yield ']}\n'
}
