/** Reads a plan that came from elsewhere: hostile until its shape, its document and its hash were checked, as of a manifest. */
import { toHex } from '../lib/digest.ts'
import { checkDocument, experimentHash } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { misfit } from '../provenance/shape.ts'
import { isPlan } from '../provenance/shapes.ts'
import type { Plan } from './plan.ts'

/** Throws `not-intact`. */
export function readForeignPlan(told: unknown): Plan {
  if (!isPlan(told)) throw bad(misfit(isPlan))
  const plan = told as Plan
  const { document, hash } = plan.experiment
  try {
    checkDocument(document)
  } catch (error) {
    throw error instanceof RepriseError ? bad(`experiment.document: ${error.line}`) : error
  }
  if (toHex(experimentHash(document)) !== hash) throw bad('experiment.hash is not that of its document')
  return plan
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: 'plan',
    remedy: 'Collect the run in the lab that handed it over; this cluster has another plan of it',
  })
}
