/**
 * The lines of known_hosts that speak of a host: plain names, patterns with `*`, `?` and `!`, hashed names, markers.
 * What is malformed is passed over, as OpenSSH does: one bad line must not hide the others.
 */
import { createHmac } from 'node:crypto'
import { typeOf } from './host-key.ts'

/** A file's text, with the name by which it is spoken of. */
export interface KnownText {
  readonly path: string
  readonly text: string
}

export interface KnownLine {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly marker: 'revoked' | 'cert-authority' | null
  readonly type: string
  readonly blob: Uint8Array
}

const TYPES =
  /^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/

export function knownLines(texts: readonly KnownText[], name: string): KnownLine[] {
  return texts.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const read = readLine(line)
      return read === null || !matches(read.hosts, name.toLowerCase())
        ? []
        : [{ path, line: index + 1, marker: read.marker, type: read.type, blob: read.blob }]
    }),
  )
}

function readLine(line: string) {
  const parts = /^[ \t]*(?:@(\S+)[ \t]+)?([^\s#@]\S*)[ \t]+(\S+)[ \t]+(\S+)/.exec(line)
  if (parts === null) return null
  const [, marker = null, hosts, type, base64] = parts
  if (marker !== null && marker !== 'revoked' && marker !== 'cert-authority') return null
  if (!TYPES.test(type!) || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64!)) return null
  const blob = Buffer.from(base64!, 'base64')
  return typeOf(blob) === type ? ({ marker, hosts: hosts!, type: type!, blob } as const) : null
}

function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return hosts === hashedName(name, hosts.split('|')[2] ?? '')
  let found = false
  for (const word of hosts.split(',')) {
    const negated = word.startsWith('!')
    if (!matchesPattern((negated ? word.slice(1) : word).toLowerCase(), name)) continue
    if (negated) return false
    found = true
  }
  return found
}

/** The name as a hashed line has it, with this salt (base64). */
export function hashedName(name: string, salt: string): string {
  const hash = createHmac('sha1', Buffer.from(salt, 'base64')).update(name.toLowerCase()).digest('base64')
  return `|1|${salt}|${hash}`
}

/** `*` is any text and `?` any one character. Linear in both lengths at worst times each other: no backtracking. */
function matchesPattern(pattern: string, name: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0]
  while (at < name.length) {
    if (pattern[from] === '*') {
      star = from++
      mark = at
    } else if (from < pattern.length && (pattern[from] === '?' || pattern[from] === name[at])) {
      from++
      at++
    } else if (star >= 0) {
      from = star + 1
      at = ++mark
    } else return false
  }
  while (pattern[from] === '*') from++
  return from === pattern.length
}
