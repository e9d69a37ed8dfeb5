/**
 * One host of a cluster: connecting → supplying → up → lost → waiting → connecting …, until it is refused or closed. A
 * host that cannot be reached may come back, and is asked again after 1 s, 2 s, 4 s … 30 s; one that says no is not.
 */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import type { EngineProcess } from '../launcher.ts'
import type { Station, Traffic } from '../station/station.ts'
import { within } from '../within.ts'
import { engineOf } from './engine-of.ts'
import { Presence } from './presence.ts'
import { isFinal, mayPass, refusal } from './refusal.ts'
import type { Goods } from './supplier.ts'
import type { ClusterHost, HostState, Surroundings } from './surroundings.ts'

const MOST_CORES = 1024
/** A host that could not be supplied, or lacked what it was supplied with, so often in a row promises nothing. */
const FALTERS = 3
/** A station that does not close is not waited for longer than this, ms. */
const CLOSE_MS = 6_000

export class Host {
  readonly name: string
  readonly meant: string
  /** Why it is not up. */
  why = 'it has not answered yet'
  /** Why it is not tried again. */
  error: RepriseError | null = null
  readonly #asked: ClusterHost
  readonly #around: Surroundings
  readonly #over = new AbortController()
  readonly #living: Promise<void>
  readonly #engines = new Set<EngineProcess>()
  /** Bytes over connections that are closed. */
  #past: Traffic = { sent: 0, received: 0 }
  /** The one in use. */
  #station: Station | null = null
  #state: HostState = 'connecting'
  #goods: Goods
  /** Called when there are other goods, when it lacks what it had, when it is of no use any more, or when it is over. */
  #wake = () => {}
  /** What it was supplied with, as far as is known. */
  #has: Goods | null = null
  /** Why the station is of no use any more, where nothing else says so. */
  #useless: string | null = null
  /** How often in a row it lacked its capsule, and how often in a row it could not be supplied. */
  #lacked = 0
  #faltered = 0
  #attempts = 0
  /** It is not to be used any more. */
  #dismissed = false
  readonly #presence: Presence

  constructor(asked: ClusterHost, goods: Goods, around: Surroundings) {
    this.name = asked.name
    this.meant = asked.meant ?? asked.name
    this.#presence = new Presence(asked.name, around.tell, asked.bootMs ?? 0)
    this.#asked = asked
    this.#around = around
    this.#goods = goods
    this.#living = this.#live()
  }

  get state(): HostState {
    return this.#state
  }

  /** It is not there, and people know. */
  get missed(): boolean {
    return this.#presence.missed
  }

