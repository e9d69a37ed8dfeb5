/** What starts one engine somewhere and gives the ends of its wire: a local process, an ssh channel. */
import type { Readable, Writable } from 'node:stream'

export interface EngineProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Settles when the process is gone and its output was read, with words on how it ended. Never rejects. */
  readonly ended: Promise<string>
  /** SHA-256 (hex) of the executable that it was started with, where the launcher can tell; null where it cannot. */
  readonly binary?: Promise<string | null>
  /** Ends it and all that it started, at once. */
  kill(): void
}

export interface Launcher {
  readonly kind: string
  /** A folder on this machine that lasts as long as the launcher. */
  readonly scratch: string
  launch(capsule: string): EngineProcess
  /** Ends what is still alive and removes what launching left behind. */
  close(): void
}
