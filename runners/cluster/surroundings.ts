/** What a host of a cluster is given: how to reach it, and what it shares with the others. */
import type { Station } from '../station/station.ts'
import type { HostEvent } from './events.ts'
import type { Supplier } from './supplier.ts'

export interface ClusterHost {
  /** By which people know it; no two of a cluster have the same. */
  readonly name: string
  /** Engines at once; one per core when not given. */
  readonly engines?: number
  /** All that it is meant by; the name when not given. Another of its name that is meant otherwise is another host. */
  readonly meant?: string
  /** How long it may still be starting, ms: until then nothing that it says is held against it but another key than its own. */
  readonly bootMs?: number
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
