/** The end of a run's log: lines of engines and supervisors, without what would move a terminal's cursor. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { RunFolder } from './lab.ts'

export interface LogTail {
  readonly lines: readonly string[]
  /** Bytes of the whole log. */
  readonly bytes: number
  /** Whether lines before these were left out. */
  readonly cut: boolean
}

/** Bytes that are read, lines that are given, characters of one. */
const [MOST_BYTES, MOST_LINES, MOST_TEXT] = [2 ** 16, 200, 500]

/** Null where nothing was ever logged. A link in the log's place is not followed: it may lead anywhere. */
export function logTail(run: RunFolder): LogTail | null {
  let file: number
  try {
    file = openSync(run.log, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (['ENOENT', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return null
    const from = Math.max(0, stat.size - MOST_BYTES)
    const bytes = Buffer.alloc(Math.min(stat.size, MOST_BYTES))
    const read = readSync(file, bytes, 0, bytes.length, from)
    const lines = stripVTControlCharacters(bytes.toString('utf8', 0, read))
      .trimEnd()
      .split('\n')
    if (from > 0) lines[0] = `…${lines[0]}` // it has lost its beginning
    const last = lines.slice(-MOST_LINES)
    return { lines: last.map(shortened), bytes: stat.size, cut: from > 0 || last.length < lines.length }
  } finally {
    closeSync(file)
  }
}

function shortened(line: string): string {
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)}…` : line
}
