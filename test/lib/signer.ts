/** Keys for tests: the same for the same name, so that what they sign is, too. */
import { createHash } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { type Signer, verifierKey } from '../../lib/note.ts'

export function signerOf(name: string): Signer {
  return signerWith(name, new Uint8Array(createHash('sha256').update(name).digest()))
}

/** The signer of this name with this secret, as RFC 8032 has it: 32 bytes. */
export function signerWith(name: string, secret: Uint8Array): Signer {
  const key = verifierKey(name, ed25519.getPublicKey(secret))
  return { key, sign: (bytes) => ed25519.sign(bytes, secret) }
}
