/**
 * The user's key (Ed25519): made at first use, kept in the user's config folder, readable by nobody else, and never in
 * a lab. What it signs are the heads of ledgers and witness statements. Its name is made of the key itself and says
 * nothing of its owner.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { sha256, toHex } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import { type Signer, type VerifierKey, verifierKey, verifierKeyText } from '../lib/note.ts'
import { parseRotation, type Rotation, rotationNote } from '../provenance/rotation.ts'
import { writeDurably } from './durable.ts'

/** Where the user's own files are: $XDG_CONFIG_HOME/reprise, or ~/.config/reprise. */
export function configFolder(): string {
  const base = process.env.XDG_CONFIG_HOME
  return join(base === undefined || base === '' ? join(homedir(), '.config') : base, 'reprise')
}

export function keyPath(): string {
  return join(configFolder(), 'key.pem')
}

/** The user's key; made when there is none. Throws `refused` for one that others can read, `storage`. */
export function ownKey(): Signer {
  const path = keyPath()
  if (!existsSync(path)) makeKey(path)
  return signerOf(readPrivate(path), path)
}

/** The user's public keys, those that were replaced too; empty where none was made yet. */
export function ownPublicKeys(): VerifierKey[] {
  if (!existsSync(keyPath())) return []
  return [ownKey().key, ...rotations().map(({ from }) => from)]
}

function makeKey(path: string): void {
  try {
    keepKey(path, generateKeyPairSync('ed25519').privateKey, false)
  } catch (error) {
    if (!existsSync(path)) throw error // else another process was first
  }
}

/** Writes the key; nobody else can read it at any moment. Unless it `replaces` one, the path must be free. */
function keepKey(path: string, key: KeyObject, replaces: boolean): void {
  const pem = key.export({ type: 'pkcs8', format: 'pem' })
  try {
    mkdirSync(configFolder(), { recursive: true, mode: 0o700 })
    writeDurably(path, pem, { mode: 0o600, exclusive: !replaces })
    chmodSync(path, 0o600)
  } catch (error) {
    throw keyError(path, error)
  }
}

/** The key cannot be written or read: without one nothing can be signed. */
function keyError(path: string, error: unknown): RepriseError {
  return new RepriseError('storage', (error as Error).message, {
    subject: path,
    remedy: 'Your key is kept there; let XDG_CONFIG_HOME name a folder that you can write to',
    cause: error,
  })
}

function readPrivate(path: string): string {
  let mode: number
  let pem: string
  try {
    mode = statSync(path).mode // of the file itself, where a link leads to it
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    throw keyError(path, error)
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new RepriseError('refused', 'others can read the private key', {
      subject: path,
      remedy: `chmod 600 ${path}, and think of reprise key rotate`,
    })
  }
  return pem
}

function signerOf(pem: string, subject: string): Signer {
  let secret: KeyObject
  try {
    secret = createPrivateKey(pem)
  } catch {
    throw noKey(subject)
  }
  if (secret.asymmetricKeyType !== 'ed25519') throw noKey(subject)
  const spki = createPublicKey(secret).export({ type: 'spki', format: 'der' })
  const publicKey = new Uint8Array(spki.subarray(-32)) // RFC 8410 §4: the key is the end
  const key = verifierKey(`reprise/key/${toHex(sha256(publicKey)).slice(0, 16)}`, publicKey)
  return { key, sign: (bytes) => new Uint8Array(sign(null, bytes, secret)) }
}

function noKey(subject: string): RepriseError {
  return new RepriseError('not-intact', 'is no Ed25519 private key in PEM (PKCS #8)', {
    subject,
    remedy: 'Make one with openssl genpkey -algorithm ed25519, or let reprise key rotate make one',
  })
}

/** Takes the private key of a PEM file as the user's own. Refuses to replace another. */
export function importKey(file: string): VerifierKey {
  if (!existsSync(file)) throw new RepriseError('not-found', 'there is no such file', { subject: file })
  if (!statSync(file).isFile())
    throw new RepriseError('usage', 'is no file', {
      subject: file,
      remedy: 'Give the PEM file of an Ed25519 private key',
    })
  const pem = readFileSync(file, 'utf8')
  const { key } = signerOf(pem, file)
  const path = keyPath()
  if (existsSync(path)) {
    if (verifierKeyText(ownKey().key) === verifierKeyText(key)) return key
    throw new RepriseError('refused', 'there is another key already', {
      subject: path,
      remedy: 'Move it away first, or change to a new key with reprise key rotate, which the ledgers record',
    })
  }
  keepKey(path, createPrivateKey(pem), false)
  return key
}

/** Makes a new key in the old one's place, with a statement of the old key that names the new. */
export function rotateKey(time: Date): { from: VerifierKey; to: VerifierKey } {
  const from = ownKey()
  const { privateKey } = generateKeyPairSync('ed25519')
  const to = signerOf(String(privateKey.export({ type: 'pkcs8', format: 'pem' })), 'new key')
  const folder = rotationsFolder()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeDurably(join(folder, `${from.key.name.split('/').at(-1)}.note`), rotationNote(from, to, time))
  keepKey(keyPath(), privateKey, true)
  return { from: from.key, to: to.key }
}

/** The statements that lead from one key to the user's own, oldest first; null where none do. */
export function rotationsFrom(from: string): string[] | null {
  const next = new Map(rotations().map((rotation) => [verifierKeyText(rotation.from), rotation]))
  const own = verifierKeyText(ownKey().key)
  const found: string[] = []
  for (let at = from; at !== own; ) {
    const rotation = next.get(at)
    if (rotation === undefined || found.length > next.size) return null
    found.push(rotation.note)
    at = verifierKeyText(rotation.to)
  }
  return found
}

function rotationsFolder(): string {
  return join(configFolder(), 'rotations')
}

/** Every change of key that this user made. Throws `not-intact` for one that is damaged. */
function rotations(): (Rotation & { note: string })[] {
  const folder = rotationsFolder()
  if (!existsSync(folder)) return []
  const paths = readdirSync(folder).filter((name) => name.endsWith('.note'))
  return paths.map((name) => {
    const path = join(folder, name)
    const note = readFileSync(path, 'utf8')
    try {
      return { note, ...parseRotation(note) }
    } catch (cause) {
      throw new RepriseError('not-intact', `is no change of key (${(cause as Error).message})`, {
        subject: path,
        remedy: 'Restore it from a copy, or move it away',
        cause,
      })
    }
  })
}
