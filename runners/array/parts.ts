/**
 * Parts: what a task tells, as records of the journal's own form (detached/record.ts), gathered into pieces of some MB or some
 * seconds that are put into the store whole. Engines in them are counted from 1 by each writer anew. After a put that
 * failed nothing more is written; what was put before stays.
 */
import { randomBytes } from 'node:crypto'
import { RepriseError } from '../../lib/errors.ts'
import type { Recorder } from '../detached/journal-sink.ts'
import { encodeRecord, RecordReader } from '../detached/record.ts'
import { readTold, type Told } from '../detached/told.ts'
import { sha256Of } from '../digests.ts'
import { PART, partKey } from './layout.ts'
import type { Store } from './store.ts'

/** Records wait at most this long, ms, or until they are this many bytes. */
const GATHER_MS = 5_000
const GATHER_BYTES = 4 * 2 ** 20

export interface PartOptions {
  readonly bytes?: number
  readonly ms?: number
  /** Told once: from now on nothing is written. */
  failed(error: RepriseError): void
}

/** Whose parts they are. */
export interface PartPlace {
  readonly array: number
  readonly index: number
}

export class PartWriter implements Recorder {
  /** Unlike that of any other attempt. */
  readonly writer = randomBytes(8).toString('hex')
  readonly #store: Store
  readonly #place: PartPlace
  readonly #most: number
  readonly #waitMs: number
  readonly #failed: (error: RepriseError) => void
  #gathered: Buffer[] = []
  #bytes = 0
  #seq = 0
  #timer: NodeJS.Timeout | null = null
  /** All puts so far, one after the other: a part is never there before those that came before it. */
  #puts: Promise<void> = Promise.resolve()
  #broken = false

  constructor(store: Store, place: PartPlace, { bytes = GATHER_BYTES, ms = GATHER_MS, failed }: PartOptions) {
    this.#store = store
    this.#place = place
    this.#most = bytes
    this.#waitMs = ms
    this.#failed = failed
  }

  add(header: object, payload?: Uint8Array): void {
    if (this.#broken) return
    const bytes = encodeRecord(header, payload)
    this.#gathered.push(bytes)
    this.#bytes += bytes.length
    if (this.#bytes >= this.#most) this.#put()
    else this.#timer ??= setTimeout(() => this.#put(), this.#waitMs)
  }

  /** Settles when all that was added is durable, or it was told that it cannot be: then with false. */
  async flush(): Promise<boolean> {
    this.#put()
    await this.#puts
    return !this.#broken
  }

  #put(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#bytes === 0 || this.#broken) return
    const bytes = Buffer.concat(this.#gathered)
    this.#gathered = []
    this.#bytes = 0
    const { array, index } = this.#place
    const key = partKey(array, index, this.writer, this.#seq++, sha256Of(bytes))
    this.#puts = this.#puts.then(async () => {
      if (this.#broken) return
      try {
        await this.#store.put(key, bytes)
      } catch (error) {
        this.#broken = true
        this.#failed(error as RepriseError)
      }
    })
  }
}

/** What a part tells, in order. Throws `not-intact` where it is not the one that its key says, or not whole records. */
export function readPart(key: string, bytes: Uint8Array): Told[] {
  const named = PART.exec(key)
  if (named === null) throw bad(key, 'is no name of a part')
  if (sha256Of(bytes) !== named[5]) throw bad(key, 'is not the one of its digest')
  const all: Told[] = []
  const reader = new RecordReader((record) => {
    const told = readTold(record)
    if (told !== null) all.push(told)
  })
  try {
    reader.push(bytes)
  } catch (error) {
    throw error instanceof RepriseError ? bad(key, error.message) : error
  }
  if (reader.rest > 0) throw bad(key, 'ends in the midst of a record')
  return all
}

function bad(key: string, what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: key.slice(0, 200),
    remedy: 'What it may hold is executed again',
  })
}
