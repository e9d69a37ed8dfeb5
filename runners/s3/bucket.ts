/**
 * A bucket as this program talks to it: by the AWS SDK, set so that services that are not AWS take it as well. Credentials are
 * found by the SDK's usual chain where they are used, and are never asked for, kept or told here.
 */
import { createHash } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import { silenceSdkWarning } from '../cloud/sdk-warning.ts'
import type { S3Place } from './place.ts'
import { PATIENT, type Retries, retryStrategy } from './retries.ts'
import { countedAgents, type Traffic } from './traffic.ts'

export interface BucketOptions {
  readonly signal?: AbortSignal
  readonly retries?: Retries
  /** A connection on which nothing comes or goes for this long is given up, ms. */
  readonly idleMs?: number
  /** A service that does not answer a new connection for this long cannot be reached, ms. */
  readonly connectMs?: number
  /** Keys in a page of a listing; as many as the service gives when not said. */
  readonly page?: number
}

export interface Bucket {
  readonly place: S3Place
  readonly client: S3Client
  readonly retries: Retries
  readonly signal: AbortSignal | undefined
  readonly page: number | undefined
  /** Goes with each request. */
  readonly sending: { readonly abortSignal?: AbortSignal }
  readonly traffic: Traffic
  close(): void
}

const IDLE_MS = 60_000
const CONNECT_MS = 10_000
/** Where a service that is not AWS is asked for its region, and nobody named one. */
const ANY_REGION = 'us-east-1'

export function openBucket(place: S3Place, options: BucketOptions = {}): Bucket {
  const { signal, retries = PATIENT, idleMs = IDLE_MS, connectMs = CONNECT_MS } = options
  const { endpoint, profile } = place
  const { agents, traffic } = countedAgents()
  silenceSdkWarning()
  const region = place.region ?? (endpoint === undefined ? undefined : regionHere())
  const client = new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    forcePathStyle: place.pathStyle ?? endpoint !== undefined,
    // What the SDK adds of its own accord breaks R2, older MinIO and Ceph. What is put has Content-MD5, which all of them check,
    // and is signed with its SHA-256; what is got is held against the SHA-256 that it was put with.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryStrategy: retryStrategy(retries, signal),
    requestHandler: { ...agents, socketTimeout: idleMs, connectionTimeout: connectMs },
  })
  digestDeletions(client)
  if (place.pathStyle === undefined) nameInPath(client)
  const sending = signal === undefined ? {} : { abortSignal: signal }
  return {
    place,
    client,
    retries,
    signal,
    page: options.page,
    sending,
    traffic,
    close: () => client.destroy(),
  }
}

function regionHere(): string {
  return process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || ANY_REGION
}

/** The user's own configuration may name a service that is not AWS (AWS_ENDPOINT_URL), which the SDK finds by itself. */
function nameInPath({ config, middlewareStack }: S3Client): void {
  const found = config as { serviceConfiguredEndpoint?: () => Promise<string | undefined> }
  middlewareStack.add(
    (next) => async (args) => {
      if ((await found.serviceConfiguredEndpoint?.()) !== undefined) config.forcePathStyle = true
      return next(args)
    },
    { step: 'initialize', name: 'nameInPath', priority: 'high' },
  )
}

/** Many keys are removed by a request that must have a checksum: of MD5, which all services know. */
function digestDeletions(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const { headers, body } = args.request as { headers: Record<string, string>; body?: string }
        if (commandName === 'DeleteObjectsCommand' && body !== undefined) {
          for (const name of Object.keys(headers))
            if (/^x-amz-(sdk-)?checksum-/i.test(name)) delete headers[name]
          headers['content-md5'] = createHash('md5').update(body).digest('base64')
        }
        return next(args)
      },
    { step: 'build', name: 'digestDeletions', priority: 'low' },
  )
}
