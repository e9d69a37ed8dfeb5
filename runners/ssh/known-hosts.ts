/**
 * Whether a host's key is the one that is known, judged from the texts of known_hosts files exactly as OpenSSH judges
 * with StrictHostKeyChecking: a line of the host's with this key trusts it; a line with another says that it changed.
 * In one thing more strictly: a key that is revoked for the host is so on all of its ports.
 * Nothing here touches a file or the network.
 */
import type { HostKey } from './host-key.ts'
import { type KnownLine, type KnownText, knownLines } from './known-lines.ts'

/** Under which name a host is looked up, and under which as well when nothing is known by the first. */
export interface KnownName {
  readonly name: string
  readonly plain?: string
}

export type Judgement =
  | { readonly kind: 'trusted'; readonly at: KnownLine }
  | { readonly kind: 'unknown' }
  /** Whoever told of the host told its key: this one, or another. */
  | { readonly kind: 'given' }
  | { readonly kind: 'other'; readonly given: HostKey }
  /** Other keys are expected: those of these lines. */
  | { readonly kind: 'changed'; readonly expected: readonly KnownLine[] }
  | { readonly kind: 'revoked'; readonly at: KnownLine }
  /** The host is known by an authority that signs host keys; a certificate would be needed. */
  | { readonly kind: 'authority'; readonly at: KnownLine }

export function judgeKey(texts: readonly KnownText[], host: KnownName, key: HostKey): Judgement {
  const judgement = judgeUnder(knownLines(texts, host.name), key)
  if (host.plain === undefined || judgement.kind === 'revoked') return judgement
  const plain = judgeUnder(knownLines(texts, host.plain), key) // a key that the host has on its usual port
  if (plain.kind === 'revoked') return plain // on whatever port; ssh calls it unknown, which consent would undo
  const isOpen = judgement.kind === 'unknown' || judgement.kind === 'authority'
  return isOpen && plain.kind === 'trusted' ? plain : judgement
}

function judgeUnder(lines: readonly KnownLine[], key: HostKey): Judgement {
  const same = ({ type, blob }: KnownLine) => type === key.type && Buffer.compare(blob, key.blob) === 0
  const revoked = lines.find((line) => line.marker === 'revoked' && same(line))
  if (revoked !== undefined) return { kind: 'revoked', at: revoked }
  const expected = lines.filter(({ marker }) => marker === null)
  const at = expected.find(same)
  if (at !== undefined) return { kind: 'trusted', at }
  if (expected.length > 0) return { kind: 'changed', expected }
  const authority = lines.find(({ marker }) => marker === 'cert-authority')
  return authority === undefined ? { kind: 'unknown' } : { kind: 'authority', at: authority }
}

/** Types of the keys that are known of a host, so that it is asked for one of these first. */
export function knownTypes(texts: readonly KnownText[], host: KnownName): string[] {
  const names = [host.name, ...(host.plain === undefined ? [] : [host.plain])]
  const types = names.map((name) =>
    knownLines(texts, name)
      .filter(({ marker }) => marker === null)
      .map(({ type }) => type),
  )
  return [...new Set(types.find((found) => found.length > 0) ?? [])]
}
