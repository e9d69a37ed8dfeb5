/** What of a run is still to be executed, as a runner takes it. */
import { chunkCount } from '../lib/document.ts'
import type { Assignment } from '../runners/runner.ts'
import { executedIn } from './environments.ts'
import type { Lab } from './lab.ts'
import { capsuleBytes, capsulePath, inputPaths } from './objects.ts'
import type { Plan } from './plan.ts'
import { missingReplicas } from './replicas.ts'
import type { ResultsStore } from './results.ts'

/** Chunks that are asked for. */
export function plannedChunks(plan: Plan): number {
  return plan.rerun?.sample?.length ?? chunkCount(plan.experiment.document)
}

/** The chunks that the store does not have. */
export function missingAssignment(lab: Lab, plan: Plan, store: ResultsStore): Assignment {
  return assignmentOf(lab, plan, missingChunks(plan, store))
}

/** The replicas that it does not have, with the wish that engines of another environment execute them. */
export function replicaAssignment(lab: Lab, plan: Plan, store: ResultsStore): Assignment {
  const chunks = missingReplicas(plan, store)
  return { ...assignmentOf(lab, plan, { chunks, count: chunks.length }), executedIn: executedIn(store) }
}

type Missing = Pick<Assignment, 'chunks' | 'count'>

function assignmentOf(lab: Lab, plan: Plan, missing: Missing): Assignment {
  const capsule = capsulePath(lab, plan.capsule.sha256)
  if (missing.count > 0) capsuleBytes(lab, plan.capsule.sha256) // refuses another's
  return { capsule, hash: plan.experiment.hash, ...missing, inputs: inputPaths(lab, plan.inputs) }
}

/**
 * Chunks that the plan asks for and the store does not have: one bit each, whatever their number. A rerun takes them
 * from the last to the first: a result that depends on what ran before it in the same engine gives other bits then.
 */
function missingChunks(plan: Plan, store: ResultsStore): Missing {
  const total = chunkCount(plan.experiment.document)
  const sample = plan.rerun?.sample ?? null
  const there = new Uint8Array(Math.ceil(total / 8))
  let present = 0
  for (const chunk of store.present()) {
    there[chunk >> 3]! |= 1 << (chunk & 7)
    present++
  }
  function* missing(): Generator<number> {
    const count = sample?.length ?? total
    for (let i = 0; i < count; i++) {
      const at = plan.rerun === null ? i : count - 1 - i
      const chunk = sample === null ? at : sample[at]!
      if ((there[chunk >> 3]! & (1 << (chunk & 7))) === 0) yield chunk
    }
  }
  return { chunks: missing(), count: (sample?.length ?? total) - present }
}
