/**
 * Ledgers written by whoever has a key: all that a forger can do, since nobody else sees his. Also the honest ones
 * of tests that need no lab.
 */
import { checkpointText } from '../../lib/checkpoint.ts'
import { toHex, utf8 } from '../../lib/digest.ts'
import { type EntryKind, entryBytes } from '../../lib/entry.ts'
import { inclusionProof } from '../../lib/inclusion.ts'
import { leafHash, merkleRoot } from '../../lib/merkle.ts'
import { type Signer, signNote, verifierKeyText } from '../../lib/note.ts'
import { tlogProofText } from '../../lib/tlog-proof.ts'
import type { Json } from '../../lib/values.ts'
import { ledgerText } from '../../provenance/ledger-text.ts'
import { type Manifest, recordDigest, withProof } from '../../provenance/manifest.ts'
import { signerOf } from '../lib/signer.ts'

export interface Said {
  readonly kind: EntryKind
  readonly body: Readonly<Record<string, Json>>
  readonly time?: string
}

export const ORIGIN = `reprise/ledger/${'5a'.repeat(16)}`

/** Entries in order, the first of which opens the ledger. */
export function chained(said: readonly Said[]): Uint8Array[] {
  const entries: Uint8Array[] = []
  for (const [seq, { kind, body, time }] of said.entries()) {
    const prev = seq === 0 ? null : toHex(leafHash(entries[seq - 1]!))
    entries.push(entryBytes({ seq, prev, time: time ?? timeOf(seq), kind, body }))
  }
  return entries
}

/** A second an entry. */
export function timeOf(seq: number): string {
  return new Date(Date.UTC(2026, 10, 25, 12, 0, seq)).toISOString()
}

export function opened(signer: Signer, origin = ORIGIN): Said {
  return { kind: 'ledger-opened', body: { origin, key: verifierKeyText(signer.key) } }
}

export function checkpointOf(entries: readonly Uint8Array[], signer: Signer, origin = ORIGIN): string {
  const root = merkleRoot(entries.map(leafHash))
  return signNote(checkpointText({ origin, size: entries.length, root }), signer)
}

/** The file of the ledger. */
export function ledgerFile(entries: readonly Uint8Array[], signer: Signer, origin = ORIGIN): Uint8Array {
  return utf8(ledgerText({ entries, checkpoint: checkpointOf(entries, signer, origin) }))
}

/** What proves entry `seq` in the ledger of these. */
export function proven(
  entries: readonly Uint8Array[],
  seq: number,
  signer: Signer,
  origin = ORIGIN,
): { entry: string; log: string; key: string } {
  const path = inclusionProof(entries.map(leafHash), seq)
  return {
    entry: new TextDecoder().decode(entries[seq]),
    log: tlogProofText({ index: seq, path, checkpoint: checkpointOf(entries, signer, origin) }),
    key: verifierKeyText(signer.key),
  }
}

export const FORGER: Signer = signerOf('forger.example/key')

/** What a ledger says of the seal of this record, which may lack parts. */
export function sealedBody(record: Omit<Manifest, 'proof'>): Said['body'] {
  const { run, experiment, capsule, results } = record
  const body = {
    run: run?.id,
    experiment: experiment?.hash,
    capsule: capsule?.sha256,
    root: results?.root,
    record: recordDigest(record),
    chunks: results?.chunks,
    jobs: run?.counts?.jobs,
    failedJobs: run?.counts?.failedJobs,
  }
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value ?? null]))
}

/** The record under a ledger that was written for it. */
export function provenAnew(record: Omit<Manifest, 'proof'>, signer: Signer = FORGER): Manifest {
  const entries = chained([opened(signer), { kind: 'run-sealed', body: sealedBody(record) }])
  return withProof(record, proven(entries, 1, signer))
}
