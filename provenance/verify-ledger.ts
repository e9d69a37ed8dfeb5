/**
 * Verification of a whole ledger from its file: entries in order, each pointing at the one before, under a root that
 * a key signed; that key introduced by the first entry or by a change of key. Law 6: bytes and trusted keys, nothing
 * else. An older copy is intact by itself; only a later checkpoint, seen elsewhere, tells (`known`).
 */
import { type Checkpoint, parseCheckpoint } from '../lib/checkpoint.ts'
import { toHex } from '../lib/digest.ts'
import { type Entry, parseEntry } from '../lib/entry.ts'
import { RepriseError } from '../lib/errors.ts'
import { leafHash, merkleRoot } from '../lib/merkle.ts'
import { parseNote, parseVerifierKey, signersOf, type VerifierKey, verifierKeyText } from '../lib/note.ts'
import { type LedgerText, parseLedgerText } from './ledger-text.ts'
import { parseRotation } from './rotation.ts'
import { type Trust, trustWords } from './trust.ts'
import type { Problem } from './verify.ts'
import { checkpointProblems, type StoredCheckpoint } from './verify-checkpoints.ts'

export interface LedgerVerification {
  readonly valid: boolean
  readonly problems: readonly Problem[]
  readonly checked: readonly string[]
  readonly unchecked: readonly string[]
  /** In order, as far as they can be read. */
  readonly entries: readonly Entry[]
  readonly checkpoint: Checkpoint | null
  /** Who signed the checkpoint (a verifier key's line), and whether that key is trusted. */
  readonly signer: string | null
  readonly trusted: boolean
}

/** Problems told one by one. */
const MOST = 100

/** Verifies the file of a ledger. `known` are texts of checkpoints of it that were seen elsewhere, signed or not; `checkpoints` all that its own file keeps. */
export function verifyLedger(
  bytes: Uint8Array,
  trust: Trust,
  known: readonly string[] = [],
  checkpoints: readonly StoredCheckpoint[] = [],
): LedgerVerification {
  const problems: Problem[] = []
  const report = (where: string, what: string) =>
    void (problems.length < MOST && problems.push({ where, what }))
  const checked: string[] = []
  const unchecked: string[] = []
  const result = (entries: readonly Entry[], checkpoint: Checkpoint | null, signer: VerifierKey | null) => ({
    valid: problems.length === 0,
    problems,
    checked,
    unchecked,
    entries,
    checkpoint,
    signer: signer === null ? null : verifierKeyText(signer),
    trusted: signer !== null && trust.keys.some((key) => verifierKeyText(key) === verifierKeyText(signer)),
  })
  const attempt = <T>(where: string, action: () => T): T | null => {
    try {
      return action()
    } catch (error) {
      if (!(error instanceof RepriseError)) throw error
      report(where, error.message)
      return null
    }
  }
  const file = attempt<LedgerText>('ledger', () => parseLedgerText(bytes))
  if (file === null) return result([], null, null)
  const entries = file.entries.flatMap((entry, i) => attempt(`entry ${i}`, () => parseEntry(entry)) ?? [])
  const leaves = file.entries.map(leafHash)
  if (entries.length < leaves.length) return result(entries, null, null) // what cannot be read is named already
  checkChain(entries, leaves, report)
  const keys = signingKeys(entries, attempt, report, unchecked)
  checked.push(`${entries.length} entries, each pointing at the one before`)
  const note = attempt('checkpoint', () => parseNote(file.checkpoint))
  const head = note && attempt('checkpoint', () => parseCheckpoint(note.text))
  if (note === null || head === null) return result(entries, null, null)

  // FORMAT.md §12: the checkpoint is over these entries, of this ledger.
  if (head.origin !== entries[0]?.body.origin)
    report('checkpoint', 'is of another ledger than the first entry opens')
  if (head.size !== leaves.length)
    report('checkpoint', `is over ${head.size} entries; there are ${leaves.length}`)
  else if (toHex(head.root) !== toHex(merkleRoot(leaves)))
    report('checkpoint', 'its root is not the root of these entries')
  checked.push('root')
  const current = keys.at(-1)
  const signers = attempt('checkpoint', () => signersOf(note, keys)) ?? []
  if (note.signatures.length > 1) report('checkpoint', 'has more signatures than a ledger gives')
  const signer = signers.find((key) => isSameKey(key, current)) ?? null
  if (signer === null && problems.length === 0)
    report('checkpoint', 'is not signed by the key that the entries name')
  checked.push('signature')
  if (signer !== null) trustWords(signer, trust, 'the ledger', report, checked, unchecked)
  for (const { where, what } of checkpointProblems(bytes, checkpoints.slice(0, -1))) report(where, what)
  if (checkpoints.length > 1) checked.push(`${checkpoints.length - 1} older checkpoints`)
  for (const text of known) attempt('remembered checkpoint', () => checkKnown(text, leaves, report))
  if (known.length > 0) checked.push('that nothing is missing since the checkpoint that is remembered here')
  else
    unchecked.push('that no later entries were left out (no other checkpoint of this ledger is known here)')
  return result(entries, head, signer)
}