  /** Over all connections to it. */
  get traffic(): Traffic {
    const { sent, received } = this.#station?.traffic ?? { sent: 0, received: 0 }
    return { sent: this.#past.sent + sent, received: this.#past.received + received }
  }

  /** It is up, or will be as soon as it is supplied, as far as can be told. */
  get promising(): boolean {
    return this.#state === 'up' || (this.#state === 'supplying' && this.#faltered < FALTERS)
  }

  /** Engines by places: the host with the lowest is to get the next; 1 or more where there is no place. */
  get load(): number {
    const up = this.#state === 'up' && this.#station !== null
    return up ? this.#engines.size / this.#places : Number.POSITIVE_INFINITY
  }

  /** What a host says of itself is not believed beyond reason. */
  get #places(): number {
    const cores = Math.floor(Number(this.#station?.facts.cores))
    return Math.max(1, this.#asked.engines ?? (cores >= 1 ? Math.min(cores, MOST_CORES) : 1))
  }

  /** Has it supplied with these from now on. */
  supply(goods: Goods): void {
    this.#goods = goods
    if (this.#state === 'up') this.#become('supplying')
    this.#wake()
  }

  /** An engine; null where there is no place. */
  launch(): EngineProcess | null {
    const station = this.#station
    if (station === null || this.load >= 1) return null
    const inUse = () => this.#station === station
    let engine: EngineProcess
    try {
      const launched = station.launch(this.#goods.capsule, this.#goods.inputs)
      const dismissed = () => this.#dismissed
      engine = engineOf(this.name, station, launched, inUse, dismissed, () => this.#restock())
    } catch (error) {
      this.#useless = (error as Error).message
      this.#wake()
      return null
    }
    this.#engines.add(engine)
    void engine.ended.then(({ lacking }) => {
      if (lacking !== true) this.#lacked = 0
      if (this.#engines.delete(engine)) this.#around.changed()
    })
    return engine
  }

  /** It lacks the capsule that it was supplied with: it gets it again. False where that happened too often. */
  #restock(): boolean {
    if (this.#state === 'up') {
      if (++this.#lacked >= FALTERS) return false
      this.#has = null
      this.#become('supplying')
      this.#wake()
    }
    return this.#lacked < FALTERS
  }

  /** Ends its engines and uses it no more. */
  refuse(error: RepriseError): void {
    if (this.#over.signal.aborted) return
    this.error = error
    this.why = error.line
    this.#around.tell({ kind: 'refused', host: this.name, error })
    this.#end('refused')
  }

  /** Settles when all that it had is ended. Where it is dismissed others go on with that, and nothing is to blame. */
  async close(dismissed = false): Promise<void> {
    this.#dismissed = dismissed
    if (!this.#over.signal.aborted) this.#end('closed')
    await this.#living
  }

  #end(state: 'refused' | 'closed'): void {
    this.#over.abort()
    this.#wake()
    this.#become(state)
  }

  #become(state: HostState): void {
    this.#state = state
    this.#around.changed()
  }

  async #live(): Promise<void> {
    const { signal } = this.#over
    for (;;) {
      const why = await this.#once().catch((error: Error) => {
        const isFatal = isFinal(error) && !(this.#presence.isBooting && mayPass(error))
        if (!signal.aborted && isFatal) this.refuse(refusal(error, this.name))
        return error instanceof RepriseError ? error.line : error.message
      })
      const closed = this.#leave()
      if (signal.aborted) return await closed
      this.why = why
      this.#presence.miss(why)
      this.#become('waiting')
      const [first, most] = this.#around.backoffMs
      const pause = Math.min(most, first * 2 ** this.#attempts++)
      await Promise.all([closed, sleep(pause, undefined, { signal }).catch(() => {})])
      if (signal.aborted) return
      this.#become('connecting')
    }
  }

  /** Opens a station and uses it until it is lost or this is over; says how it ended. */
  async #once(): Promise<string> {
    const station = await this.#asked.open()
    const began = performance.now()
    this.#station = station
    this.#useless = null
    try {
      return await this.#use(station)
    } finally {
      if (performance.now() - began > this.#around.backoffMs[1]) this.#attempts = 0
    }
  }

  /** From here on no place is there; what the station had is ended, as far as it can be reached. */
  async #leave(): Promise<void> {
    const station = this.#station
    if (station === null) return
    if (this.#state === 'supplying') this.#faltered++
    if (!this.#over.signal.aborted) this.#state = 'waiting' // told when people know why
    this.#past = this.traffic
    this.#station = null
    this.#engines.clear()
    await within(
      CLOSE_MS,
      station.close().catch(() => {}),
    )
  }

  async #use(station: Station): Promise<string> {
    let lost: string | null = null
    const gone = station.lost.then((why) => {
      lost = why
    })
    this.#has = null
    while (!this.#over.signal.aborted && lost === null && this.#useless === null) {
      const goods = this.#goods
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      if (this.#has === goods) await Promise.race([gone, woken])
      else {
        this.#become('supplying')
        const bringing = this.#around.supplier.bring(this.name, station, goods, this.#over.signal)
        const supplied = await Promise.race([bringing, gone, aborted(this.#over.signal)])
        if (supplied === undefined || this.#over.signal.aborted) continue
        this.#has = goods
        this.#around.tell({ kind: 'supplied', host: this.name, ...supplied })
        if (goods === this.#goods) this.#offer(station)
      }
    }
    return lost ?? this.#useless ?? 'it was closed'
  }

  #offer({ latencyMs }: Station): void {
    this.#presence.greet(this.#places, latencyMs)
    this.#faltered = 0
    this.#become('up')
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort').catch(() => {})
}
