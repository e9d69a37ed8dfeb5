/**
 * The hosts of a cluster as they are reached: a name for each, and a station on each when it is asked for. Nothing is
 * connected before that.
 */
import { writtenAddress } from '../runners/ssh/address.ts'
import type { SshHost, SshProfile } from '../runners/ssh/profile.ts'
import { openShells } from '../runners/ssh/shells.ts'
import { openStation, type StationOptions } from '../runners/station/open.ts'
import type { Station } from '../runners/station/station.ts'
import type { SshCluster } from './clusters.ts'

/** Whom a runner may ask, and tell what happens on its hosts. */
export interface Contact {
  /** Asks for a secret, such as a key's passphrase; null where nobody answers. The signal takes the question back. */
  ask?(question: string, signal?: AbortSignal): Promise<string | null>
  tell?(line: string): void
}

export interface ReachedHost {
  /** By which people know it; no two of a cluster have the same. */
  readonly name: string
  readonly host: SshHost
  /** Connects and opens a station there. Throws RepriseError. */
  open(): Promise<Station>
}

export interface Reached {
  readonly hosts: readonly ReachedHost[]
  /** Others of the same cluster, which came after these. */
  others(hosts: readonly SshHost[]): readonly ReachedHost[]
  /** Ends all connections. */
  close(): Promise<void>
}

/** The hosts of a cluster; `own` goes before what the profile says of their stations. */
export function reach(
  { name, profile }: SshCluster,
  contact: Contact = {},
  own: StationOptions = {},
): Reached {
  const shells = openShells(profile, { name, ...contact })
  const reachHosts = (some: Pick<SshProfile, 'hosts' | 'user'>) => {
    const names = hostNames(some)
    return some.hosts.map((host, i) => ({
      name: names[i]!,
      host,
      open: async () => openStation(await shells.shell(host), { ...stationOptions(profile, host), ...own }),
    }))
  }
  return {
    hosts: reachHosts(profile),
    others: (hosts) => reachHosts({ ...profile, hosts }),
    close: () => shells.close(),
  }
}

/** How a station is opened on a host, as the profile has it. */
export function stationOptions(profile: SshProfile, host: SshHost) {
  const directory = host.directory ?? profile.directory
  const node = host.node ?? profile.node
  return {
    ...(directory === undefined ? {} : { directory }),
    ...(node === undefined ? {} : { node }),
    ...(profile.env === undefined ? {} : { env: profile.env }),
  }
}

/** As short as tells them apart: the name, with the port, with the user. */
export function hostNames({ hosts, user }: Pick<SshProfile, 'hosts' | 'user'>): string[] {
  const short = hosts.map(({ host }) => host)
  const longer = hosts.map((host) => writtenAddress(host))
  const longest = hosts.map((host, i) => `${host.user ?? user ?? ''}@${longer[i]}`)
  const isOnce = (names: readonly string[], i: number) =>
    names.indexOf(names[i]!) === names.lastIndexOf(names[i]!)
  return hosts.map((_, i) => (isOnce(short, i) ? short[i]! : isOnce(longer, i) ? longer[i]! : longest[i]!))
}
