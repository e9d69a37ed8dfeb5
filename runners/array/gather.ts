/**
 * Brings what tasks have put into the store to the sink: each part once, whole, and in the order in which its task wrote it. A
 * part that does not check out is looked at once more later, since a shared folder may lag, and then told and ignored: what it
 * may have held counts as missing. A chunk that came before is told again, and compared where it arrives (law 4).
 */
import { RepriseError } from '../../lib/errors.ts'
import type { Told } from '../detached/told.ts'
import type { Assignment, Sink } from '../runner.ts'
import type { KnownArray, KnownTask } from './arrays.ts'
import { getPart } from './get-part.ts'
import { PART, partsPrefix, taskPrefix } from './layout.ts'
import type { Missing } from './missing.ts'
import type { EngineNumbers } from './numbers.ts'
import { checkPart } from './part-check.ts'
import { readPart } from './parts.ts'
import type { ArrayPatience } from './patience.ts'
import type { Store } from './store.ts'
import { isLater, tellPart } from './tell-part.ts'
import { wordOf } from './words.ts'

/** Parts that are read while another is told. */
const AHEAD = 2

interface PartName {
  readonly key: string
  readonly task: KnownTask
  /** Of this attempt of the task, unlike that of any other. */
  readonly writer: string
  readonly seq: number
}

/** Bytes of a part, or why there are none: `not-intact`. */
type Content = Buffer | RepriseError

export interface Gathering {
  readonly store: Store
  readonly sink: Sink
  readonly missing: Missing
  readonly numbers: EngineNumbers
  readonly patience: ArrayPatience
  readonly wantsProbes: Assignment['wantsProbes']
}

export class Gatherer {
  /** How long chunks took, of those that came. */
  chunks = 0
  ms = 0
  /** Whether an engine ever came to work. */
  worked = false
  readonly #with: Gathering
  /** Told or ignored, by writer and number. */
  readonly #seen = new Set<string>()
  /** The number of the next part of a writer. */
  readonly #next = new Map<string, number>()
  /** What did not check out, or came before its turn: since when, ms. */
  readonly #doubted = new Map<string, number>()

  constructor(gathering: Gathering) {
    this.#with = gathering
  }

  /** A part was told in an earlier execution. */
  remember(key: string, task: KnownTask): void {
    const named = PART.exec(key)!
    const writer = writerOf(named)
    this.#note(writer, Number(named[4]))
    task.writers.add(writer)
    this.worked = true
  }

  /** What a task said at its end, in parts that were told in an earlier execution. */
  async lastWords(array: number, task: KnownTask): Promise<void> {
    const last = new Map<string, string>()
    for (const key of await this.#with.store.list(taskPrefix(array, task.index))) {
      const named = PART.exec(key)
      if (named !== null) last.set(writerOf(named), key)
    }
    for (const key of last.values()) {
      for (const told of await this.#readLeniently(key))
        if (told.type === 'task-ended' && isLater(told.task, task.ended)) task.ended = told.task
    }
  }

  /** Nothing of what was told to be ignored when it was gathered, or will be. Throws `storage`. */
  async #readLeniently(key: string): Promise<Told[]> {
    try {
      const bytes = await getPart(this.#with.store, key)
      return bytes === null ? [] : readPart(key, bytes)
    } catch (error) {
      if (error instanceof RepriseError && error.code === 'storage') throw error
      return []
    }
  }

  /** Tells what is new of these arrays, and says whether there was anything. Throws `storage`, and what the sink throws. */
  async look(arrays: Iterable<KnownArray>, signal?: AbortSignal): Promise<boolean> {
    let any = false
    for (const array of arrays) {
      if (signal?.aborted) break
      const fresh = this.#inTurn(this.#fresh(array, await this.#with.store.list(partsPrefix(array.array))))
      for await (const [part, bytes] of this.#read(fresh)) {
        if (signal?.aborted) break
        any = this.#take(array, part, bytes) || any
      }
    }
    return any
  }

  #fresh({ tasks }: KnownArray, keys: readonly string[]): PartName[] {
    const fresh: PartName[] = []
    for (const key of keys) {
      const named = PART.exec(key)
      const task = tasks[Number(named?.[2])]
      if (named === null || task === undefined) continue
      const [writer, seq] = [writerOf(named), Number(named[4])]
      if (!this.#seen.has(`${writer}.${seq}`)) fresh.push({ key, task, writer, seq })
    }
    return fresh.sort((a, b) => a.task.index - b.task.index || compare(a.writer, b.writer) || a.seq - b.seq)
  }

  /** Without those whose predecessor is not there yet, as far as that is worth waiting for. */
  #inTurn(fresh: readonly PartName[]): PartName[] {
    const next = new Map<string, number>()
    return fresh.filter(({ key, writer, seq }) => {
      const due = next.get(writer) ?? this.#next.get(writer) ?? 0
      if (seq > due && !this.#waitedFor(key)) return false
      next.set(writer, Math.max(due, seq + 1))
      return true
    })
  }

  async *#read(parts: readonly PartName[]): AsyncGenerator<[PartName, Content]> {
    const ahead: Promise<Content>[] = []
    const ask = (n: number) => {
      if (n >= parts.length) return
      const asked = this.#contentOf(parts[n]!.key)
      asked.catch(() => {}) // it is awaited in its turn
      ahead.push(asked)
    }
    for (let n = 0; n < AHEAD; n++) ask(n)
    for (const [n, part] of parts.entries()) {
      const bytes = await ahead.shift()!
      ask(n + AHEAD)
      yield [part, bytes]
    }
  }

