/**
 * Signed notes (c2sp.org/signed-note@v1): a text and who signed it, with Ed25519 (RFC 8032). Checkpoints, witness
 * statements and changes of key are notes, so that one key and one check serve them all. A key is written as
 * `<name>+<id, 8 hex digits>+<base64 of 01 ‖ public key>`, where id = SHA-256(name ‖ 0A ‖ 01 ‖ public key)[:4].
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { fromBase64, toBase64 } from './base64.ts'
import { sha256, toHex, utf8 } from './digest.ts'
import { RepriseError } from './errors.ts'

/** Ed25519 as specified by the note format itself. */
const ED25519 = 1
/** A note with more signatures is refused; the format asks for at least 16. */
const MOST_SIGNATURES = 64
/** Characters of a note, and of a key's name. */
const MOST_TEXT = 1_000_000
const MOST_NAME = 255

/** A public key that signs notes. */
export interface VerifierKey {
  readonly name: string
  /** First four bytes of the hash over name and key, as 8 hex digits. */
  readonly id: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** What signs: the private key stays with whoever has it. */
export interface Signer {
  readonly key: VerifierKey
  /** The Ed25519 signature of these bytes: 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

export interface NoteSignature {
  readonly name: string
  readonly id: string
  readonly signature: Uint8Array
}

export interface Note {
  /** Ends in a line feed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** The key with this name. Throws `usage` for a name or key that cannot be used. */
export function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  if (!isName(name)) throw badKey('a key’s name has neither spaces nor + in it, and is not empty')
  if (/\p{C}/u.test(name)) throw badKey('a key’s name holds only characters that can be seen')
  if (publicKey.length !== 32) throw badKey('an Ed25519 key has 32 bytes')
  // Under a key of small order any signature fits any text (RFC 8032 does not refuse them; we do).
  let weak: boolean
  try {
    weak = ed25519.Point.fromBytes(publicKey, false).isSmallOrder()
  } catch {
    throw badKey('these 32 bytes are no Ed25519 key')
  }
  if (weak) throw badKey('under this key any signature would fit')
  const input = new Uint8Array([...utf8(name), 10, ED25519, ...publicKey])
  return { name, id: toHex(sha256(input).subarray(0, 4)), publicKey }
}

/** The one line in which a key is handed on. */
export function verifierKeyText({ name, id, publicKey }: VerifierKey): string {
  return `${name}+${id}+${toBase64(new Uint8Array([ED25519, ...publicKey]))}`
}

/** Reads what `verifierKeyText` writes. Throws `usage`. */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name, id, encoded] = /^([^+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44,48})$/.exec(text) ?? []
  if (name === undefined) throw badKey('a key is written as <name>+<id>+<base64>')
  let bytes: Uint8Array
  try {
    bytes = fromBase64(encoded!)
  } catch {
    throw badKey('its last part is not base64')
  }
  if (bytes[0] !== ED25519) throw badKey('only Ed25519 keys (type 1) are known')
  const key = verifierKey(name, bytes.slice(1))
  if (key.id !== id) throw badKey('its id does not belong to its name and key')
  return key
}

/** `text`, which ends in a line feed, signed by each signer in turn. */
export function signNote(text: string, ...signers: readonly Signer[]): string {
  if (!text.endsWith('\n') || !isNoteText(text)) throw new RangeError('not the text of a note')
  const lines = signers.map(({ key, sign }) => {
    const bytes = new Uint8Array([...idBytes(key.id), ...sign(utf8(text))])
    return `— ${key.name} ${toBase64(bytes)}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** Reads a note; its signatures are not checked here. Throws `not-intact`. */
export function parseNote(note: string): Note {
  if (note.length > MOST_TEXT || !isNoteText(note)) throw bad('holds what no note may hold')
  const at = note.lastIndexOf('\n\n')
  if (at < 0 || !note.endsWith('\n')) throw bad('has no signatures')
  const lines = note.slice(at + 2, -1).split('\n')
  if (lines.length > MOST_SIGNATURES) throw bad(`has more than ${MOST_SIGNATURES} signatures`)
  return { text: note.slice(0, at + 1), signatures: lines.map(parseSignature) }
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
  if (!isName(name)) throw bad('has a line that is no signature')
  const bytes = fromBase64(encoded)
  if (bytes.length < 5) throw bad('has a signature that is too short')
  return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) }
}

/**
 * Which of `keys` signed the note. A signature of another key is ignored; one of these keys that does not fit makes
 * the note invalid (signed-note, Signatures). Throws `not-intact`.
 */
export function signersOf(note: Note, keys: readonly VerifierKey[]): VerifierKey[] {
  const found = new Map<string, VerifierKey>()
  for (const { name, id, signature } of note.signatures) {
    const key = keys.find((known) => known.name === name && known.id === id)
    if (key === undefined) continue
    if (!fits(signature, note.text, key)) throw bad(`has a signature of ${name} that does not fit`)
    found.set(verifierKeyText(key), key)
  }
  return [...found.values()]
}

function fits(signature: Uint8Array, text: string, { publicKey }: VerifierKey): boolean {
  try {
    return signature.length === 64 && ed25519.verify(signature, utf8(text), publicKey, { zip215: false })
  } catch {
    return false
  }
}

function isNoteText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  return text.isWellFormed() && !/[\0-\x09\x0b-\x1f]/.test(text)
}

function isName(name: string): boolean {
  return name !== '' && name.length <= MOST_NAME && name.isWellFormed() && !/[\p{White_Space}\s+]/u.test(name)
}

function idBytes(id: string): number[] {
  return [0, 2, 4, 6].map((at) => Number.parseInt(id.slice(at, at + 2), 16))
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject: 'note' })
}

function badKey(what: string): RepriseError {
  return new RepriseError('usage', what, {
    subject: 'key',
    remedy: 'Copy the whole line that reprise key show prints',
  })
}
