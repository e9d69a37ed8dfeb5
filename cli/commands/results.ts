/** `reprise results RUN`: what came out, as JSON lines, CSV or Parquet; of an unfinished run what is there so far. */
import { createReadStream, createWriteStream, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { flatten, inferColumns } from '../../lab/columns.ts'
import { findLab, findRun } from '../../lab/lab.ts'
import { ResultsStore } from '../../lab/results.ts'
import { type Row, resultRows } from '../../lab/rows.ts'
import { csvText, writeParquet } from '../../lab/tables.ts'
import { RepriseError } from '../../lib/errors.ts'
import { EXIT } from '../exit.ts'
import { terminal, unlessClosed } from '../terminal.ts'

export interface ResultsOptions {
  readonly json?: boolean
  readonly format: 'jsonl' | 'csv' | 'parquet'
  readonly output?: string
}

export async function results(text: string, options: ResultsOptions): Promise<number> {
  const out = terminal(options)
  const { format, output } = options
  const folder = findRun(findLab(process.cwd()), text)
  if (format === 'parquet' && output === undefined && process.stdout.isTTY === true) {
    throw new RepriseError('usage', 'Parquet is binary', {
      subject: '--format',
      remedy: 'Name a file: --output FILE',
    })
  }
  const store = ResultsStore.open(folder)
  try {
    store.freeze()
    const { experiment, run } = store.plan()
    if (output !== undefined) {
      await toFile(output, (path) => writeTable(path, format, store, { experiment: experiment.hash, run }))
      out.say(`wrote ${output}`)
      out.answer({ run, format, output })
    } else if (options.json === true) await pour(jsonObject(run, store))
    else if (format === 'parquet')
      await pourFile((path) => writeTable(path, format, store, { experiment: experiment.hash, run }))
    else await pour(format === 'csv' ? csv(store) : lines(store))
    return EXIT.done
  } finally {
    store.close()
  }
}

async function writeTable(
  path: string,
  format: ResultsOptions['format'],
  store: ResultsStore,
  about: Record<string, string>,
): Promise<void> {
  if (format === 'parquet') {
    await writeParquet(path, inferColumns(flatRows(store)), flatRows(store), {
      'reprise.run': about.run!,
      'reprise.experiment': about.experiment!,
    })
  } else await pipeline(format === 'csv' ? csv(store) : lines(store), createWriteStream(path))
}

function* flatRows(store: ResultsStore) {
  for (const row of resultRows(store)) yield flatten(row)
}

async function* csv(store: ResultsStore): AsyncGenerator<string> {
  yield* csvText(inferColumns(flatRows(store)), flatRows(store))
}

async function* lines(store: ResultsStore): AsyncGenerator<string> {
  for (const row of resultRows(store)) yield `${rowText(row)}\n`
}

async function* jsonObject(run: string, store: ResultsStore): AsyncGenerator<string> {
  yield `{"run":${JSON.stringify(run)},"results":[`
  let comma = ''
  for (const row of resultRows(store)) {
    yield `${comma}${rowText(row)}`
    comma = ','
  }
  yield ']}\n'
}

function rowText(row: Row): string {
  return JSON.stringify(row)
}

/** Pours text to stdout at the pace of its reader, in pieces worth a system call. */
async function pour(text: AsyncIterable<string>): Promise<void> {
  async function* pieces(): AsyncGenerator<string> {
    let piece = ''
    for await (const part of text) {
      piece += part
      if (piece.length < 65_536) continue
      yield piece
      piece = ''
    }
    yield piece
  }
  await pipeline(pieces(), process.stdout, { end: false }).catch(unlessClosed)
}

/** Has a file written beside its target and put in place when it is whole. */
async function toFile(target: string, make: (path: string) => Promise<void>): Promise<void> {
  const temporary = `${target}.${process.pid}.tmp`
  try {
    await make(temporary)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    if (error instanceof RepriseError) throw error
    throw new RepriseError('storage', (error as Error).message, {
      subject: target,
      remedy: 'Name a file that can be written',
    })
  }
}

async function pourFile(make: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-results-'))
  try {
    const path = join(folder, 'table')
    await make(path)
    await pipeline(createReadStream(path), process.stdout, { end: false }).catch(unlessClosed)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
