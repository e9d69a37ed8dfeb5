/** A process with its three streams, wherever it lives: a child, what an ssh channel leads to, an engine behind a station. */
import type { Readable, Writable } from 'node:stream'

export interface Ending {
  /** Words on how it ended. */
  readonly how: string
  /** The way to it broke, not the process: nothing that it was given is to blame. */
  readonly unreachable: boolean
  /** It was never started: its host has not, or no longer, what it was to be started from. */
  readonly lacking?: boolean
  /** Its host is not to be used any more, and it was ended for that: nothing at all is to blame. */
  readonly dismissed?: boolean
}

export interface Channel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Settles when the process is gone, or cannot be reached any more, and its output was read. Never rejects. */
  readonly ended: Promise<Ending>
  /** Ends it and all that it started, at once. */
  kill(): void
}
