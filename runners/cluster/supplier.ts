/**
 * Brings the capsule and inputs to hosts. Hosts may share a folder (home directories often are on one file server), so
 * that one is supplied after the other where the folder is the same: whoever comes second finds all there.
 */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { RepriseError } from '../../lib/errors.ts'
import type { Supplies } from '../launcher.ts'
import type { Content, Station } from '../station/station.ts'

/** Supplies, by digest. */
export interface Goods {
  readonly capsule: string
  readonly inputs: readonly string[]
  readonly contents: readonly Content[]
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
  for (const input of Object.values(inputs)) here(input, 'input', statSync)
  const kept = Object.entries(inputs).map(([sha256, path]): Content => ({ kind: 'input', sha256, path }))
  return {
    capsule,
    inputs: Object.keys(inputs),
    contents: [{ kind: 'capsule', sha256: capsule, path }, ...kept],
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

export class Supplier {
  readonly #turns = new Map<string, Turn>()

  /** Has a host keep the goods. Throws as the station does. */
  async bring(host: string, station: Station, { contents }: Goods): Promise<Supplied> {
    const folder = station.facts.directoryId
    const before = this.#turns.get(folder)
    const sharedWith = before === undefined || before.host === host ? null : before.host
    let end = () => {}
    const over = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#turns.set(folder, { host: sharedWith ?? host, over })
    try {
      await before?.over
      const { sent } = station.traffic
      await station.keep(contents)
      return { sent: station.traffic.sent - sent, sharedWith }
    } finally {
      end()
    }
  }
}
