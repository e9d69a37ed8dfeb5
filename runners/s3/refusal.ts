/** What an object store says no with, as one line that tells what it is and what to do. No secret is in what it says. */
import { RepriseError } from '../../lib/errors.ts'
import { placeWords, type S3Place } from './place.ts'

/** What is known of an error of the SDK's, or of Node's. */
interface Said {
  readonly name: string
  readonly message: string
  readonly code: string
  readonly status: number
  /** Where the bucket is, where that was said. */
  readonly region: string | null
}

type Kind = readonly [is: (said: Said) => boolean, what: (said: Said) => string, remedy: string]

const named =
  (...names: readonly string[]) =>
  ({ name }: Said) =>
    names.includes(name)

const CREDENTIALS_REMEDY =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in and name the profile; tasks have theirs by a secret or a role'

const KINDS: readonly Kind[] = [
  [
    ({ name, message }) =>
      ['CredentialsProviderError', 'TokenProviderError'].includes(name) ||
      /could not load credentials|resolved credential object is not valid/i.test(message),
    ({ message }) => `no credentials can be had for it (${message})`,
    CREDENTIALS_REMEDY,
  ],
  [
    ({ name, message }) => name !== 'RequestTimeTooSkewed' && /region is missing/i.test(message),
    () => 'it is not known in which region it is',
    'Say region in the profile, or set AWS_REGION',
  ],
  [
    ({ name, status, region }) =>
      region !== null ||
      name === 'PermanentRedirect' ||
      name === 'TemporaryRedirect' ||
      [301, 307].includes(status),
    ({ region }) => `it is in another region${region === null ? '' : `, ${region}`}`,
    'Say that region in the profile, or set AWS_REGION',
  ],
  [
    named('RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'),
    () => "this machine's clock and that of the service are too far apart",
    'Set the clock, best by NTP',
  ],
  [
    named(
      ...[
        'InvalidAccessKeyId',
        'SignatureDoesNotMatch',
        'InvalidToken',
        'ExpiredToken',
        'TokenRefreshRequired',
      ],
      ...['ExpiredTokenException', 'InvalidSecurity', 'InvalidClientTokenId', 'AuthorizationHeaderMalformed'],
      ...['UnrecognizedClientException', 'Unauthorized'],
    ),
    ({ name }) => `its credentials are not taken (${name})`,
    CREDENTIALS_REMEDY,
  ],
  [
    named('NoSuchBucket'),
    () => 'there is no such bucket',
    'Make it first, or name another; see that region and endpoint are right',
  ],
  [
    named('InvalidBucketName'),
    () => 'is no name of a bucket',
    'Name one by lower-case letters, digits, dots and hyphens',
  ],
  [
    ({ name, status }) => name === 'AccessDenied' || status === 403 || status === 401,
    ({ name }) => `it is forbidden${/^\w+$/.test(name) ? ` (${name})` : ''}`,
    'Have s3:ListBucket allowed for the bucket, and s3:GetObject, s3:PutObject and, to clean, s3:DeleteObject below the prefix',
  ],
  [
    ({ code, message }) =>
      /^(ERR_TLS|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO)/.test(code) ||
      /\bSSL\b|wrong version number/.test(message),
    ({ code, message }) => `its certificate is not trusted, or it does not speak TLS (${code || message})`,
    'See the endpoint; give the certificate of a private authority by NODE_EXTRA_CA_CERTS',
  ],
  [
    ({ name, code }) =>
      name === 'TimeoutError' || /^(E(NOTFOUND|AI_AGAIN|CONN|HOST|NET|PIPE|TIMEDOUT|PROTO)|HPE_)/.test(code),
    ({ code, name }) => `cannot be reached (${code || name})`,
    'See that the endpoint is right, that it is up, and that there is a way to it from here',
  ],
  [
    ({ status }) => status === 507,
    () => 'it is full',
    'Make room, or have the quota raised; what was put before is safe',
  ],
  [
    ({ name, status }) => [429, 500, 502, 503, 504].includes(status) || name === 'SlowDown',
    ({ name, status }) => `it keeps being overloaded or broken (${name}, ${status})`,
    'Try again later; what was put before is safe',
  ],
  [
    named('QuotaExceeded', 'EntityTooLarge', 'XMinioStorageFull'),
    ({ name }) => `it has no room for that (${name})`,
    'Make room, or have the quota raised; what was put before is safe',
  ],
]

/** The error of what was asked, of a key where it was about one. `interrupted` where it was us who ended it. */
export function s3Error(cause: unknown, place: S3Place, key = ''): RepriseError {
  if (cause instanceof RepriseError) return cause
  const subject = placeWords(place, key)
  const said = whatWasSaid(cause)
  if (said.name === 'AbortError')
    return new RepriseError('interrupted', 'was ended before it was done', { subject, cause })
  const kind = KINDS.find(([is]) => is(said))
  const what = kind === undefined ? `${said.name}: ${said.message}` : kind[1](said)
  const remedy = kind?.[2] ?? 'See what its service says of it; what was put before is safe'
  return new RepriseError('storage', what, { subject, remedy, cause })
}

/** Does it; what the service says no with becomes an error that tells what to do. */
export async function telling<T>(place: S3Place, key: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw s3Error(error, place, key)
  }
}

/** HTTP status of an error; 0 where there was no answer. */
export function statusOf(error: unknown): number {
  return whatWasSaid(error).status
}

export function nameOf(error: unknown): string {
  return whatWasSaid(error).name
}

function whatWasSaid(error: unknown): Said {
  const given = Object(error) as {
    readonly name?: unknown
    readonly message?: unknown
    readonly code?: unknown
    readonly Code?: unknown
    readonly Region?: unknown
    readonly errors?: readonly { readonly code?: unknown }[]
    readonly $metadata?: { readonly httpStatusCode?: number }
    readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
  }
  const status = given.$metadata?.httpStatusCode ?? 0
  const region =
    given.Region ?? (status === 301 ? given.$response?.headers?.['x-amz-bucket-region'] : undefined)
  return {
    name: plain(given.Code ?? given.name ?? 'Error'),
    message: plain(given.message ?? ''),
    code: plain(given.code ?? given.errors?.[0]?.code ?? ''),
    status,
    region: typeof region === 'string' && /^[\w-]{1,40}$/.test(region) ? region : null,
  }
}

/** A stranger's words, fit for a line. */
function plain(words: unknown): string {
  return String(words)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)
}
