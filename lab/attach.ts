/**
 * Adding to the proof of a manifest what others say about it: the record itself stays as it is, and so does every
 * digest and signature over it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { RepriseError } from '../lib/errors.ts'
import { type Manifest, manifestBytes, type Proof, withProof } from '../provenance/manifest.ts'
import { parseManifest } from '../provenance/read-manifest.ts'
import { demandAbout, parseWitness } from '../provenance/witness.ts'
import { writeDurably } from './durable.ts'
import type { Lab, RunFolder } from './lab.ts'
import { appendEntry, demandLedger } from './ledger.ts'
import { lockRun } from './lock.ts'
import { type FoundRecord, runOfManifest } from './record.ts'
import { intactManifest } from './rerun.ts'

/**
 * Writes the manifest with another proof over its old self, as it is by now, or to `output`. That of a run of this lab is
 * changed under the run's lock, so that of two who add to it at once neither is lost.
 */
export function rewriteProof(
  manifest: Manifest,
  run: RunFolder | null,
  change: (proof: Proof) => Partial<Proof>,
  output: string,
): void {
  const lock = run === null ? null : lockRun(run, new Date())
  try {
    rewrite(manifest, change, output)
  } finally {
    lock?.release()
  }
}

function rewrite(manifest: Manifest, change: (proof: Proof) => Partial<Proof>, output: string): void {
  const there = existsSync(output) ? parseManifest(readFileSync(output)) : manifest
  const { proof, ...record } = there.proof.record === manifest.proof.record ? there : manifest
  const { record: _, digest: __, ...kept } = proof
  writeDurably(output, manifestBytes(withProof(record, { ...kept, ...change(proof) })))
}

/** Adds witnesses' statements to a manifest. Throws `not-intact` for one that does not fit; then nothing is written. */
export function attachWitnesses(
  lab: Lab,
  record: FoundRecord,
  notes: readonly string[],
  output: string,
): number {
  const { manifest } = intactManifest(lab, record)
  const before = manifest.proof.witnesses ?? []
  const parsed = notes.map((note) => ({ note, ...parseWitness(note) }))
  for (const { statement } of parsed) demandAbout(manifest, statement)
  const added = parsed.filter(({ note }, i) => !before.includes(note) && notes.indexOf(note) === i)
  const run = runOfManifest(lab, manifest)
  if (run !== null) demandLedger(lab) // before anything is written
  if (before.length + added.length > 1_000)
    throw new RepriseError('usage', 'a manifest takes 1,000 statements at most', { subject: 'witness' })
  if (added.length > 0 || !existsSync(output))
    rewriteProof(manifest, run, ({ witnesses = [] }) => ({ witnesses: union(witnesses, added) }), output)
  if (run === null) return added.length // it is not this lab's to tell
  for (const { note, statement } of parsed) {
    const { record: digest, verdict, key } = statement
    const body = { run: statement.run, record: digest, verdict, key, statement: note }
    appendEntry(lab, 'witness-added', body, new Date(), (known) => known.statement === note)
  }
  return added.length
}

function union(notes: readonly string[], added: readonly { readonly note: string }[]): string[] {
  return [...new Set([...notes, ...added.map(({ note }) => note)])]
}