  async #contentOf(key: string): Promise<Content> {
    try {
      return (await getPart(this.#with.store, key)) ?? damaged(key, 'is gone')
    } catch (error) {
      if (error instanceof RepriseError && error.code === 'not-intact') return error
      throw error
    }
  }

  /** Tells a part, or has it looked at again later, or ignores it. */
  #take(array: KnownArray, part: PartName, content: Content): boolean {
    const { sink, missing, numbers, wantsProbes } = this.#with
    const { key, task, writer, seq } = part
    if (seq > 0 && !this.#seen.has(`${writer}.${seq - 1}`) && !this.#waitedFor(key)) return false
    const told = this.#checked(array, part, content)
    if (told === null) return false
    const came = tellPart(told, { writer, task, sink, missing, numbers, wantsProbes })
    this.chunks += came.chunks
    this.ms += came.ms
    this.worked ||= came.worked
    task.writers.add(writer)
    task.told = false // who was believed lost, and is not, is told anew
    sink.taken?.(wordOf({ about: 'part', key, chunks: came.chunks, engines: came.engines }))
    this.#note(writer, seq)
    this.#doubted.delete(key)
    return true
  }

  #checked(array: KnownArray, { key, task, writer, seq }: PartName, content: Content): Told[] | null {
    try {
      if (content instanceof RepriseError) throw content
      const told = readPart(key, content)
      checkPart(key, told, task.batch, (engine) => this.#with.numbers.of(writer, engine) !== null)
      return told
    } catch (error) {
      if (!(error instanceof RepriseError) || error.code !== 'not-intact') throw error
      if (!this.#waitedFor(key)) return null
      this.#note(writer, seq)
      const text = `a part of array ${array.array}, task ${task.index} is ignored: ${error.line}\n`
      this.#with.sink.log({ engine: 0, chunk: -1, job: -1, stream: 'log', text })
      return null
    }
  }

  /** Whether it was in doubt for long enough. */
  #waitedFor(key: string): boolean {
    const since = this.#doubted.get(key)
    if (since === undefined) this.#doubted.set(key, performance.now())
    return since !== undefined && performance.now() - since >= this.#with.patience.lagMs
  }

  #note(writer: string, seq: number): void {
    this.#seen.add(`${writer}.${seq}`)
    this.#next.set(writer, Math.max(this.#next.get(writer) ?? 0, seq + 1))
  }
}

/** Of which attempt of which task a part is. */
export function writerOf([, array, index, writer]: RegExpExecArray): string {
  return `${array}.${index}.${writer}`
}

function damaged(subject: string, what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject, remedy: 'What it held is executed again' })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
