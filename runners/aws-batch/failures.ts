/**
 * Why AWS Batch did not do what was asked, in one line, and what to do. Of what it says only the first line is told: what follows in
 * a refusal of a signature is the whole request, with the session's token in it.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { BatchWishes } from './profile.ts'

/** What was being done. `ask`: about what is there already, which nothing that is refused concerns. */
export type Doing = 'prepare' | 'submit' | 'ask'

const MOST_WORDS = 400

const UNACCEPTED =
  /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|AuthFailure|InvalidAccessKeyId)/
const EXPIRED = /^(ExpiredToken|RequestExpired|TokenRefreshRequired)/
const DENIED = /^(AccessDenied|UnauthorizedOperation|NotAuthorized|OptInRequired)/
const THROTTLED = /^(TooManyRequests|Throttl|RequestLimitExceeded|SlowDown)/
/** With fewer, or later, it may be taken. */
const FULL = /too many jobs|(limit|quota|maximum)[^.]*\bjobs\b|\bjobs\b[^.]*\b(limit|quota)/i

const REMEDIES: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/queue/i, '`aws batch describe-job-queues` lists those that are there; see `queue` of the profile'],
  [/fargate|vcpu|memory|resource requirement/i, 'See `cpus`, `memory` and `platform` of the profile'],
  [/role/i, 'See `jobRole` and `executionRole` of the profile, and whether you may pass them (iam:PassRole)'],
  [/image/i, 'See `image` of the profile'],
  [/attempts|retry/i, 'Give `attempts` of the profile a number from 1 to 10'],
]

interface Failure {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** The error for whatever the SDK threw. */
export function refusalOf(error: unknown, doing: Doing, wishes: BatchWishes): RepriseError {
  if (error instanceof RepriseError) return error
  const { name = 'Error', code, message = '', $metadata = {} } = error as Failure
  const words = firstLine(message) || name
  const refused = doing === 'ask' ? 'engine' : 'usage'
  const say = (how: 'engine' | 'usage' | 'busy', what: string, remedy: string) =>
    new RepriseError(how, what, { subject: 'aws-batch', remedy, cause: error })
  if (/CredentialsProviderError|TokenProviderError/.test(name) || /could not load credentials/i.test(message))
    return say(
      'engine',
      `there are no credentials: ${words}`,
      'Log in (`aws configure`, `aws sso login`), or see `profile` of the profile',
    )
  if (/region is missing/i.test(message))
    return say('usage', 'it is not known in which region', 'Give `region` in the profile, or set AWS_REGION')
  if (UNACCEPTED.test(name))
    return say(
      'engine',
      `the credentials are not accepted: ${words}`,
      'See whether `aws sts get-caller-identity` takes them; they are looked for in the environment, then in the AWS configuration',
    )
  if (EXPIRED.test(name))
    return say('engine', `the credentials are of no use any more: ${words}`, 'Log in again (`aws sso login`)')
  if (DENIED.test(name)) {
    const right = /\b(batch|iam):\w+/.exec(message)?.[0] ?? 'what is told there'
    return say(refused, `it is forbidden: ${words}`, `Have your administrator allow ${right}`)
  }
  if (THROTTLED.test(name) || $metadata.httpStatusCode === 429)
    return say('engine', `is asked too often: ${words}`, 'Try again later, or use fewer tasks at once')
  const lost = doing === 'submit' ? 'it is not known whether it was taken: ' : ''
  if (name === 'AbortError' || (name === 'TimeoutError' && code === undefined))
    return say('engine', `${lost}it did not answer in time`, whereOf(wishes))
  if (code !== undefined || $metadata.httpStatusCode === undefined)
    return say('engine', `${lost}it cannot be reached: ${words}`, whereOf(wishes))
  if ($metadata.httpStatusCode >= 500)
    return say(
      'engine',
      `${lost}it is in trouble: ${words}`,
      'Try again later; health.aws.amazon.com tells more',
    )
  if (doing === 'submit' && FULL.test(message))
    return say(
      'busy',
      `no room for as many tasks now: ${words}`,
      'Wait until others have ended, or lower `maxTasks` in the profile',
    )
  const remedy = REMEDIES.find(([pattern]) => pattern.test(message))?.[1] ?? 'See the profile of the queue'
  return say(refused, `does not take it: ${words}`, remedy)
}

function whereOf({ endpoint, region }: BatchWishes): string {
  if (endpoint !== undefined) return `See whether ${endpoint} answers: it is the \`endpoint\` of the profile`
  return `See whether there is a network, and a region ${region ?? 'as AWS_REGION says'}`
}

function firstLine(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? ''
  return line.trim().replace(/\.$/, '').slice(0, MOST_WORDS)
}
