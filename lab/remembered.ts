/**
 * What is remembered of a ledger's head: `checkpoint` in the lab, for people and other programs, and one file a ledger
 * in the user's config folder, so that an older copy put in its place is noticed. Both may lag behind after a crash;
 * they never run ahead, since they are written after the ledger itself.
 */
import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Checkpoint, parseCheckpoint } from '../lib/checkpoint.ts'
import { RepriseError } from '../lib/errors.ts'
import { parseNote } from '../lib/note.ts'
import { storageError, writeDurably } from './durable.ts'
import { configFolder } from './key.ts'
import type { Lab } from './lab.ts'

/** Keeps the head of a ledger in both places. */
export function remember(lab: Lab, view: { readonly checkpoint: string; readonly head: Checkpoint }): void {
  const known = remembered(view.head.origin)
  if (known !== null && known.size > view.head.size) return // another process was later, and faster
  writeDurably(lab.checkpoint, view.checkpoint)
  const path = pathOf(view.head.origin)
  try {
    mkdirSync(join(configFolder(), 'ledgers'), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw storageError(path, error)
  }
  writeDurably(path, view.checkpoint, { mode: 0o600 })
}

/** The head of this ledger as it was last seen by this user; null where it never was. */
export function remembered(origin: string): Checkpoint | null {
  return readHead(pathOf(origin))
}

/** The signed note of it; null likewise. */
export function rememberedNote(origin: string): string | null {
  const path = pathOf(origin)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

/** The head that the lab itself names. */
export function rememberedHere(lab: Lab): Checkpoint | null {
  return readHead(lab.checkpoint)
}

/** Keys, other than the user's own, whose entries in this ledger the user signs over. */
export function acceptedKeys(origin: string): string[] {
  const path = `${pathOf(origin)}.keys`
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : []
}

/** Accepts the key of somebody who shares the lab, or one that was lost. */
export function acceptKey(origin: string, key: string): void {
  const keys = [...new Set([...acceptedKeys(origin), key])]
  mkdirSync(join(configFolder(), 'ledgers'), { recursive: true, mode: 0o700 })
  writeDurably(`${pathOf(origin)}.keys`, `${keys.join('\n')}\n`, { mode: 0o600 })
}

/** Ledgers' origins are random, so that no two of a user's labs have one file. */
function pathOf(origin: string): string {
  const name = /^reprise\/ledger\/([0-9a-f]{32})$/.exec(origin)?.[1]
  if (name === undefined)
    throw new RepriseError('not-intact', 'has an origin of another form', { subject: 'ledger' })
  return join(configFolder(), 'ledgers', name)
}

function readHead(path: string): Checkpoint | null {
  if (!existsSync(path)) return null
  if (!lstatSync(path).isFile()) return null
  try {
    return parseCheckpoint(parseNote(readFileSync(path, 'utf8')).text)
  } catch {
    throw new RepriseError('not-intact', 'is no checkpoint', {
      subject: path,
      remedy: 'Restore it from a copy; it says how long the ledger was',
    })
  }
}