function isSameKey(key: VerifierKey, other: VerifierKey | undefined): boolean {
  return other !== undefined && verifierKeyText(key) === verifierKeyText(other)
}

function checkChain(entries: readonly Entry[], leaves: readonly Uint8Array[], report: Report): void {
  entries.forEach((entry, i) => {
    if (entry.seq !== i) report(`entry ${i}`, `carries the number ${entry.seq}`)
    const before = i === 0 ? null : toHex(leaves[i - 1]!)
    if (entry.prev !== before) report(`entry ${i}`, 'does not point at the entry before it')
    const earlier = entries[i - 1]?.time
    if (earlier !== undefined && entry.time < earlier)
      report(`entry ${i}`, 'is earlier than the entry before it')
    if ((entry.kind === 'ledger-opened') !== (i === 0))
      report(`entry ${i}`, `is of the kind ${entry.kind} at this place`)
  })
}

type Report = (where: string, what: string) => void
type Attempt = <T>(where: string, action: () => T) => T | null

/** The keys that sign, in order: the first entry names one, each change of key the next. */
function signingKeys(
  entries: readonly Entry[],
  attempt: Attempt,
  report: Report,
  unchecked: string[],
): VerifierKey[] {
  const first = attempt('entry 0', () => parseVerifierKey(String(entries[0]?.body.key)))
  const keys = first === null ? [] : [first]
  for (const [i, { kind, body }] of entries.entries()) {
    if (kind !== 'key-rotated') continue
    const where = `entry ${i}`
    const before = keys.at(-1)
    const from = before === undefined ? null : verifierKeyText(before)
    if (body.from !== from) report(where, 'replaces a key that did not sign until then')
    const to = attempt(where, () => parseVerifierKey(String(body.to)))
    if (typeof body.statement === 'string') {
      const rotation = attempt(where, () => parseRotation(String(body.statement)))
      const fits =
        rotation !== null &&
        verifierKeyText(rotation.from) === from &&
        verifierKeyText(rotation.to) === body.to
      if (rotation !== null && !fits) report(where, 'its statement is about other keys')
    } else unchecked.push(`who changed the key at entry ${i} (the old key did not name its successor)`)
    if (to !== null) keys.push(to)
  }
  return keys
}

/** A checkpoint seen elsewhere must be of these entries, or of their beginning. */
function checkKnown(text: string, leaves: readonly Uint8Array[], report: Report): void {
  const known = parseCheckpoint(parseNote(text).text)
  if (known.size > leaves.length) {
    report(
      'ledger',
      `is an older copy: it has ${leaves.length} entries, and a checkpoint over ${known.size} is remembered`,
    )
  } else if (toHex(merkleRoot(leaves.slice(0, known.size))) !== toHex(known.root)) {
    report('ledger', `its first ${known.size} entries are not those of the checkpoint that is remembered`)
  }
}
