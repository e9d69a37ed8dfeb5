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
  /** Its public key, `type base64`, where whoever told of the host told that too: then this key is its own and no other. */
  readonly hostKey?: string
}

/** Where the hosts are had from when they come and go. */
export interface HostCommand {
  /** A program and its words, which prints the hosts of this moment as JSON; see host-answer.ts. */
  readonly command: readonly string[]
  /** Between two questions while a run goes on, seconds; 30 when not given. */
  readonly every?: number
  /** How long a run waits while no machine is there, seconds; 900 when not given. */
  readonly wait?: number
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

/** The same where the hosts come and go: which there are, a program says. None of them leads detached runs. */
export interface AskedProfile extends Omit<SshProfile, 'hosts' | 'head'> {
  readonly hosts: HostCommand
}

export function isAsked(profile: SshProfile | AskedProfile): profile is AskedProfile {
  return 'command' in profile.hosts
}
