/**
 * Secrets of one server: made when it starts, gone when it ends, written nowhere. The one in the printed address opens the
 * door once; for that the browser gets another, in a cookie that no script can read and no other site can use.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export interface Door {
  readonly port: number
  /** The first part of every path, which nobody can guess: cookies know no ports, but they know paths. */
  readonly mount: string
  /** SHA-256 of the cookie's secret. */
  readonly session: Buffer
}

/** What opens `enter`, once, and nothing else. */
export interface Tickets {
  spend(ticket: string): boolean
}

export const COOKIE = 'reprise'
/** The path by which a browser gets its cookie. */
export const ENTER = 'enter'

/** 256 bits. */
const SECRET_BYTES = 32
const MOUNT_BYTES = 16

export interface Secrets {
  readonly door: Door
  readonly tickets: Tickets
  /** The address that a browser is to open; another one as soon as it was opened. */
  address(): string
  /** The header that gives a browser its cookie. */
  cookie(): string
}

/** `onSpent` hears that the address was opened. */
export function newSecrets(port: number, onSpent: () => void): Secrets {
  const secret = newSecret(SECRET_BYTES)
  const mount = newSecret(MOUNT_BYTES)
  let ticket = newSecret(SECRET_BYTES)
  return {
    door: { port, mount, session: digestOfSecret(secret) },
    tickets: {
      spend(given) {
        if (!isSame(digestOfSecret(given), digestOfSecret(ticket))) return false
        ticket = newSecret(SECRET_BYTES)
        onSpent()
        return true
      },
    },
    address: () => `http://127.0.0.1:${port}/${mount}/${ENTER}?ticket=${ticket}`,
    cookie: () => `${COOKIE}=${secret}; Path=/${mount}/; HttpOnly; SameSite=Strict`,
  }
}

export function digestOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest()
}

/** Digests are of one length, and compared in a time that tells nothing. */
export function isSame(a: Buffer, b: Buffer): boolean {
  return timingSafeEqual(a, b)
}

function newSecret(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
