/**
 * A private key's file: its public half, which can be offered without opening it, and the key itself. A passphrase is
 * asked for only when a server wants this key, once for all hosts, and kept nowhere; the opened key lives in memory.
 */
import { readFile, stat } from 'node:fs/promises'
import ssh2, { type ParsedKey } from 'ssh2'

/** Asks a person; null where there is none or nothing was said. The signal takes the question back. */
export type Ask = (question: string, signal?: AbortSignal) => Promise<string | null>

/** A key, or why it cannot be used. */
export type KeyOrNot = { readonly key: ParsedKey } | { readonly why: string; readonly missing?: boolean }

const MOST_BYTES = 1 << 20
const TRIES = 3

export class KeyFiles {
  /** How many keys were opened with a passphrase. */
  opened = 0
  readonly #ask: Ask | null
  readonly #public = new Map<string, Promise<KeyOrNot>>()
  readonly #private = new Map<string, Promise<KeyOrNot>>()
  /** One question at a time: there is one terminal. */
  #questions: Promise<unknown> = Promise.resolve()
  readonly #closing = new AbortController()

  constructor(ask: Ask | null) {
    this.#ask = ask
  }

  /** What can be offered to servers. Of old kinds of encrypted keys that needs the passphrase. */
  publicKey(path: string): Promise<KeyOrNot> {
    return once(this.#public, path, async () => {
      const read = await readKey(path)
      if ('why' in read) return read
      const shown = embedded(read.text) ?? parse(read.text)
      if (shown !== null) return { key: shown }
      const beside = await readFile(`${path}.pub`, 'utf8').then(parse, () => null)
      if (beside !== null) return { key: beside }
      return this.privateKey(path)
    })
  }

  privateKey(path: string): Promise<KeyOrNot> {
    return once(this.#private, path, async () => {
      const read = await readKey(path)
      return 'why' in read ? read : this.#open(path, read.text)
    })
  }

  /** Waits until nobody is asked any more. */
  async answered(): Promise<void> {
    await this.#questions
  }

  /** Forgets the keys, and takes back what is being asked. */
  close(): void {
    this.#closing.abort()
    this.#public.clear()
    this.#private.clear()
  }

  async #open(path: string, text: string): Promise<KeyOrNot> {
    const key = parse(text)
    if (key?.isPrivateKey()) return { key }
    if (key !== null) return { why: 'it is the public key alone, and no agent has the private one' }
    if (!/Encrypted .* no passphrase given/.test(problemOf(text)))
      return { why: 'it is no key that ssh2 reads' }
    const ask = this.#ask
    if (ask === null) return { why: `it is encrypted, and nobody can be asked; ssh-add ${path}` }
    const asking = this.#questions.then(() => openWith(ask, path, text, this.#closing.signal))
    this.#questions = asking.catch(() => {})
    const found = await asking
    if ('key' in found) this.opened += 1
    return found
  }
}

async function openWith(ask: Ask, path: string, text: string, signal: AbortSignal): Promise<KeyOrNot> {
  for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
    const passphrase = await ask(
      `${tries > 0 ? 'That does not open it. ' : ''}Passphrase of the key ${path}: `,
      signal,
    )
    if (passphrase === null || passphrase === '') return { why: 'its passphrase was not given' }
    const key = parse(text, passphrase)
    if (key !== null) return { key }
  }
  return { why: 'its passphrase was wrong' }
}

async function readKey(path: string): Promise<{ text: string } | { why: string; missing?: boolean }> {
  try {
    const found = await stat(path)
    if (!found.isFile() || found.size > MOST_BYTES) return { why: 'it is no key' }
    const text = await readFile(path, 'utf8')
    const open = found.uid === process.getuid?.() && (found.mode & 0o077) !== 0
    return open && /PRIVATE KEY/.test(text) ? { why: `others may read it; chmod 600 ${path}` } : { text }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { why: 'it is not there', missing: true }
      : { why: message }
  }
}

function parse(text: string, passphrase?: string): ParsedKey | null {
  const parsed = parsedOf(text, passphrase)
  return parsed instanceof Error ? null : parsed
}

function problemOf(text: string): string {
  const parsed = parsedOf(text)
  return parsed instanceof Error ? parsed.message : ''
}

function parsedOf(text: string, passphrase?: string): ParsedKey | Error {
  try {
    const parsed: ParsedKey | readonly ParsedKey[] | Error = ssh2.utils.parseKey(text, passphrase)
    return Array.isArray(parsed) ? parsed[0]! : (parsed as ParsedKey | Error)
  } catch (error) {
    return error as Error // a file that only looks like a key
  }
}

const MAGIC = 'openssh-key-v1\0'

/** The public key that an OpenSSH private key's file begins with, in the clear. */
function embedded(text: string): ParsedKey | null {
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1] ?? ''
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null
  try {
    let at = MAGIC.length
    const next = () => {
      const length = bytes.readUInt32BE(at)
      at += 4 + length
      return bytes.subarray(at - length, at)
    }
    for (let skipped = 0; skipped < 3; skipped++) next() // cipher, derivation, its options
    at += 4 // how many keys: one
    const blob = next()
    const type = blob.toString('latin1', 4, 4 + blob.readUInt32BE(0))
    return parse(`${type} ${blob.toString('base64')}`)
  } catch {
    return null
  }
}

function once<T>(made: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(name) ?? make()
  made.set(name, known)
  return known
}
