/** Where a table goes: to stdout at the pace of its reader, or to a file that is put in place when it is whole. */
import { createReadStream, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { RepriseError } from '../lib/errors.ts'
import { unlessClosed } from './terminal.ts'

/** Characters that are worth a system call. */
const PIECE = 65_536

/** Pours text to stdout. */
export async function pour(text: AsyncIterable<string>): Promise<void> {
  async function* pieces(): AsyncGenerator<string> {
    let piece = ''
    for await (const part of text) {
      piece += part
      if (piece.length < PIECE) continue
      yield piece
      piece = ''
    }
    yield piece
  }
  await pipeline(pieces(), process.stdout, { end: false }).catch(unlessClosed)
}

/** Has a file written beside its target and put in place when it is whole. */
export async function toFile(target: string, make: (path: string) => Promise<void>): Promise<void> {
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

/** Has a file written and pours it to stdout. */
export async function pourFile(make: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-results-'))
  try {
    const path = join(folder, 'table')
    await make(path)
    await pipeline(createReadStream(path), process.stdout, { end: false }).catch(unlessClosed)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
