/**
 * The journal of a detached run: all that a sink is told, durable on the head's disk (law 3: a chunk counts only once it
 * is). Every supervision writes a segment of its own and nobody changes one that is there: what a dead supervisor left
 * torn at the end of its segment is simply where that segment ends. After a failed write nothing more is written.
 */
import { closeSync, fdatasyncSync, openSync, readdirSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import { encodeRecord, type JournalRecord, RecordReader } from './record.ts'
import { syncFolder } from './written.ts'

/** Records wait at most this long, ms, or until they are this many bytes. */
const GATHER_MS = 25
const GATHER_BYTES = 4 * 2 ** 20
const READ_BYTES = 2 ** 20

export interface JournalEvents {
  /** These records are durable, in the order in which they were added. */
  durable(headers: readonly object[]): void
  /** Told once: from now on nothing is written. */
  failed(error: RepriseError): void
}

export class Journal {
  readonly path: string
  readonly #file: number
  readonly #events: JournalEvents
  #gathered: Buffer[] = []
  #headers: object[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | null = null
  #broken = false

  /** Begins a segment that must not be there yet. Throws `storage`. */
  constructor(folder: string, segment: number, events: JournalEvents) {
    this.path = segmentPath(folder, segment)
    this.#events = events
    try {
      this.#file = openSync(this.path, 'ax', 0o600)
      syncFolder(folder)
    } catch (cause) {
      throw diskError(this.path, cause)
    }
  }

  add(header: object, payload?: Uint8Array): void {
    if (this.#broken) return
    const bytes = encodeRecord(header, payload)
    this.#gathered.push(bytes)
    this.#headers.push(header)
    this.#bytes += bytes.length
    if (this.#bytes >= GATHER_BYTES) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS)
  }

  /** Makes everything gathered durable, then tells. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#gathered.length === 0 || this.#broken) return
    const [bytes, headers] = [Buffer.concat(this.#gathered), this.#headers]
    this.#gathered = []
    this.#headers = []
    this.#bytes = 0
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at)
      fdatasyncSync(this.#file)
    } catch (cause) {
      this.#broken = true
      this.#events.failed(diskError(this.path, cause))
      return
    }
    this.#events.durable(headers)
  }

  close(): void {
    this.flush()
    closeSync(this.#file)
  }
}

export function segmentPath(folder: string, segment: number): string {
  return join(folder, `journal.${segment}`)
}

/** Numbers of the segments that are there, ascending. */
export function segmentsIn(folder: string): number[] {
  const names = readdirSync(folder).flatMap((name) => /^journal\.([1-9]\d{0,8})$/.exec(name)?.[1] ?? [])
  return names.map(Number).sort((a, b) => a - b)
}

/**
 * Reads what is whole of a segment from a place on, and says where that ends. What does not check out is where a
 * segment ends: it was torn, or is being written at this moment.
 */
export function readSegment(
  folder: string,
  segment: number,
  from: number,
  onRecord: (record: JournalRecord, end: number) => boolean,
): number {
  const file = openSync(segmentPath(folder, segment), 'r')
  let end = from
  let wanted = true
  const reader = new RecordReader((record) => {
    if (!wanted) return
    end += record.bytes.length
    wanted = onRecord(record, end)
  })
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    for (let at = from; wanted; ) {
      const length = readSync(file, buffer, 0, READ_BYTES, at)
      if (length === 0) break
      at += length
      reader.push(Buffer.from(buffer.subarray(0, length)))
    }
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
  } finally {
    closeSync(file)
  }
  return end
}

/** What the disk said, as an error that tells what to do. */
export function diskError(path: string, cause: unknown): RepriseError {
  return new RepriseError('storage', (cause as Error).message, {
    subject: path,
    remedy:
      'See that the head’s disk has room and may be written to; what was acknowledged before is safe. Then resume',
    cause,
  })
}
