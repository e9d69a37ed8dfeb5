/**
 * One host of a cluster: connecting → supplying → up → lost → waiting → connecting …, until it is refused or closed. A
 * host that cannot be reached may come back, and is asked again after 1 s, 2 s, 4 s … 30 s; one that says no is not.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import type { EngineProcess } from '../launcher.ts'
import type { Station, Traffic } from '../station/station.ts'
import { engineOf } from './engine-of.ts'
import type { HostEvent } from './events.ts'
import type { Goods, Supplier } from './supplier.ts'

export interface ClusterHost {
  /** By which people know it; no two of a cluster have the same. */
  readonly name: string
  /** Engines at once; one per core when not given. */
  readonly engines?: number
  /** Connects, and opens a station there. Throws `engine` or `storage` where it is worth another try. */
  open(): Promise<Station>
}

export type HostState = 'connecting' | 'supplying' | 'up' | 'waiting' | 'refused' | 'closed'

/** What hosts of a cluster share. */
export interface Surroundings {
  readonly supplier: Supplier
  /** The first pause between two attempts, ms, and the longest. */
  readonly backoffMs: readonly [first: number, most: number]
  tell(event: HostEvent): void
  /** A host's state is another, or it has a place that it had not. */
  changed(): void
}

export class Host {
  readonly name: string
  /** Why it is not up. */
  why = 'it has not answered yet'
  /** Why it is not tried again. */
  error: RepriseError | null = null
  readonly #asked: ClusterHost
  readonly #around: Surroundings
  readonly #over = new AbortController()
  readonly #living: Promise<void>
  readonly #engines = new Set<EngineProcess>()
  readonly #stations: Station[] = []
  /** The one in use. */
  #station: Station | null = null
  #state: HostState = 'connecting'
  #goods: Goods
  /** Called when there are other goods, or when it is over. */
  #wake = () => {}
  #attempts = 0
  /** It has been up before. */
  #joined = false
  /** It is not there, and people know. */
  missed = false

  constructor(asked: ClusterHost, goods: Goods, around: Surroundings) {
    this.name = asked.name
    this.#asked = asked
    this.#around = around
    this.#goods = goods
    this.#living = this.#live()
  }

  get state(): HostState {
    return this.#state
  }

  /** Over all connections to it. */
  get traffic(): Traffic {
    const sum = (key: keyof Traffic) => this.#stations.reduce((n, { traffic }) => n + traffic[key], 0)
    return { sent: sum('sent'), received: sum('received') }
  }

  /** Engines by places: the host with the lowest is to get the next; 1 or more where there is no place. */
  get load(): number {
    return this.#state === 'up' ? this.#engines.size / this.#places : Number.POSITIVE_INFINITY
  }

  get #places(): number {
    return Math.max(1, this.#asked.engines ?? this.#station?.facts.cores ?? 1)
  }

  /** Has it supplied with these from now on. */
  supply(goods: Goods): void {
    this.#goods = goods
    if (this.#state === 'up') this.#become('supplying')
    this.#wake()
  }

  /** Where there is a place. */
  launch(): EngineProcess {
    const station = this.#station!
    const launched = station.launch(this.#goods.capsule, this.#goods.inputs)
    const engine = engineOf(this.name, station, launched, () => this.#station === station)
    this.#engines.add(engine)
    void engine.ended.then(() => {
      if (this.#engines.delete(engine)) this.#around.changed()
    })
    return engine
  }

  /** Ends its engines and uses it no more. */
  refuse(error: RepriseError): void {
    if (this.#over.signal.aborted) return
    this.error = error
    this.why = error.line
    this.#around.tell({ kind: 'refused', host: this.name, error })
    this.#end('refused')
  }

  /** Settles when all that it had is ended. */
  async close(): Promise<void> {
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
        if (!signal.aborted && isFinal(error)) this.refuse(refusal(error, this.name))
        return error instanceof RepriseError ? error.line : error.message
      })
      if (signal.aborted) return
      this.why = why
      if (!this.missed) this.#around.tell({ kind: this.#joined ? 'lost' : 'absent', host: this.name, why })
      this.missed = true
      this.#become('waiting')
      const [first, most] = this.#around.backoffMs
      const pause = Math.min(most, first * 2 ** this.#attempts++)
      await sleep(pause, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      this.#become('connecting')
    }
  }

  /** Opens a station and uses it until it is lost or this is over; says how it ended. */
  async #once(): Promise<string> {
    const station = await this.#asked.open()
    const began = performance.now()
    this.#stations.push(station)
    this.#station = station
    try {
      return await this.#use(station)
    } finally {
      this.#station = null
      this.#engines.clear()
      if (performance.now() - began > this.#around.backoffMs[1]) this.#attempts = 0
      await station.close().catch(() => {})
    }
  }

  async #use(station: Station): Promise<string> {
    let lost: string | null = null
    const gone = station.lost.then((why) => {
      lost = why
    })
    let has: Goods | null = null
    while (!this.#over.signal.aborted && lost === null) {
      const goods = this.#goods
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      if (has === goods) await Promise.race([gone, woken])
      else {
        this.#become('supplying')
        const bringing = this.#around.supplier.bring(this.name, station, goods)
        const supplied = await Promise.race([bringing, gone])
        if (supplied === undefined || this.#over.signal.aborted) continue
        has = goods
        this.#around.tell({ kind: 'supplied', host: this.name, ...supplied })
        if (has === this.#goods) this.#offer(station)
      }
    }
    return lost ?? 'it was closed'
  }

  #offer({ latencyMs }: Station): void {
    const kind = this.#joined ? 'back' : 'joined'
    if (this.missed || !this.#joined)
      this.#around.tell({ kind, host: this.name, engines: this.#places, latencyMs })
    this.#joined = true
    this.missed = false
    this.#become('up')
  }
}

/** Whatever else is said than that a host cannot be reached, or has no room now, will be said again. */
function isFinal(error: unknown): boolean {
  return error instanceof RepriseError && error.code !== 'engine' && error.code !== 'storage'
}

function refusal(cause: Error, host: string): RepriseError {
  const { code, message, subject, remedy } = cause as RepriseError
  return new RepriseError(code, message, { subject: subject === '' ? host : subject, remedy, cause })
}
