/** A host's public key as its server shows it: the bytes of the wire, which begin with their type. */
import { createHash } from 'node:crypto'

export interface HostKey {
  readonly type: string
  readonly blob: Uint8Array
}

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

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** For people: `ED25519 SHA256:…`. */
export function spokenKey({ type, blob }: HostKey): string {
  const short = /^(?:ssh|sk-ssh|sk)-(ed25519|rsa|dss|ecdsa)|^(ecdsa)/.exec(type)
  return `${(short?.[1] ?? short?.[2] ?? 'unknown').toUpperCase()} ${fingerprintOf(blob)}`
}
