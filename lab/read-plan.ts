/** Reads a plan that came from elsewhere: hostile until its shape, its document and its hash were checked, as of a manifest. */
import type { ValidateFunction } from 'ajv'
import { toHex } from '../lib/digest.ts'
import { checkDocument, experimentHash } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { compileOwn } from '../provenance/own-schema.ts'
import { PLAN_SCHEMA } from '../provenance/plan-schema.ts'
import type { Plan } from './plan.ts'

let compiled: ValidateFunction<Plan> | undefined

/** Throws `not-intact`. */
export function readForeignPlan(told: unknown): Plan {
  compiled ??= compileOwn<Plan>(PLAN_SCHEMA)
  if (!compiled(told)) {
    const [first] = compiled.errors ?? []
    throw bad(
      `${first?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${first?.message ?? 'is malformed'}`,
    )
  }
  const { document, hash } = told.experiment
  try {
    checkDocument(document)
  } catch (error) {
    throw error instanceof RepriseError ? bad(`experiment.document: ${error.line}`) : error
  }
  if (toHex(experimentHash(document)) !== hash) throw bad('experiment.hash is not that of its document')
  return told
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: 'plan',
    remedy: 'Collect the run in the lab that handed it over; this cluster has another plan of it',
  })
}
