/** What an API server answers instead of what was asked: Status objects with its own reasons, codes and wording. */
import { longNameOf, RESOURCES, type Resource } from './things.ts'

export interface Cause {
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
  readonly message: string
  readonly field: string
}

export class Refusal extends Error {
  readonly code: number
  readonly reason: string
  readonly details: object | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: number,
    reason: string,
    message: string,
    more: { details?: object; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = more.details
    this.headers = more.headers ?? {}
  }

  get status(): object {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    }
  }
}

const detailsOf = (resource: Resource, name: string) => {
  const { group } = RESOURCES[resource]
  return { name, ...(group === '' ? {} : { group }), kind: resource }
}

export const notFound = (resource: Resource, name: string) =>
  new Refusal(404, 'NotFound', `${longNameOf(resource)} "${name}" not found`, {
    details: detailsOf(resource, name),
  })

export const alreadyExists = (resource: Resource, name: string) =>
  new Refusal(409, 'AlreadyExists', `${longNameOf(resource)} "${name}" already exists`, {
    details: detailsOf(resource, name),
  })

export const conflict = (resource: Resource, name: string, why: string) =>
  new Refusal(409, 'Conflict', `Operation cannot be fulfilled on ${longNameOf(resource)} "${name}": ${why}`, {
    details: detailsOf(resource, name),
  })

export const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again'

export const forbidden = (resource: Resource, name: string, why: string) =>
  new Refusal(
    403,
    'Forbidden',
    `${longNameOf(resource)} ${name === '' ? '' : `"${name}" `}is forbidden: ${why}`,
    {
      details: detailsOf(resource, name),
    },
  )

export const unauthorized = () => new Refusal(401, 'Unauthorized', 'Unauthorized')

export const badRequest = (message: string) => new Refusal(400, 'BadRequest', message)

export const methodNotAllowed = () =>
  new Refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {
    details: {},
  })

export const unsupportedMediaType = () =>
  new Refusal(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/merge-patch+json',
  )

export const expired = (asked: number, oldest: number) =>
  new Refusal(410, 'Expired', `too old resource version: ${asked} (${oldest})`)

export const expiredContinue = () =>
  new Refusal(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
  )

export const tooManyRequests = (seconds: number) =>
  new Refusal(
    429,
    'TooManyRequests',
    'the server has received too many requests and has asked us to try again later',
    {
      details: { retryAfterSeconds: seconds },
      headers: { 'Retry-After': String(seconds) },
    },
  )

export const internalError = () =>
  new Refusal(500, 'InternalError', 'Internal error occurred: etcdserver: request timed out', {
    details: { causes: [{ message: 'etcdserver: request timed out' }] },
  })

/** `Job.batch "x" is invalid: …`, with each cause. */
export function invalid(resource: Resource, name: string, causes: readonly Cause[]): Refusal {
  const { group, kind } = RESOURCES[resource]
  const said = causes.map(({ field, message }) => `${field}: ${message}`)
  const all = said.length === 1 ? said[0]! : `[${said.join(', ')}]`
  return new Refusal(
    422,
    'Invalid',
    `${kind}${group === '' ? '' : `.${group}`} "${name}" is invalid: ${all}`,
    {
      details: { name, ...(group === '' ? {} : { group }), kind, causes },
    },
  )
}

export const required = (field: string, detail = ''): Cause => ({
  reason: 'FieldValueRequired',
  message: `Required value${detail === '' ? '' : `: ${detail}`}`,
  field,
})

export const notValid = (field: string, value: unknown, detail: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${detail}`,
  field,
})

export const notSupported = (field: string, value: unknown, allowed: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${allowed.map((each) => JSON.stringify(each)).join(', ')}`,
  field,
})

export const notAllowed = (field: string, detail: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${detail}`,
  field,
})
