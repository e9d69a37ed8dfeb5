/**
 * What is wrong with a cluster, in one line and with what to do: nobody answered, or the answer is a refusal. Both come with
 * words of libraries and servers, which are shortened and never are taken for more than words.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { Connection } from './connection.ts'

/** A refusal as the API gives it: HTTP status, and of its body's Status what helps. */
export interface Refusal {
  readonly status: number
  /** Such as Forbidden, AlreadyExists, Expired; empty where the answer is none of Kubernetes. */
  readonly reason: string
  readonly message: string
  /** Milliseconds after which it is to be asked again; null where it does not say. */
  readonly retryAfterMs: number | null
}

type Where = Pick<Connection, 'context' | 'namespace' | 'server'>

const MOST = 500
/** Codes of TLS that say that the other side is not who it should be. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS|altnames|certificate/i
const NO_ROUTE =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET|EPIPE|socket hang up/
/** Limits of how much there may be at once; with less, or later, it may be taken. */
const QUOTA = /exceeded quota|too many requests|try again later|please reduce your request rate/i

export function subjectOf({ context }: Pick<Connection, 'context'>): string {
  return `kubernetes (context ${context})`
}

/** In one line, and not too long. */
export function oneLine(text: string, most = MOST): string {
  const line = text.toWellFormed().replace(/\s+/g, ' ').trim()
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`
}

/** Nobody answered, or not in time: `engine`. */
export function unreachable(where: Where, error: unknown): RepriseError {
  const { message, code = '' } = error as NodeJS.ErrnoException
  const words = oneLine(message === '' ? code : message)
  const make = (what: string, remedy: string) =>
    new RepriseError('engine', what, { subject: subjectOf(where), remedy, cause: error })
  if (/HTTP protocol is not allowed/.test(message))
    return make(
      `${where.server} is not encrypted`,
      'Use https, or set insecure-skip-tls-verify in the kubeconfig where that is meant',
    )
  if (CERTIFICATE.test(code) || CERTIFICATE.test(message))
    return make(
      `the certificate of ${where.server} is not trusted: ${words}`,
      'See certificate-authority-data of the kubeconfig, or get a new kubeconfig from the cluster',
    )
  if (NO_ROUTE.test(code) || NO_ROUTE.test(message))
    return make(
      `${where.server} does not answer: ${words}`,
      'See that the cluster runs and is reached from here',
    )
  return make(
    `it cannot be asked: ${words}`,
    `See whether \`kubectl --context ${where.context} get jobs\` answers`,
  )
}

/** The program by which credentials are had did not give any: `engine`. */
export function noCredentials(where: Where, error: unknown): RepriseError {
  const { message, code, path } = error as NodeJS.ErrnoException
  const missing = code === 'ENOENT' ? (path ?? message.replace(/^spawn (\S+) ENOENT$/, '$1')) : null
  const what =
    missing === null
      ? `no credentials could be had: ${oneLine(message) || 'the program that gives them failed'}`
      : `${oneLine(missing)}, by which credentials are had, is not there`
  return new RepriseError('engine', what, {
    subject: subjectOf(where),
    remedy:
      missing === null
        ? `Sign in anew, as for kubectl; see whether \`kubectl --context ${where.context} get jobs\` answers`
        : 'Install it, or see that it is in the PATH; the kubeconfig names it',
    cause: error,
  })
}

/** What a refusal means for whoever asked: `busy`, `usage` or `engine`. */
export function refusalOf(where: Where, { status, reason, message }: Refusal): RepriseError {
  const words = oneLine(message === '' ? `${status} ${reason}`.trim() : message)
  const make = (code: 'busy' | 'usage' | 'engine', what: string, remedy: string) =>
    new RepriseError(code, what, { subject: subjectOf(where), remedy })
  const check = 'see what `reprise cluster check` says of it'
  if (status === 429 || (status === 403 && QUOTA.test(message)))
    return make(
      'busy',
      `has no room now: ${words}`,
      'Wait until others have ended, or lower `maxTasks` in the profile',
    )
  if (status === 401)
    return make(
      'engine',
      `does not take these credentials: ${words}`,
      `Sign in anew, as for kubectl; see whether \`kubectl --context ${where.context} get jobs\` answers`,
    )
  if ((status === 403 || status === 404) && isNamespace(where, message))
    return make(
      'usage',
      `cannot use namespace ${where.namespace}: ${words}`,
      'See `namespace` of the profile',
    )
  if (status === 403)
    return make(
      'usage',
      `forbids it: ${words}`,
      `Ask its administrators for the right, or name another namespace; ${check}`,
    )
  if (status === 404 && reason === '')
    return make('engine', `${where.server} is no API of Kubernetes`, 'See `server` of the kubeconfig')
  if (
    status === 400 ||
    status === 404 ||
    status === 405 ||
    status === 413 ||
    status === 415 ||
    status === 422
  )
    return make(
      'usage',
      `does not take it: ${words}`,
      'See `resources`, `template` and the names in the profile',
    )
  return make('engine', `cannot answer now: ${words}`, 'Try again later')
}

/** It is not there, or ends. */
function isNamespace({ namespace }: Where, message: string): boolean {
  return (
    message.includes(`namespaces "${namespace}" not found`) || /because it is being terminated/.test(message)
  )
}
