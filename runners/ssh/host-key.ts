/** A host's public key as its server shows it: the bytes of the wire, which begin with their type. */
import { createHash } from 'node:crypto'

export interface HostKey {
  readonly type: string
  readonly blob: Uint8Array
}

/** Those that can be shown to us, see algorithms.ts. */
const TYPES = /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521))$/

export function hostKeyOf(blob: Uint8Array): HostKey {
  return { type: typeOf(blob), blob }
}

/** The type that a key's bytes begin with; an empty text when they are no key. */
export function typeOf(blob: Uint8Array): string {
  const bytes = Buffer.from(blob)
  if (bytes.length < 4) return ''
  const length = bytes.readUInt32BE(0)
  return length > 64 || length + 4 > bytes.length ? '' : bytes.toString('latin1', 4, 4 + length)
}

/** Whether these are all the bytes of a key of this type: fields of the lengths that they say, to the last byte. */
export function isWholeKey(blob: Uint8Array, type: string): boolean {
  const bytes = Buffer.from(blob)
  let at = 0
  let fields = 0
  while (at + 4 <= bytes.length) {
    at += 4 + bytes.readUInt32BE(at)
    fields += 1
  }
  return at === bytes.length && fields > 1 && typeOf(bytes) === type
}

/** A key as files have it, `type base64` and perhaps a comment; null for what is none that is used here. */
export function readPublicKey(text: string): HostKey | null {
  const [, type, base64] = /^(\S+) +([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(text) ?? []
  const blob = Buffer.from(base64 ?? '', 'base64')
  return type !== undefined && TYPES.test(type) && isWholeKey(blob, type) ? { type, blob } : null
}

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** For people: `ED25519 SHA256:…`. */
export function spokenKey({ type, blob }: HostKey): string {
  const short = /^(?:ssh|sk-ssh|sk)-(ed25519|rsa|dss|ecdsa)|^(ecdsa)/.exec(type)
  return `${(short?.[1] ?? short?.[2] ?? 'unknown').toUpperCase()} ${fingerprintOf(blob)}`
}
