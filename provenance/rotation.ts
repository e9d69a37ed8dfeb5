/**
 * A change of key: a note that says which key follows which, signed by both, so that nobody but the owner of the old
 * key can name its successor.
 */
import { RepriseError } from '../lib/errors.ts'
import {
  parseNote,
  parseVerifierKey,
  type Signer,
  signersOf,
  signNote,
  type VerifierKey,
  verifierKeyText,
} from '../lib/note.ts'

const HEADER = 'reprise/key-rotation/1'

export interface Rotation {
  readonly from: VerifierKey
  readonly to: VerifierKey
  readonly time: string
}

export function rotationNote(from: Signer, to: Signer, time: Date): string {
  const lines = [HEADER, verifierKeyText(from.key), verifierKeyText(to.key), time.toISOString()]
  return signNote(`${lines.join('\n')}\n`, from, to)
}

/** Reads a change of key and checks both signatures. Throws `not-intact` or `usage`. */
export function parseRotation(note: string): Rotation {
  const parsed = parseNote(note)
  const [header, from = '', to = '', time = '', ...rest] = parsed.text.split('\n')
  if (header !== HEADER || rest.join() !== '') throw bad('is no change of key')
  const keys = [parseVerifierKey(from), parseVerifierKey(to)] as const
  if (signersOf(parsed, keys).length !== 2) throw bad('is not signed by both keys')
  return { from: keys[0], to: keys[1], time }
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject: 'key rotation' })
}
