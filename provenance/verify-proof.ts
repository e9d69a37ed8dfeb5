/**
 * Verification of a manifest's proof (FORMAT.md §9.10): the ledger's entry speaks of this very record, it is in the
 * ledger under the checkpoint, the checkpoint is signed by the key that is named, and that key is one to be believed.
 */

import { parseCheckpoint } from '../lib/checkpoint.ts'
import { utf8 } from '../lib/digest.ts'
import { type Entry, parseEntry } from '../lib/entry.ts'
import { RepriseError } from '../lib/errors.ts'
import { parseNote, parseVerifierKey, signersOf } from '../lib/note.ts'
import { parseTlogProof, provenBy } from '../lib/tlog-proof.ts'
import { type Manifest, type ProvenRegistration, proofDigest } from './manifest.ts'
import { isTrusted, type Trust, trustWords } from './trust.ts'
import { verifyTimestamps } from './verify-timestamps.ts'
import { demandAbout, parseWitness, type WitnessStatement, witnessWords } from './witness.ts'

export type Report = (where: string, what: string) => void

export interface Findings {
  readonly report: Report
  readonly checked: string[]
  readonly unchecked: string[]
}

/** What a witness says, and how far he may be believed. */
export interface Witness extends WitnessStatement {
  readonly trusted: boolean
  /** True when the key is the one that signed the record: its maker repeated the run himself. */
  readonly own: boolean
  readonly words: string
}

export function verifyProof(manifest: Manifest, trust: Trust, found: Findings): Witness[] {
  const { proof } = manifest
  const { entry, log, key, digest } = proof
  // §9.9: nothing in the proof has changed since it was put together.
  let sealed: Entry | null = null
  const isBare = Object.keys(proof).join() === 'record'
  if (!isBare && proofDigest(proof) !== digest) found.report('proof', 'is not the one its digest was made of')
  if (entry !== undefined && log !== undefined && key !== undefined) {
    sealed = verifyEntry({ entry, log, key }, 'the record', trust, found)
    if (sealed !== null) {
      checkSealed(manifest, sealed, found.report)
      found.checked.push('ledger entry and its inclusion', 'checkpoint’s signature')
    }
  } else if (
    entry !== undefined ||
    log !== undefined ||
    key !== undefined ||
    manifest.run.earlier !== undefined
  ) {
    found.report('proof', 'lacks a part')
  } else {
    if (trust.demanded) found.report('signature', 'this record carries no signature')
    found.unchecked.push('ledger and signature (this record carries none)')
  }
  checkRegistration(manifest, sealed, trust, found)
  const { registered, timestamps = [] } = proof
  const believed =
    verifyTimestamps(timestamps, log, 'the record', trust, found) +
    verifyTimestamps(registered?.timestamps ?? [], registered?.log, 'the registration', trust, found)
  // As with keys: who names authorities demands one of them.
  if ((trust.authorities ?? []).length > 0 && believed === 0)
    found.report('timestamp', 'there is no timestamp by an authority that you trust')
  return witnessesOf(manifest, trust, found)
}

/** §9.12: statements are signed by those who make them, and about this record. */
function witnessesOf(manifest: Manifest, trust: Trust, { report, checked }: Findings): Witness[] {
  const notes = manifest.proof.witnesses ?? []
  const witnesses = notes.flatMap((note, i) => {
    try {
      const { statement, key } = parseWitness(note)
      demandAbout(manifest, statement)
      const own = statement.key === manifest.proof.key
      return [{ ...statement, trusted: isTrusted(key, trust), own, words: witnessWords(statement) }]
    } catch (error) {
      if (!(error instanceof RepriseError)) throw error
      report(`witness ${i}`, error.message)
      return []
    }
  })
  if (witnesses.length > 0) checked.push(`${witnesses.length} witnesses’ signatures`)
  return witnesses
}

/** The entry that an inclusion proof and a signature speak for; null where they do not. */
export function verifyEntry(
  { entry, log, key }: Pick<ProvenRegistration, 'entry' | 'log' | 'key'>,
  what: string,
  trust: Trust,
  { report, checked, unchecked }: Findings,
): Entry | null {
  try {
    const bytes = utf8(entry)
    const parsed = parseEntry(bytes)
    const proof = parseTlogProof(log)
    const { note } = provenBy(proof, bytes)
    if (parsed.seq === 0) report('proof', 'the entry is the first of its ledger, which only opens it')
    if (parsed.seq !== proof.index)
      report('proof', `the entry carries the number ${parsed.seq}, its proof ${proof.index}`)
    const signer = parseVerifierKey(key)
    if (note.signatures.length !== 1 || signersOf(note, [signer]).length !== 1)
      report('signature', 'the checkpoint is not signed by the key that the record names, and by it alone')
    else trustWords(signer, trust, what, report, checked, unchecked)
    return parsed
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    report(error.subject === '' ? 'proof' : error.subject, error.message)
    return null
  }
}

/** §9.10: the entry's words are those of the record. */
function checkSealed(
  { run, experiment, capsule, results, proof }: Manifest,
  { kind, body }: Entry,
  report: Report,
): void {
  const expected: Record<string, unknown> = {
    run: run.id,
    experiment: experiment.hash,
    capsule: capsule.sha256,
    root: results.root,
    record: proof.record,
    chunks: results.chunks,
    jobs: run.counts.jobs,
    failedJobs: run.counts.failedJobs,
  }
  if (kind !== 'run-sealed') report('proof', `the ledger’s entry is of the kind ${kind}, not run-sealed`)
  for (const [name, value] of Object.entries(expected))
    if (body[name] !== value) report('proof', `the ledger’s entry has another ${name} than the record`)
}

/** §9.11: what the record says of a registration is what the ledger's entry says. */
function checkRegistration(manifest: Manifest, sealed: Entry | null, trust: Trust, found: Findings): void {
  const { proof, run } = manifest
  const { registered } = run
  if ((registered === undefined) !== (proof.registered === undefined)) {
    found.report('proof', 'record and proof do not agree on whether the experiment was registered')
    return
  }
  if (registered === undefined || proof.registered === undefined) return
  // The record's own signature is what is demanded; a registration may be of a key that was replaced since.
  const entry = verifyEntry(proof.registered, 'the registration', { ...trust, demanded: false }, found)
  if (entry === null) return
  const { seq, time, kind, body } = entry
  const agrees =
    kind === 'registered' &&
    seq === registered.seq &&
    time === registered.time &&
    body.capsule === registered.capsule &&
    body.experiment === manifest.experiment.hash
  if (!agrees)
    found.report('proof', 'the ledger’s entry on the registration says something else than the record')
  // One ledger, and in it the registration first: else it could be of any time.
  if (
    sealed !== null &&
    (seq >= sealed.seq || time > sealed.time || originOf(proof.log!) !== originOf(proof.registered.log))
  )
    found.report('proof', 'the registration does not come before the seal in the same ledger')
  const started = run.sessions[0]?.started ?? ''
  const words = `registration at ${time}, before the ${time <= started ? 'run' : 'seal'}`
  if (registered.capsule === manifest.capsule.sha256) found.checked.push(`${words}, of this code`)
  else {
    found.checked.push(`${words}, of other code`)
    found.unchecked.push(
      `what was changed in the code since it was registered (capsule ${registered.capsule})`,
    )
  }
}

function originOf(log: string): string {
  return parseCheckpoint(parseNote(parseTlogProof(log).checkpoint).text).origin
}
