/**
 * A run that another lab handed over to a cluster comes into this one: its plan, capsule and inputs, with digests checked;
 * then it can be collected here as there. Nothing of it is executed.
 */
import { join } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import type { Head } from '../runners/detached/head.ts'
import { chunksIn } from '../runners/detached/submission.ts'
import { newDetached, writeDetached } from './detached.ts'
import { DETACHED_NAME, type Lab, makeLab, type RunFolder } from './lab.ts'
import { demandLedger } from './ledger.ts'
import { plannedChunks } from './missing.ts'
import { keepForeignCapsule, keepInput } from './objects.ts'
import { placeRun } from './plan.ts'
import { readForeignPlan } from './read-plan.ts'

/**
 * Places the run. Throws `not-found`, `not-intact`, `refused`; then the lab has no such run. Of its content, which has digests,
 * one at a time is held in memory.
 */
export async function fetchRun(lab: Lab, head: Head, runner: string, id: string): Promise<RunFolder> {
  const submission = await head.submission(id)
  const plan = readForeignPlan(submission.plan)
  if (plan.rerun !== null)
    throw refused(id, 'repeats another run, with which only the lab that planned it can compare it')
  if (plan.replicate != null) throw refused(id, 'has chunks that are to be executed twice')
  const { capsule, inputs, hash, chunks, run } = submission
  const named = [...new Set(Object.values(plan.inputs))].sort().join()
  const same =
    run === id &&
    plan.run === id &&
    hash === plan.experiment.hash &&
    capsule === plan.capsule.sha256 &&
    [...inputs].sort().join() === named
  if (!same)
    throw new RepriseError('not-intact', 'its plan is not that of what is executed', { subject: `run ${id}` })
  if (chunksIn(chunks) !== plannedChunks(plan))
    throw refused(id, 'was begun elsewhere: not all of it is on this cluster')
  const bytes = await head.content(id, capsule)
  if (bytes.length !== plan.capsule.bytes)
    throw new RepriseError('not-intact', 'its capsule has not the length that its plan names', {
      subject: `run ${id}`,
    })
  demandLedger(lab)
  makeLab(lab)
  keepForeignCapsule(lab, { bytes, digest: capsule })
  for (const digest of inputs) keepInput(lab, { bytes: await head.content(id, digest), digest }, `run ${id}`)
  const note = newDetached(runner, new Date())
  return placeRun(lab, plan, (folder) => writeDetached({ detached: join(folder, DETACHED_NAME) }, note))
}

function refused(id: string, why: string): RepriseError {
  return new RepriseError('refused', why, {
    subject: `run ${id}`,
    remedy: 'Collect it in the lab that handed it over',
  })
}
