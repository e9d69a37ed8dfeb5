/**
 * The first that runs on a host: it looks whether the station's program is there, byte for byte, takes it over its input
 * where it is not, and starts it. It is handed to Node as text, by the shell's script.
 */
import { createHash } from 'node:crypto'
import { readSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type ErrorRecord, type RepriseError, toErrorRecord } from '../../../lib/errors.ts'
import { folderIn, KEPT, keptPath, openFolder, readRegular } from './folder.ts'
import type { serve } from './main.ts'
import { storageError, writeWhole } from './whole.ts'

/** What the near side says to it, on the command line. */
export interface BootOrder {
  /** Words before each of its answers; two halves, so that an echo of the order is not taken for one. */
  readonly mark: readonly [string, string]
  readonly directory: string
  readonly sha256: string
  readonly bytes: number
  /** See `serve`. */
  readonly silenceMs: number
}

/** The first answer says whether the program is to be sent, the second that it has started. */
export interface BootAnswer {
  readonly have?: boolean
  readonly ready?: true
  readonly error?: ErrorRecord
}

const WAIT = new Int32Array(new SharedArrayBuffer(4))

async function boot(order: BootOrder): Promise<void> {
  const answer = (said: BootAnswer) => writeAll(`${order.mark.join('')}${JSON.stringify(said)}\n`)
  try {
    const directory = openFolder(order.directory)
    folderIn(directory, KEPT.station.folder)
    const program = keptPath(directory, 'station', order.sha256)
    const have = digestAt(program) === order.sha256
    answer({ have })
    if (!have) {
      const bytes = readInput(order.bytes)
      if (digestOf(bytes) !== order.sha256) throw new Error('the program did not arrive as it was sent')
      writeWhole(program, bytes)
    }
    const station = (await import(pathToFileURL(program).href)) as { serve: typeof serve }
    station.serve(directory, order.silenceMs)
    answer({ ready: true })
  } catch (error) {
    answer({ error: recordOf(error, order.directory) })
    process.exit(1)
  }
}

/** An error of the program's is of another class than ours here, by the same name. */
function recordOf(error: unknown, directory: string): ErrorRecord {
  const { name, code, message, subject, remedy } = error as RepriseError
  if (name === 'RepriseError') return { code, message, subject, remedy }
  return toErrorRecord(storageError(directory, error), 'engine')
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function digestAt(path: string): string | null {
  try {
    return digestOf(readRegular(path))
  } catch {
    return null
  }
}

/** So many bytes of the input and not one more. */
function readInput(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; ) {
    const got = patiently(() => readSync(0, bytes, at, length - at, null))
    if (got === 0) throw new Error('the input ended')
    at += got
  }
  return bytes
}

function writeAll(text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += patiently(() => writeSync(1, bytes, at))
}

/** The other end may have set the descriptors so that they do not wait. */
function patiently(act: () => number): number {
  for (;;) {
    try {
      return act()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(WAIT, 0, 0, 2)
    }
  }
}

void boot(JSON.parse(Buffer.from(process.argv[1] ?? '', 'base64').toString('utf8')) as BootOrder)
