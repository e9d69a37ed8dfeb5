/**
 * The way to a host: the jump hosts in order, then the host. Each is looked up in ssh's configuration under its own name,
 * as ssh does it: the jumps of a profile or a host are all of them, but the first may itself lie behind others.
 */
import { RepriseError } from '../../lib/errors.ts'
import { type Address, parseAddress, writtenAddress } from './address.ts'
import { fingerprintOf, type HostKey, readPublicKey } from './host-key.ts'
import type { SshHost, SshProfile } from './profile.ts'
import { fromHome, type Settings, settingsOf } from './settings.ts'

/** One host on the way. */
export interface Hop extends Settings {
  /** As people name it; with the port where one was written. */
  readonly label: string
  /** The profile's own keys, which have to be there; they come before those of ssh's configuration. */
  readonly ownIdentities: readonly string[]
  /** The profile's own file of known hosts. */
  readonly ownKnownHosts: string | null
  /** The key that came with its name, beside which no other is trusted; null where none did. */
  readonly givenKey: HostKey | null
}

const MOST_HOPS = 8

/** From the first that is connected to; the last is the host. */
export async function routeTo(host: SshHost, profile: SshProfile): Promise<Hop[]> {
  const user = host.user ?? profile.user
  const port = host.port ?? profile.port
  const address: Address = {
    host: host.host,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
  }
  const last = { ...(await hopOf(address, profile)), givenKey: givenKey(host) }
  const jumps = profile.jump === undefined ? last.jumps : profile.jump.map(parseAddress)
  return [...(await chainOf(jumps, profile, [last.label])), last]
}

/** What identifies a hop: where it is, as whom we come and how it is trusted. Routes that begin alike share connections. */
export function hopId(hop: Hop): string {
  const { user, hostname, port, family, keyAlias, agent, identitiesOnly, revokedKeys } = hop
  const { ownIdentities, identities, ownKnownHosts, knownHosts, givenKey } = hop
  return JSON.stringify([
    [user, hostname, port, family],
    [
      keyAlias,
      ownKnownHosts,
      knownHosts,
      revokedKeys,
      givenKey === null ? null : fingerprintOf(givenKey.blob),
    ],
    [ownIdentities, identities, identitiesOnly, agent],
  ])
}

function givenKey({ host, hostKey }: SshHost): HostKey | null {
  if (hostKey === undefined) return null
  const key = readPublicKey(hostKey)
  if (key !== null) return key
  throw new RepriseError('usage', 'its host key is no public key of ssh', {
    subject: `ssh host ${host}`,
    remedy: 'It looks like: ssh-ed25519 AAAA…',
  })
}

async function chainOf(
  jumps: readonly Address[],
  profile: SshProfile,
  seen: readonly string[],
): Promise<Hop[]> {
  if (jumps.length === 0) return []
  const hops = await Promise.all(jumps.map((jump) => hopOf(jump, profile)))
  const labels = [...seen, ...hops.map(({ label }) => label)]
  const first = hops[0]!
  // a `ProxyJump` for all hosts (`Host *`) holds for the jump host too, which is not reached through itself
  const before = first.jumps.filter((jump) => jump.host !== first.written && jump.host !== first.hostname)
  if (labels.length > MOST_HOPS || before.some((jump) => labels.includes(writtenAddress(jump))))
    throw new RepriseError('usage', `the jump hosts lead in a circle: ${labels.join(', ')}`, {
      subject: `ssh host ${seen[0]}`,
      remedy: "Look at ProxyJump in ssh's configuration and at `jump`",
    })
  return [...(await chainOf(before, profile, labels)), ...hops]
}

async function hopOf(address: Address, profile: SshProfile): Promise<Hop> {
  const { identity = [], knownHosts, config } = profile
  const settings = await settingsOf(address, config)
  return {
    ...settings,
    label: writtenAddress(address),
    ownIdentities: (typeof identity === 'string' ? [identity] : identity).map(fromHome),
    ownKnownHosts: knownHosts === undefined ? null : fromHome(knownHosts),
    givenKey: null,
  }
}
