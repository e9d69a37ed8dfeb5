/**
 * Trusts one host's key: that whose fingerprint was given, and which the host shows. It is connected to only so far that
 * its key is seen, and nothing is sent after that; then one line is added to a file of known hosts. A key that is in
 * place of another, or revoked, is not accepted at all.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import { algorithmsOf, HOST_KEY_TYPES } from './algorithms.ts'
import { connect } from './connection.ts'
import { fingerprintOf, type HostKey, spokenKey } from './host-key.ts'
import { hashedName } from './known-lines.ts'
import type { SshProfile } from './profile.ts'
import { type Hop, routeTo } from './route.ts'
import { Connections, type ShellsOptions } from './shells.ts'
import { distrust, knownName, trustIn } from './trust.ts'

export interface Accepted {
  /** The file of known hosts, and what was added to it; null when the key was trusted before. */
  readonly file: string
  readonly line: string | null
  /** As in `ED25519 SHA256:…`. */
  readonly key: string
}

/** `host` is a host or jump host of the profile, as an error named it. Throws `usage`, `refused`, `engine`, `storage`. */
export async function acceptKey(
  profile: SshProfile,
  host: string,
  fingerprint: string,
  options: ShellsOptions = {},
): Promise<Accepted> {
  const wanted = fingerprint.trim().replace(/=+$/, '')
  const subject = `ssh host ${host}`
  if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(wanted))
    throw new RepriseError('usage', `${JSON.stringify(fingerprint)} is no fingerprint of a host key`, {
      subject,
      remedy:
        'It looks like SHA256:… with 43 characters; on the host: ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub',
    })
  const route = await routeWith(profile, host)
  const hop = route.at(-1)!
  if (hop.givenKey !== null)
    throw new RepriseError(
      'usage',
      'its key is the one that came with its name, and nobody else says another',
      {
        subject,
        remedy: 'Correct hostKey in the list of hosts, or leave it out there',
      },
    )
  const trust = await trustIn(hop)
  const connections = new Connections(profile, options)
  try {
    const key = await shownKey(route, wanted, connections)
    const judgement = trust.judge(key)
    const file = hop.ownKnownHosts ?? hop.userKnownHosts[0]
    if (judgement.kind === 'trusted') return { file: judgement.at.path, line: null, key: spokenKey(key) }
    if (judgement.kind !== 'unknown' && judgement.kind !== 'authority')
      throw distrust(judgement, key, hop, connections.name)!
    if (file === undefined || file.startsWith('/dev/'))
      throw new RepriseError('usage', 'there is no file of known hosts to write to', {
        subject,
        remedy: "Name one as `knownHosts` in the cluster's configuration",
      })
    const line = lineFor(hop, key)
    await append(file, line)
    return { file, line, key: spokenKey(key) }
  } finally {
    await connections.close()
  }
}

/** The way to a host of the profile, or to a jump host on the way to one. */
async function routeWith(profile: SshProfile, host: string): Promise<readonly Hop[]> {
  const routes = await Promise.all(profile.hosts.map((each) => routeTo(each, profile)))
  const ways = routes.flatMap((route) => route.map((_, index) => route.slice(0, index + 1)))
  for (const name of [(hop: Hop) => hop.label, (hop: Hop) => hop.written, (hop: Hop) => hop.hostname]) {
    const found = ways.filter((way) => name(way.at(-1)!) === host)
    const labels = new Set(found.map((way) => way.at(-1)!.label))
    if (labels.size === 1) return found[0]!
    if (labels.size > 1)
      throw new RepriseError('usage', `several hosts have this name: ${[...labels].join(', ')}`, {
        subject: `ssh host ${host}`,
        remedy: 'Name the port too, as in HOST:PORT',
      })
  }
  const labels = new Set(ways.map((way) => way.at(-1)!.label))
  throw new RepriseError('usage', 'is neither a host nor a jump host of this cluster', {
    subject: `ssh host ${host}`,
    remedy: `Its hosts are ${[...labels].join(', ')}`,
  })
}

/** The key of this fingerprint, if the host has it: it is asked for one type after the other. */
async function shownKey(route: readonly Hop[], wanted: string, connections: Connections): Promise<HostKey> {
  const hop = route.at(-1)!
  const shown: HostKey[] = []
  let failure: unknown
  for (const type of HOST_KEY_TYPES) {
    const seen = { key: null as HostKey | null }
    const link = await connections.linkTo(route)
    const distrusted = new Error('seen')
    await connect({
      hop,
      link,
      files: connections.files,
      algorithms: algorithmsOf([type]),
      signal: connections.signal,
      distrust: (key) => {
        seen.key = key
        return distrusted
      },
    }).catch((error) => {
      if (error !== distrusted) failure ??= error // it has no key of this type, as a rule
    })
    if (seen.key === null) continue
    if (fingerprintOf(seen.key.blob) === wanted) return seen.key
    shown.push(seen.key)
  }
  if (shown.length === 0) throw failure
  throw new RepriseError(
    'refused',
    `it shows other keys than ${wanted}: ${shown.map(spokenKey).join(', ')}`,
    {
      subject: `ssh host ${hop.label}`,
      remedy: "Nothing was changed. Ask the host's owner which fingerprint is right",
    },
  )
}

function lineFor(hop: Hop, { type, blob }: HostKey): string {
  const { name } = knownName(hop)
  const host = hop.hashKnownHosts ? hashedName(name, randomBytes(20).toString('base64')) : name.toLowerCase()
  return `${host} ${type} ${Buffer.from(blob).toString('base64')}`
}

/** At the end of the file, durably, after a line that somebody else may have left without its end. */
async function append(path: string, line: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'a+', 0o600)
    try {
      const { size } = await file.stat()
      const last = Buffer.alloc(1)
      if (size > 0) await file.read(last, 0, 1, size - 1)
      await file.appendFile(`${size > 0 && last[0] !== 10 ? '\n' : ''}${line}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    const folder = await open(dirname(path))
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    throw new RepriseError('storage', `the host key cannot be written down: ${(error as Error).message}`, {
      subject: path,
      remedy: 'Make the file writable, or name another as `knownHosts`',
      cause: error,
    })
  }
}
