/** One engine as the pool sees it: its process, the chunks it has, and when it was last heard of. */
import type { EngineProcess } from './launcher.ts'
import { encodeFrame, FrameReader, type Order, type Report } from './protocol.ts'

const LAST_WORDS = 2_000

export interface LinkEvents {
  report(report: Report, payload: Uint8Array, leaf: string): void
  /** Output outside the protocol. */
  output(stream: 'stdout' | 'stderr', text: string): void
}

export class Link {
  readonly id: number
  readonly process: EngineProcess
  /** Chunks given and not yet answered, in the engine's order. */
  readonly outstanding: number[] = []
  /** Told once `ready`. */
  ready = false
  /** It has a single chunk that is under suspicion, and gets no other. */
  alone = false
  /** Smoothed milliseconds a chunk; null before the first. */
  chunkMs: number | null = null
  heardAt = performance.now()
  /** Where its work is, and since when. */
  place = ''
  placeSince = performance.now()
  lastWords = ''

  constructor(id: number, process: EngineProcess, events: LinkEvents) {
    this.id = id
    this.process = process
    const reader = new FrameReader<Report>(
      ({ message, payload, leaf }) => {
        this.heardAt = performance.now()
        events.report(message, payload, leaf)
      },
      (noise) => events.output('stdout', noise.toString('utf8')),
    )
    process.stdout.on('data', (bytes: Buffer) => reader.push(bytes))
    process.stdout.on('end', () => reader.end())
    process.stderr.on('data', (bytes: Buffer) => {
      const text = bytes.toString('utf8')
      this.lastWords = (this.lastWords + text).slice(-LAST_WORDS)
      events.output('stderr', text)
    })
  }

  send(order: Order): void {
    if (this.process.stdin.writable) this.process.stdin.write(encodeFrame(order))
  }

  /** Notes where the work is; the clock of the current job starts anew when it moved. */
  moveTo(place: string): void {
    if (place === this.place) return
    this.place = place
    this.placeSince = performance.now()
  }

  /** Takes a chunk off the outstanding ones; false when it was not among them. */
  settle(chunk: number, ms: number): boolean {
    const at = this.outstanding.indexOf(chunk)
    if (at < 0) return false
    this.outstanding.splice(at, 1)
    this.chunkMs = this.chunkMs === null ? ms : 0.8 * this.chunkMs + 0.2 * ms
    return true
  }
}
