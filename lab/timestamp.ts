/**
 * Timestamps for checkpoints: an authority signs that a checkpoint existed at a time, and the token enters the ledger; for
 * a manifest, also its proof. A token that is not good is kept nowhere.
 */
import { randomBytes } from 'node:crypto'
import { toBase64 } from '../lib/base64.ts'
import { toHex, utf8 } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import { checkpointDigest, parseTlogProof, provenBy } from '../lib/tlog-proof.ts'
import { MAX_TIMESTAMPS } from '../provenance/manifest.ts'
import { verifyTimestamp } from '../provenance/timestamp.ts'
import { readTimestamp, timestampRequest } from '../provenance/timestamp-request.ts'
import type { Timestamp } from '../provenance/timestamp-verdict.ts'
import { rewriteProof } from './attach.ts'
import type { Lab } from './lab.ts'
import { appendEntry, demandLedger, readLedger } from './ledger.ts'
import { type FoundRecord, runOfManifest } from './record.ts'
import { intactManifest } from './rerun.ts'
import { askTsa } from './tsa.ts'

export interface Authority {
  readonly url: string
  /** Trusted certificates in PEM; none: any authority will do, and is not said to be trusted. */
  readonly certificates: readonly string[]
}

export interface Stamped {
  /** Entries under the checkpoint, and its digest. */
  readonly size: number
  readonly checkpoint: string
  readonly authority: string
  readonly timestamp: Timestamp
}

/** Has the ledger's latest checkpoint timestamped. Throws `not-found`, `refused` or `not-intact`; then nothing was added. */
export async function stampLedger(lab: Lab, authority: Authority): Promise<Stamped> {
  const view = readLedger(lab)
  if (view === null) {
    throw new RepriseError('not-found', 'the lab has no ledger yet', {
      subject: lab.path,
      remedy: 'Run or register an experiment first',
    })
  }
  const { token, ...stamped } = await stamp(view.checkpoint, view.head.size, authority)
  record(lab, stamped, token)
  return stamped
}

/** Has the checkpoint that a manifest carries timestamped, and writes the manifest with the token in its proof. */
export async function stampManifest(
  lab: Lab,
  found: FoundRecord,
  output: string,
  authority: Authority,
): Promise<Stamped> {
  const { manifest } = intactManifest(lab, found)
  const { log, entry, timestamps = [] } = manifest.proof
  if (log === undefined || entry === undefined) {
    throw new RepriseError('not-found', 'this record carries no checkpoint (it is older than version 0.3)', {
      subject: `run ${manifest.run.id}`,
    })
  }
  if (timestamps.length >= MAX_TIMESTAMPS)
    throw new RepriseError('usage', `a manifest takes ${MAX_TIMESTAMPS} timestamps at most`, {
      subject: 'timestamp',
    })
  const run = runOfManifest(lab, manifest)
  if (run !== null) demandLedger(lab) // before anything is written
  const proof = parseTlogProof(log)
  const { size } = provenBy(proof, utf8(entry)).checkpoint
  const { token, ...stamped } = await stamp(proof.checkpoint, size, authority)
  // Others may have added to it while the authority was asked.
  rewriteProof(manifest, run, ({ timestamps = [] }) => ({ timestamps: [...timestamps, token] }), output)
  if (run !== null) record(lab, stamped, token)
  return stamped
}

async function stamp(
  checkpoint: string,
  size: number,
  { url, certificates }: Authority,
): Promise<Stamped & { token: string }> {
  const digest = checkpointDigest(checkpoint)
  const nonce = new Uint8Array(randomBytes(8))
  const answer = await askTsa(url, timestampRequest(digest, nonce))
  const token = readTimestamp(answer.response)
  const timestamp = verifyTimestamp(token, digest, certificates, nonce)
  const [problem] = timestamp.problems
  if (problem !== undefined) {
    throw new RepriseError('not-intact', `the timestamp is not good: ${problem}`, {
      subject: answer.url,
      remedy: 'Nothing was recorded; ask another authority',
    })
  }
  return { size, checkpoint: toHex(digest), authority: answer.url, timestamp, token: toBase64(token) }
}

function record(lab: Lab, { size, checkpoint }: Stamped, token: string): void {
  appendEntry(lab, 'timestamped', { size, checkpoint, token }, new Date())
}
