/**
 * Objects against the official OpenAPI description of Kubernetes: values by validators that were generated from it
 * (kubernetes-models), unknown fields by the tables that the official client carries, which were generated from it too. As with
 * fieldValidation=Strict, nothing unknown is let through.
 */
import * as client from '@kubernetes/client-node'
import { SelfSubjectAccessReview } from 'kubernetes-models/authorization.k8s.io/v1'
import { Job } from 'kubernetes-models/batch/v1'
import { Event, Pod } from 'kubernetes-models/v1'
import { badRequest, type Cause, notSupported, notValid, Refusal, required } from './refusal.ts'

interface Attribute {
  readonly baseName: string
  readonly type: string
}
interface Model {
  getAttributeTypeMap?(): readonly Attribute[]
}
const MODELS = client as unknown as Readonly<Record<string, Model | undefined>>

interface Complaint {
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
}
type Kind = new (data: never) => { validate(): void }
const KINDS = { Event, Job, Pod, SelfSubjectAccessReview } as unknown as Readonly<Record<string, Kind>>

export type Described = 'Event' | 'Job' | 'Pod' | 'SelfSubjectAccessReview'
const CLASSES: Readonly<Record<Described, string>> = {
  Event: 'CoreV1Event',
  Job: 'V1Job',
  Pod: 'V1Pod',
  SelfSubjectAccessReview: 'V1SelfSubjectAccessReview',
}

const NO_QUANTITY =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

/** Fields that servers before a minor version of 1.x do not know. */
const SINCE: Readonly<Record<string, number>> = {
  'spec.podFailurePolicy': 26,
  'spec.backoffLimitPerIndex': 29,
  'spec.maxFailedIndexes': 29,
  'spec.podReplacementPolicy': 29,
  'spec.successPolicy': 31,
  'spec.managedBy': 32,
}

/**
 * What is wrong with an object of a kind; causes that are for the kind's own rules to add to. Throws BadRequest for what cannot
 * be decoded: unknown fields, values of another type.
 */
export function checkSchema(kind: Described, thing: unknown, minor: number): Cause[] {
  const unknown = unknownFields(thing, CLASSES[kind], '')
  const tooNew = Object.entries(SINCE).flatMap(([field, since]) =>
    kind === 'Job' && minor < since && has(thing, field) ? [field] : [],
  )
  const complaints = complaintsOf(kind, thing)
  const undecodable = complaints.filter(({ keyword }) => keyword === 'type' || keyword === 'format')
  const strict = [...unknown, ...tooNew].map((field) => `unknown field "${field}"`)
  if (undecodable.length > 0) {
    const { instancePath, params, message } = undecodable[0]!
    const field = instancePath.slice(1).replaceAll('/', '.')
    const why = /\.resources\.(requests|limits)\./.test(field)
      ? NO_QUANTITY
      : `json: cannot unmarshal into Go struct field ${kind}.${field} of type ${params.type ?? message}`
    throw badRequest(`${kind} in version "v1" cannot be handled as a ${kind}: ${why}`)
  }
  if (strict.length > 0)
    throw badRequest(
      `${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: ${strict.join(', ')}`,
    )
  return complaints.map(causeOf)
}

/** All that is wrong with an object by the description, a line each. */
export function problemsOf(kind: Described, thing: unknown): string[] {
  const unknown = unknownFields(thing, CLASSES[kind], '').map((field) => `unknown field ${field}`)
  return [...unknown, ...complaintsOf(kind, thing).map((each) => `${each.instancePath} ${each.message}`)]
}

function complaintsOf(kind: Described, thing: unknown): readonly Complaint[] {
  try {
    new KINDS[kind]!(thing as never).validate()
    return []
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof Error) || !('errors' in error)) throw error
    return error.errors as readonly Complaint[]
  }
}

function causeOf({ instancePath, keyword, params, message }: Complaint): Cause {
  const field = instancePath
    .slice(1)
    .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.')
  if (keyword === 'required') return required([field, params.missingProperty].filter(Boolean).join('.'))
  if (keyword === 'enum') return notSupported(field, '', params.allowedValues as string[])
  return notValid(field, '', message ?? keyword)
}

function has(thing: unknown, path: string): boolean {
  return (
    path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], thing) != null
  )
}

function unknownFields(value: unknown, type: string, path: string): string[] {
  const item = /^Array<(.*)>$/.exec(type)?.[1]
  if (item !== undefined)
    return Array.isArray(value)
      ? value.flatMap((each, at) => unknownFields(each, item, `${path}[${at}]`))
      : []
  const model = MODELS[type]
  if (model?.getAttributeTypeMap === undefined || typeof value !== 'object' || value === null) return []
  const known = new Map(model.getAttributeTypeMap().map(({ baseName, type }) => [baseName, type]))
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`
    const innerType = known.get(key)
    return innerType === undefined ? [at] : unknownFields(inner, innerType, at)
  })
}
