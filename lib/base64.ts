/** Base64 (RFC 4648 §4, padded) over the web's btoa and atob, strict when reading: one text per byte string. */
import { RepriseError } from './errors.ts'

const SLICE = 0x8000 // arguments per call that every engine takes

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let i = 0; i < bytes.length; i += SLICE) {
    binary += String.fromCharCode(...bytes.subarray(i, i + SLICE))
  }
  return btoa(binary)
}

/** The bytes of canonical base64; whitespace, missing padding or stray bits are refused. */
export function fromBase64(text: string): Uint8Array {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    throw new RepriseError('not-intact', 'not base64')
  }
  if (btoa(binary) !== text) throw new RepriseError('not-intact', 'base64 that is not in canonical form')
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
