/**
 * Brings the capsule and inputs to hosts. Hosts may share a folder (home directories often are on one file server), so
 * that one is supplied after the other where the folder is the same: whoever comes second finds all there.
 */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import type { Supplies } from '../launcher.ts'
import type { Content, Station } from '../station/station.ts'

/** Supplies, by digest. */
export interface Goods {
  readonly capsule: string
  readonly inputs: readonly string[]
  readonly contents: readonly Content[]
  /** Of all inputs together. */
  readonly bytes: number
}

export interface Supplied {
  readonly sent: number
  readonly sharedWith: string | null
}

/** What is to be brought. Throws `not-found` where it is not even here. */
export function goodsOf({ capsule: path, inputs }: Supplies): Goods {
  const capsule = createHash('sha256')
    .update(here(path, 'capsule', readFileSync))
    .digest('hex')
  const size = (path: string) => statSync(path).size
  const sizes = Object.values(inputs).map((input) => here(input, 'input', size))
  const kept = Object.entries(inputs).map(([sha256, path]): Content => ({ kind: 'input', sha256, path }))
  return {
    capsule,
    inputs: Object.keys(inputs),
    contents: [{ kind: 'capsule', sha256: capsule, path }, ...kept],
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  }
}

function here<T>(path: string, what: string, read: (path: string) => T): T {
  try {
    return read(path)
  } catch (cause) {
    const remedy = 'The lab holds a copy of what a run needs: is it whole?'
    const message = `the ${what} cannot be read: ${(cause as Error).message}`
    throw new RepriseError('not-found', message, { subject: path, remedy, cause })
  }
}

/** The last who was, or is being, supplied in a folder. */
interface Turn {
  readonly host: string
  readonly over: Promise<void>
}

/** More than the signs of life alone are in this time, bytes. */
const PROGRESS = 16 * 1024
/** What a host may be busy with that nothing is heard of: reading what is there, bytes each ms. */
const READS = 20_000

export class Supplier {
  readonly #turns = new Map<string, Turn>()
  /** A host that is being supplied, and whose traffic stands still for this long, is given up, ms. */
  readonly #stallMs: number

  constructor(stallMs: number) {
    this.#stallMs = stallMs
  }

  /** Has a host keep the goods. Throws as the station does, and `engine` where nothing moves any more. */
  async bring(
    host: string,
    station: Station,
    { contents, bytes }: Goods,
    end: AbortSignal,
  ): Promise<Supplied> {
    const folder = station.facts.directoryId
    const before = this.#turns.get(folder)
    const sharedWith = before === undefined || before.host === host ? null : before.host
    let pass = () => {}
    const over = new Promise<void>((resolve) => {
      pass = resolve
    })
    this.#turns.set(folder, { host: sharedWith ?? host, over })
    try {
      await before?.over
      const { sent } = station.traffic
      const over = new AbortController()
      const stalled = stalls(station, this.#stallMs + bytes / READS, AbortSignal.any([end, over.signal]))
      await Promise.race([station.keep(contents), stalled]).finally(() => over.abort())
      return { sent: station.traffic.sent - sent, sharedWith }
    } finally {
      pass()
    }
  }
}

/** Rejects when for so long next to nothing went to the station or came from it; settles when it is over. */
async function stalls(station: Station, ms: number, signal: AbortSignal): Promise<void> {
  const moved = () => station.traffic.sent + station.traffic.received
  for (let before = moved(); ; before = moved()) {
    await sleep(ms, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    if (moved() - before >= PROGRESS) continue
    const seconds = Math.round(ms / 1000)
    throw new RepriseError('engine', `what it is to be supplied with did not get on for ${seconds} s`)
  }
}
