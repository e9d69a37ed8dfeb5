/** The shape of a run's plan that comes from elsewhere, made of the parts of a manifest's that it becomes. */
import { RUN_SCHEMA } from './manifest-schema.ts'

const { id, planned, file, code, packages, lock, inputs, reprise, math, guard, labels, audited } =
  RUN_SCHEMA.properties
const digest = { type: 'string', pattern: '^[0-9a-f]{64}$' }
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })
const needed = {
  format: { const: 'reprise/run/1' },
  run: id,
  planned,
  file,
  reprise,
  experiment: {
    type: 'object',
    properties: { document: { type: 'object' }, hash: digest },
    required: ['document', 'hash'],
    additionalProperties: false,
  },
  capsule: {
    type: 'object',
    properties: { sha256: digest, bytes: { type: 'integer', minimum: 0 } },
    required: ['sha256', 'bytes'],
    additionalProperties: false,
  },
  packages,
  lock,
  inputs,
  code,
  rerun: orNull({ type: 'object' }),
}

export const PLAN_SCHEMA = {
  type: 'object',
  properties: { ...needed, math, guard, labels, audited, replicate: orNull({ type: 'object' }) },
  required: Object.keys(needed),
  additionalProperties: false,
}
