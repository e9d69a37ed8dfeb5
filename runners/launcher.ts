/**
 * The port of whatever starts engines: processes of this machine, or of others behind their stations. The pool works
 * through it and does not know which.
 */
import type { RepriseError } from '../lib/errors.ts'
import type { Channel } from './channel.ts'

export interface EngineProcess extends Channel {
  /** Name of the host that it is on; this machine when not given. */
  readonly host?: string
  /** SHA-256 (hex) of the executable that it was started with, where the launcher can tell; null where it cannot. */
  readonly binary?: Promise<string | null>
  /** Where input files lie on its machine, by SHA-256; where the assignment says when not given. */
  readonly inputs?: Readonly<Record<string, string>>
  /** What a message takes there and back, ms; nothing worth a thought when not given. */
  readonly latencyMs?: number
}

/** What engines need to have at hand before they are launched. */
export interface Supplies {
  /** Path of the capsule file. */
  readonly capsule: string
  /** Paths of input files by SHA-256. */
  readonly inputs: Readonly<Record<string, string>>
}

/** Told by a launcher whose places for engines come and go. */
export interface Places {
  /** There may be room for one engine or more: ask. */
  free(): void
  /** No place is left, and none will come: the error says why. */
  none(error: Error): void
}

export interface Launcher {
  readonly kind: string
  /** Has the supplies brought to where engines will be, and tells of places; not there: engines can be launched at once. */
  open?(supplies: Supplies, places: Places): void
  /** An engine of this capsule; null where there is no place for one now, of which `places` will tell. */
  launch(capsule: string): EngineProcess | null
  /** Engines do not come to work on this host: none is launched there any more. */
  forsake?(host: string, why: RepriseError): void
  /** Ends what is still alive and removes what launching left behind. */
  close(): void | Promise<void>
}

/** Engines on this machine, where there is always a place. */
export interface LocalLauncher extends Launcher {
  /** A folder that lasts as long as the launcher. */
  readonly scratch: string
  launch(capsule: string): EngineProcess
  close(): void
}
