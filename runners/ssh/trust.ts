/**
 * Decides whether a host is the one that is meant, before anything is sent to it: by the known hosts of the profile and
 * of ssh's configuration, and never by consent given to all. Every refusal says which key came and which was expected.
 */
import { readFile } from 'node:fs/promises'
import { RepriseError } from '../../lib/errors.ts'
import { bracketed } from './address.ts'
import { type HostKey, hostKeyOf, isWholeKey, spokenKey } from './host-key.ts'
import { type Judgement, judgeKey, type KnownName, knownTypes } from './known-hosts.ts'
import type { KnownLine, KnownText } from './known-lines.ts'
import type { Hop } from './route.ts'

/** What is known of a host, read before it is connected to. */
export interface Trust {
  /** Types of host keys to ask for first. */
  readonly types: readonly string[]
  judge(key: HostKey): Judgement
}

export async function trustIn(hop: Hop): Promise<Trust> {
  const own = hop.ownKnownHosts === null ? [] : [hop.ownKnownHosts]
  const paths = [...new Set([...own, ...hop.knownHosts])]
  const texts = await Promise.all(paths.map(readText))
  const name = knownName(hop)
  const revoked = hop.revokedKeys === null ? [] : await readRevoked(hop.revokedKeys, hop.label)
  const { givenKey } = hop
  return {
    types: givenKey === null ? knownTypes(texts, name) : [givenKey.type],
    judge: (key) => {
      const at = revoked.find((line) => Buffer.compare(line.blob, key.blob) === 0)
      if (at !== undefined) return { kind: 'revoked', at }
      const known = judgeKey(texts, name, key)
      return givenKey === null || known.kind === 'revoked' ? known : judgeGiven(givenKey, key)
    },
  }
}

/** What files say of the address is not heeded then: another machine had it before. */
function judgeGiven(given: HostKey, key: HostKey): Judgement {
  return Buffer.compare(given.blob, key.blob) === 0 ? { kind: 'given' } : { kind: 'other', given }
}

/** Under which names known_hosts speaks of it. */
export function knownName({ keyAlias, hostname, port }: Hop): KnownName {
  if (keyAlias !== null) return { name: keyAlias }
  return port === 22 ? { name: hostname } : { name: bracketed(hostname, port), plain: hostname }
}

async function readText(path: string): Promise<KnownText> {
  try {
    return { path, text: await readFile(path, 'utf8') }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return { path, text: '' }
    throw new RepriseError('refused', `known hosts cannot be read: ${(error as Error).message}`, {
      subject: path,
      remedy: 'Make it readable: what is revoked may be written there',
      cause: error,
    })
  }
}

/** ssh's RevokedHostKeys as a text of public keys. */
async function readRevoked(path: string, label: string): Promise<KnownLine[]> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new RepriseError('refused', `the revoked host keys in ${path} cannot be heeded: ${why}`, {
      subject: `ssh host ${label}`,
      remedy: "Let RevokedHostKeys in ssh's configuration name a readable text of public keys",
      cause,
    })
  }
  const bytes = await readFile(path).catch((error: Error) => refuse(error.message, error))
  if (bytes.toString('latin1', 0, 6) === 'SSHKRL') return refuse('it is a binary list (KRL)')
  return bytes
    .toString('utf8')
    .split('\n')
    .flatMap((text, index) => {
      if (/^\s*(#|$)/.test(text)) return []
      const [, type, base64] = /^\s*(\S+)[ \t]+([A-Za-z0-9+/]+={0,2})(?=\s|$)/.exec(text) ?? []
      const blob = Buffer.from(base64 ?? '', 'base64')
      // a line that is passed over would be a key that is trusted again
      if (type === undefined || !isWholeKey(blob, type)) return refuse(`line ${index + 1} is no public key`)
      return [{ path, line: index + 1, marker: 'revoked' as const, type, blob }]
    })
}

/** Why a host is not trusted; null when it is. `cluster` is its name in Reprise's configuration. */
export function distrust(judgement: Judgement, key: HostKey, hop: Hop, cluster: string): RepriseError | null {
  const refused = (message: string, remedy: string) =>
    new RepriseError('refused', message, { subject: `ssh host ${hop.label}`, remedy })
  const shown = spokenKey(key)
  const place = ({ path, line }: KnownLine) => `${path}:${line}`
  switch (judgement.kind) {
    case 'trusted':
    case 'given':
      return null
    case 'other':
      return refused(
        `its host key is not the one that came with its name: it showed ${shown}, and expected was ${spokenKey(judgement.given)}`,
        'Nothing was sent. Somebody may be posing as the host; or hostKey in the list of hosts is of another machine',
      )
    case 'unknown':
      return refused(
        `its host key is not known: ${shown}`,
        `Nothing was sent. Compare the fingerprint with what the host's owner tells you, then: ${acceptCommand(cluster, hop, key)}`,
      )
    case 'revoked':
      return refused(
        `its host key is revoked: ${shown} (${place(judgement.at)})`,
        "Nothing was sent. Whoever has this key may pose as the host: ask its owner for the new key's fingerprint",
      )
    case 'authority':
      return refused(
        `it is known by an authority that signs host keys (${place(judgement.at)}), and certificates are not supported; it showed ${shown}`,
        `Nothing was sent. To trust this very key, compare its fingerprint, then: ${acceptCommand(cluster, hop, key)}`,
      )
    case 'changed': {
      const expected = judgement.expected.map((line) => `${spokenKey(hostKeyOf(line.blob))} (${place(line)})`)
      const [first] = judgement.expected
      return refused(
        `THE HOST KEY HAS CHANGED: it showed ${shown}, and expected was ${expected.join(' or ')}. Somebody may be posing as the host`,
        `Nothing was sent. Ask the host's owner. Only where the key was changed on purpose, take the old line out: ssh-keygen -R ${quoted(knownName(hop).name)} -f ${quoted(first!.path)}`,
      )
    }
  }
}

/** A word of a command that people copy. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

function acceptCommand(cluster: string, hop: Hop, key: HostKey): string {
  return `reprise cluster accept ${cluster} ${hop.label} ${spokenKey(key).split(' ')[1]}`
}
