/**
 * The proof that an entry is in a ledger (c2sp.org/tlog-proof@v1): its index, the inclusion proof of RFC 6962 §2.1.1,
 * and the signed checkpoint, in one text that can be checked without the ledger.
 */
import { fromBase64, toBase64 } from './base64.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { sha256, utf8 } from './digest.ts'
import { RepriseError } from './errors.ts'
import { rootFromInclusion } from './inclusion.ts'
import { leafHash } from './merkle.ts'
import { type Note, parseNote } from './note.ts'

const HEADER = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^53 leaves is this high. */
const MOST_HASHES = 53

export interface TlogProof {
  readonly index: number
  /** From the leaf's sibling up to the root's child, 32 bytes each. */
  readonly path: readonly Uint8Array[]
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string
}

export function tlogProofText({ index, path, checkpoint }: TlogProof): string {
  return `${[HEADER, `index ${index}`, ...path.map(toBase64)].join('\n')}\n\n${checkpoint}`
}

/** Reads a proof; it says nothing yet of whether it fits. A line `extra` is not used here, and refused: `not-intact`. */
export function parseTlogProof(text: string): TlogProof {
  const at = text.indexOf('\n\n')
  const [header, index = '', ...hashes] = text.slice(0, Math.max(at, 0)).split('\n')
  const [, digits] = /^index (0|[1-9][0-9]{0,15})$/.exec(index) ?? []
  if (header !== HEADER || digits === undefined) throw bad(`does not begin with ${HEADER} and an index`)
  if (hashes.length > MOST_HASHES) throw bad('is longer than any tree is high')
  const path = hashes.map(fromBase64)
  if (path.some((hash) => hash.length !== 32)) throw bad('has a hash that is not 32 bytes long')
  return { index: Number(digits), path, checkpoint: text.slice(at + 2) }
}

/**
 * The checkpoint that the proof leads to, when `entry` is at its place in that ledger; the note's signatures are for
 * the caller to check. Throws `not-intact`.
 */
export function provenBy(proof: TlogProof, entry: Uint8Array): { checkpoint: Checkpoint; note: Note } {
  const note = parseNote(proof.checkpoint)
  const checkpoint = parseCheckpoint(note.text)
  const root = rootFromInclusion(leafHash(entry), proof.index, checkpoint.size, proof.path)
  if (root === null || !equal(root, checkpoint.root))
    throw bad('does not lead from the entry to the checkpoint')
  return { checkpoint, note }
}

/** The 32 bytes that stand for a checkpoint elsewhere, as in a timestamp: SHA-256 of the whole note. */
export function checkpointDigest(checkpoint: string): Uint8Array {
  return sha256(utf8(checkpoint))
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject: 'proof' })
}
