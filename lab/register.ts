/**
 * Registration: the experiment and its capsule enter the ledger before any result exists, so that nobody can say later
 * that the question was made to fit the answer. The signed checkpoint is what to publish, or to have timestamped.
 */
import { chunkCount, jobCount } from '../lib/document.ts'
import type { LocalLauncher } from '../runners/launcher.ts'
import { capture } from './capture.ts'
import type { Lab } from './lab.ts'
import { appendEntry, entryName, type ProvenEntry, readLedger } from './ledger.ts'

/** Registers the experiment of `file`; the same with the same capsule only once. Throws as planning a run does. */
export async function register(
  lab: Lab,
  file: string,
  launcher: LocalLauncher,
  time: Date,
  audited = false,
): Promise<ProvenEntry> {
  const { capsule, description, code } = await capture(lab, file, launcher, audited)
  const { document, hash } = description
  const body = {
    experiment: hash,
    name: entryName(document.name),
    capsule: capsule.digest,
    commit: code.commit,
    chunks: chunkCount(document),
    jobs: jobCount(document),
  }
  const isSame = (known: ProvenEntry['entry']['body']) =>
    known.experiment === hash && known.capsule === capsule.digest
  return appendEntry(lab, 'registered', body, time, isSame)
}

/** Entries on the registration of this experiment, oldest first. */
export function registrationsOf(lab: Lab, experiment: string): ProvenEntry['entry'][] {
  const entries = readLedger(lab)?.entries ?? []
  return entries.filter((entry) => entry.kind === 'registered' && entry.body.experiment === experiment)
}
