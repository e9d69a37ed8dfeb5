/** A cluster as it is named in a configuration: hosts that are reached by ssh. What it means by a name, ssh's own configuration may say. */
import type { Prices } from '../cloud/prices.ts'

export interface SshHost {
  /** As ssh knows it: a name or address, or a `Host` of ~/.ssh/config. */
  readonly host: string
  /** Engines at once; one per core when not given. */
  readonly engines?: number
  readonly user?: string
  readonly port?: number
  /** Where this host differs from the profile's. */
  readonly directory?: string
  readonly node?: string
}

export interface SshProfile {
  readonly kind: 'ssh'
  readonly hosts: readonly SshHost[]
  readonly user?: string
  readonly port?: number
  /** Paths of private keys, tried before those that ssh's configuration and the agent have; `~` is the home folder. */
  readonly identity?: string | readonly string[]
  /** `[user@]host[:port]`, from the one that is reached first: each is seen from the one before it, the hosts from the last. */
  readonly jump?: readonly string[]
  /** Folder on the hosts that Reprise may use; `~/.cache/reprise` when not given. */
  readonly directory?: string
  /** Path of Node on the hosts; looked for when not given. */
  readonly node?: string
  /** Environment variables of engines, on top of the usual. */
  readonly env?: Readonly<Record<string, string>>
  /** The host that leads detached runs; the first when not given. */
  readonly head?: string
  /** ssh's configuration file, as in `ssh -F`; the user's own when not given. */
  readonly config?: string
  /** Host keys that are trusted besides those of ssh's configuration. */
  readonly knownHosts?: string
  readonly prices?: Prices
}
