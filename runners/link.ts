/** One engine as the pool sees it: its process, the chunks it has, and when it was last heard of. */
import { randomBytes } from 'node:crypto'
import type { EngineProcess } from './launcher.ts'
import { encodeFrame, FrameReader, type Order, type Report } from './protocol.ts'
import { readReport } from './report.ts'

const LAST_WORDS = 2_000
const CLOSE_MS = 2_000
/** After that they are killed, which takes no longer than this where they can be reached. */
const KILL_MS = 5_000
/** The place that an engine tells which is at no chunk. */
const IDLE = '-1.-1'

/** What is wrong with an engine. */
export interface Trouble {
  readonly how: string
  /** The chunk to blame, where it is one. */
  readonly guilty?: number
}

export interface LinkEvents {
  report(report: Report, payload: Uint8Array, leaf: string): void
  /** It says what no engine says. */
  nonsense?(): void
  /** Output outside the protocol. */
  output(stream: 'stdout' | 'stderr', text: string): void
}

export class Link {
  readonly id: number
  readonly process: EngineProcess
  /** Chunks given and not yet answered, in the engine's order. */
  readonly outstanding: number[] = []
  /** Told once `ready`; it is `introduced` as soon as it has said so. */
  ready = false
  introduced = false
  launchedAt = performance.now()
  /** Text of its environment, once it is ready. */
  environment: string | null = null
  /** It has a single chunk that is under suspicion, and gets no other. */
  alone = false
  /** When it came to the first of its chunks, as far as is known here. */
  begunAt = 0
  /** Smoothed milliseconds a chunk; null before the first. */
  chunkMs: number | null = null
  /** Reports of chunks that arrived. */
  answered = 0
  /** What frames of this engine carry, once it knows. */
  readonly #key = randomBytes(8).toString('hex')
  heardAt = performance.now()
  /** Where its work is, and since when. */
  place = ''
  placeSince = performance.now()
  lastWords = ''
  /** It said that it cannot execute any chunk: something that all need is not there. */
  helpless = false

  constructor(id: number, process: EngineProcess, events: LinkEvents) {
    this.id = id
    this.process = process
    let keyed = false
    const reader = new FrameReader<object>(
      ({ message, payload, leaf }) => {
        this.heardAt = performance.now()
        const report = readReport(message)
        if (report !== null) events.report(report, payload, leaf)
        else if (keyed) events.nonsense?.()
        else events.output('stdout', `${JSON.stringify(message)}\n`) // somebody else printed it
      },
      (noise) => events.output('stdout', noise.toString('utf8')),
      (key) => {
        if (key === this.#key) keyed = true
        return keyed ? key === this.#key : key === ''
      },
    )
    process.stdout.on('data', (bytes: Buffer) => {
      reader.push(bytes)
      if (reader.assembling) this.excuse() // a long report on a slow line: all else it has to say is behind it
    })
    process.stdout.on('end', () => reader.end())
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-LAST_WORDS)
      events.output('stderr', text)
    })
  }

  send(order: Order): void {
    if (this.process.stdin.writable) this.process.stdin.write(encodeFrame(order))
  }

  /** The first order: what it executes, and how it is to sign its frames. */
  open(order: Omit<Extract<Order, { type: 'open' }>, 'type' | 'key'>): void {
    this.send({ type: 'open', ...order, key: this.#key })
  }

  give(chunks: readonly number[]): void {
    if (this.outstanding.length === 0) {
      this.moveTo(`before ${chunks[0]}`)
      this.begunAt = performance.now()
    }
    this.outstanding.push(...chunks)
    this.send({ type: 'batch', chunks })
  }

  /** Forgives a stretch in which nobody listened. */
  excuse(): void {
    this.heardAt = performance.now()
    this.placeSince = this.heardAt
  }

  /** Whether it has not come to work for so long, ms. */
  isLate(startMs: number): boolean {
    return !this.ready && performance.now() - this.launchedAt > startMs
  }

  /** How many of its chunks, in its order, it may have begun since it was last heard of one. */
  get begun(): number {
    if (this.chunkMs === null) return this.outstanding.length
    const since = performance.now() - this.begunAt
    return Math.min(this.outstanding.length, 2 + Math.ceil((2 * since) / Math.max(this.chunkMs, 0.001)))
  }

  /** Notes where the work is; the clock of the current job starts anew when it moved. */
  moveTo(place: string): void {
    if (place === this.place) return
    this.place = place
    this.placeSince = performance.now()
  }

  /** What is wrong with it at this moment, and the chunk to blame where one is; null when all is well. */
  trouble(timeoutMs: number | null, silenceMs: number): Trouble | null {
    const now = performance.now()
    if (now - this.heardAt > silenceMs) return { how: 'it fell silent' }
    if (this.outstanding.length === 0) return null
    if (this.place === IDLE && now - this.placeSince > silenceMs)
      return { how: 'its orders did not reach it' }
    if (timeoutMs === null || now - this.placeSince <= timeoutMs) return null
    return { how: `a job took longer than ${timeoutMs / 1000} s`, guilty: this.#suspect() }
  }

  /** The chunk that the engine was at when last seen, or its first. */
  #suspect(): number {
    const at = Number(this.place.split('.')[0])
    return this.outstanding.includes(at) ? at : this.outstanding[0]!
  }

  /** Takes a chunk off the outstanding ones; false when it was not among them. */
  settle(chunk: number, ms: number): boolean {
    const at = this.outstanding.indexOf(chunk)
    if (at < 0) return false
    this.outstanding.splice(at, 1)
    this.answered++
    this.begunAt = performance.now()
    this.chunkMs = this.chunkMs === null ? ms : 0.8 * this.chunkMs + 0.2 * ms
    return true
  }
}

/**
 * Ends engines: at once where they are at work that nobody waits for, else in their own time, up to CLOSE_MS. Those that
 * cannot be reached are not waited for: they end when they have not heard of us for a while.
 */
export async function endLinks(open: Iterable<Link>, busy: ReadonlySet<Link>): Promise<void> {
  const links = [...open]
  for (const link of links) {
    if (link.outstanding.length > 0 || busy.has(link)) link.process.kill()
    else link.send({ type: 'close' })
  }
  const patience = setTimeout(() => {
    for (const link of links) link.process.kill()
  }, CLOSE_MS)
  let gone: NodeJS.Timeout | undefined
  const unreachable = new Promise<void>((resolve) => {
    gone = setTimeout(resolve, CLOSE_MS + KILL_MS)
  })
  await Promise.race([Promise.all(links.map((link) => link.process.ended)), unreachable])
  clearTimeout(patience)
  clearTimeout(gone)
}

/** The one line of an engine's or program's last words that says why: the error where a runtime adds more below it. */
export function lastLine(words: string): string {
  const lines = words.trim().split('\n')
  const said = lines.findLast(
    (line) => !/^(\s*at |Node\.js v|\s*[{}]?\s*$)/.test(line) && /Error\b/.test(line),
  )
  return (said ?? lines.at(-1) ?? '').trim()
}
