/**
 * Registration: the experiment and its capsule enter the ledger before any result exists, so that nobody can say later
 * that the question was made to fit the answer. The signed checkpoint is what to publish, or to have timestamped.
 */
import { chunkCount, jobCount } from '../lib/document.ts'
import { codeIdentity } from '../provenance/code.ts'
import type { Launcher } from '../runners/launcher.ts'
import { type Lab, makeLab } from './lab.ts'
import { appendEntry, demandLedger, type ProvenEntry, readLedger } from './ledger.ts'
import { checkFile, makeCapsule } from './make-capsule.ts'
import { keepCapsule, keepInput } from './objects.ts'

/** Registers the experiment of `file`; the same with the same capsule only once. Throws as planning a run does. */
export async function register(lab: Lab, file: string, launcher: Launcher, time: Date): Promise<ProvenEntry> {
  const path = checkFile(file)
  demandLedger(lab)
  const code = codeIdentity(path)
  const { capsule, description, inputs } = await makeCapsule(path, launcher)
  makeLab(lab)
  keepCapsule(lab, capsule)
  for (const [name, input] of Object.entries(inputs)) keepInput(lab, input, `inputs.${name}`)
  const { document, hash } = description
  const { commit } = await code
  const body = {
    experiment: hash,
    document: document as never,
    name: document.name,
    capsule: capsule.digest,
    commit,
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
