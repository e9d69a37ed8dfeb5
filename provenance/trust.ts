/** Whose signatures are believed: the keys that a user names, and the user's own. A signature proves no more than that. */
import { type VerifierKey, verifierKeyText } from '../lib/note.ts'

export interface Trust {
  readonly keys: readonly VerifierKey[]
  /** True when the user demands a signature of one of these keys; else a strange key is only told. */
  readonly demanded: boolean
  /** Certificates (PEM) of timestamp authorities, or of their issuers; none: what they say is told, not believed. */
  readonly authorities?: readonly string[]
}

export const NO_TRUST: Trust = { keys: [], demanded: false }

export function isTrusted(key: VerifierKey, { keys }: Trust): boolean {
  const text = verifierKeyText(key)
  return keys.some((known) => verifierKeyText(known) === text)
}

/** Tells whether the key that signed `what` is one to be believed. */
export function trustWords(
  key: VerifierKey,
  trust: Trust,
  what: string,
  report: (where: string, what: string) => void,
  checked: string[],
  unchecked: string[],
): void {
  const words = `${what} is signed by a key you have not trusted: ${verifierKeyText(key)}`
  if (isTrusted(key, trust)) checked.push(`${what} is signed by a key you trust (${key.name})`)
  else if (trust.demanded) report('signature', words)
  else unchecked.push(words)
}
