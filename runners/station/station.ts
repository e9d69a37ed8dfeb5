/**
 * A station: our own process on another host, reached through a shell there. It keeps objects by their digest, starts
 * engines, passes on what they say, and ends all of them when it has not heard of us for a while. It is the near side
 * that is described here.
 */
import type { Fingerprint } from '../../lib/fingerprint.ts'
import type { EngineProcess } from '../launcher.ts'

/** What a station says of its host. */
export interface Facts {
  readonly host: string
  readonly user: string
  /** Absolute path of the folder that it uses. */
  readonly directory: string
  /** The same for all hosts that share this folder, and no others. */
  readonly directoryId: string
  /** Version of Node, as `process.version`, and path of its executable. */
  readonly node: string
  readonly nodePath: string
  readonly platform: string
  readonly arch: string
  readonly cpu: string
  readonly cores: number
  /** Bytes: of memory, and free on the folder's disk. */
  readonly memory: number
  readonly free: number
  /** Its clock when it answered, ms since 1970. */
  readonly clock: number
}

/** What is to be there, by SHA-256. */
export interface Content {
  readonly kind: 'capsule' | 'input'
  readonly sha256: string
  /** Path of the file on this side. */
  readonly path: string
}

export interface Traffic {
  /** Bytes over the channel, both ways. */
  readonly sent: number
  readonly received: number
}

export interface Station {
  readonly facts: Facts
  /** Measured: there and back, ms. */
  readonly latencyMs: number
  readonly traffic: Traffic
  /** Settles with words when the way to it is gone. */
  readonly lost: Promise<string>
  /** Sends what it does not have yet; those that are there are not sent again. Throws `storage`, `not-intact`. */
  keep(contents: readonly Content[]): Promise<void>
  /** Starts an engine of a capsule that it keeps; `inputs` are digests of what it keeps. */
  launch(capsule: string, inputs: readonly string[], env?: Readonly<Record<string, string>>): EngineProcess
  /** What the host's Node computes; takes a moment. */
  fingerprint(): Promise<Fingerprint>
  /**
   * Removes its folder, but for unfinished runs and those that have something elsewhere; says what it removed (bytes), or with `dryRun`
   * what it would. `emptied` is the id of a place in which they have nothing any more.
   */
  clean(dryRun?: boolean, emptied?: string | null): Promise<number>
  /** Ends it with all its engines. */
  close(): Promise<void>
}
