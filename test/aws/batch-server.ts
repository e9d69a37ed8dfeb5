/**
 * AWS Batch on this machine, for tests: it speaks the protocol that the SDK's client speaks, checks who signed and what is asked as the
 * service does, and runs containers as processes. On demand answers are lost, requests are refused, machines are taken away.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Lasting } from '../sshd/site.ts'
import { answerTo, Refused } from './answers.ts'
import type { Job } from './job.ts'
import { type JobFaults, Jobs } from './jobs.ts'
import { actionOf, type Definition, faultOf } from './requests.ts'
import { checkSignature, type Key } from './signature.ts'

export interface BatchFaults extends JobFaults {
  /** Share of requests that are refused since there are too many. */
  throttled: number
  /** Whether the answer to a request is lost, which was done. */
  lost: (action: string) => boolean
  /** Actions that are not allowed. */
  readonly denied: Set<string>
}

export interface BatchOptions {
  /** Containers at once. */
  readonly slots?: number
  readonly stepMs?: number
  readonly graceMs?: number
  /** Jobs in one page of a list. */
  readonly pageSize?: number
  /** Whose requests are taken; those of a key of its own when not given. */
  readonly account?: { readonly AWS_ACCESS_KEY_ID: string; readonly AWS_SECRET_ACCESS_KEY: string }
  /** What tasks with a role are given: AWS_ACCESS_KEY_ID and the like. */
  readonly role?: Readonly<Record<string, string>>
  readonly faults?: Partial<BatchFaults>
  readonly seed?: number
}

export interface Queue {
  state: string
  status: string
  jobQueueType: string
  schedulingPolicyArn?: string
}

export interface Registered extends Definition {
  readonly revision: number
  readonly jobDefinitionArn: string
  status: 'ACTIVE' | 'INACTIVE'
}

export const REGION = 'eu-central-1'
const OWN = { AWS_ACCESS_KEY_ID: 'AKIASTANDIN', AWS_SECRET_ACCESS_KEY: 'secret of the stand-in' }
const SHARE_OF_BODY = 65_536

export class BatchStandIn {
  url = ''
  /** Environment of whoever uses it. */
  readonly env: Readonly<Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_REGION', string>>
  readonly faults: BatchFaults
  readonly jobs: Jobs
  readonly queues = new Map<string, Queue>([
    ['spot', { state: 'ENABLED', status: 'VALID', jobQueueType: 'ECS' }],
  ])
  readonly definitions: Registered[] = []
  /** What was asked and done, with what came of it. */
  readonly calls: { readonly action: string; readonly status: number }[] = []
  readonly pageSize: number
  readonly #options: BatchOptions
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #random: number

  constructor(options: BatchOptions) {
    this.#options = options
    this.env = { ...(options.account ?? OWN), AWS_REGION: REGION }
    this.pageSize = options.pageSize ?? 1000
    this.#random = options.seed ?? 1
    const none = { killed: 0, killedMs: 500, twice: 0, blocked: null, throttled: 0, lost: () => false }
    this.faults = { ...none, unpullable: new Set(), denied: new Set(), ...options.faults }
    const { slots = 2, stepMs = 5, graceMs = 5_000 } = options
    this.jobs = new Jobs({
      ...{ slots, stepMs, graceMs, faults: this.faults, random: () => this.random() },
      surroundings: (job) => this.#surroundings(job),
    })
  }

  async start(): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    await this.jobs.close()
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }

  /** Jobs that were submitted, without children. */
  get submitted(): Job[] {
    return [...this.jobs.all.values()].filter(({ index }) => index === null)
  }

  /** From 0 to 1, the same in every test of the same order. */
  random(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0
    return this.#random / 2 ** 32
  }

  /** What AWS Batch and ECS set. Credentials of the role are had as from ECS, but for where they are. */
  #surroundings({ jobId, jobQueue, index, size, attempts, definition }: Job): Record<string, string> {
    const hasRole =
      definition.containerProperties.jobRoleArn !== undefined && this.#options.role !== undefined
    return {
      AWS_BATCH_JOB_ID: jobId,
      AWS_BATCH_JQ_NAME: jobQueue,
      AWS_BATCH_CE_NAME: 'spot-machines',
      AWS_BATCH_JOB_ATTEMPT: String(attempts.length + 1),
      ...(index === null
        ? {}
        : { AWS_BATCH_JOB_ARRAY_INDEX: String(index), AWS_BATCH_JOB_ARRAY_SIZE: String(size) }),
      ...(hasRole
        ? {
            AWS_CONTAINER_CREDENTIALS_FULL_URI: `${this.url}/credentials`,
            AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token of a task',
          }
        : {}),
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length
      if (bytes < SHARE_OF_BODY) chunks.push(chunk as Buffer)
    }
    const say = (status: number, body: object, type?: string) => {
      if (response.destroyed) return
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(type === undefined ? {} : { 'x-amzn-errortype': type }),
      })
      response.end(JSON.stringify(body))
    }
    if (request.url === '/credentials') return this.#giveCredentials(request, say)
    const isLogs = request.headers['x-amz-target'] === 'Logs_20140328.GetLogEvents'
    const action = isLogs ? 'GetLogEvents' : actionOf(request.url ?? '')
    if (action === null || request.method !== 'POST')
      return say(404, { message: 'Not Found' }, 'UnknownOperationException')
    try {
      const body = this.#accept(request, Buffer.concat(chunks), action)
      const answer = answerTo(this, action, body)
      this.calls.push({ action, status: 200 })
      if (this.faults.lost(action)) response.destroy()
      else say(200, answer)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.calls.push({ action, status: error.status })
      say(error.status, { message: error.message }, error.type)
    }
  }

  /** The body of a request that may be done. Throws `Refused`. */
  #accept(request: IncomingMessage, bytes: Buffer, action: string): unknown {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = this.env
    const keys: Key[] = [{ id, secret }]
    const service = action === 'GetLogEvents' ? 'logs' : 'batch'
    const unsigned = checkSignature(request, bytes, { keys, region: REGION, service })
    if (unsigned !== null) throw new Refused(403, unsigned.type, unsigned.message)
    if (this.faults.denied.has(action))
      throw new Refused(
        403,
        'AccessDeniedException',
        `User: arn:aws:iam::123456789012:user/somebody is not authorized to perform: ${service}:${action} on resource: *`,
      )
    if (this.random() < this.faults.throttled)
      throw new Refused(429, 'TooManyRequestsException', 'Too Many Requests')
    const body: unknown = JSON.parse(bytes.length === 0 ? '{}' : bytes.toString('utf8'))
    const fault = service === 'logs' ? null : faultOf(action, body)
    if (fault !== null) throw new Refused(400, 'ClientException', fault)
    return body
  }

  #giveCredentials({ headers }: IncomingMessage, say: (status: number, body: object) => void): void {
    const { role = {} } = this.#options
    if (headers.authorization !== 'token of a task') say(401, { message: 'Unauthorized' })
    else
      say(200, {
        AccessKeyId: role.AWS_ACCESS_KEY_ID,
        SecretAccessKey: role.AWS_SECRET_ACCESS_KEY,
        Token: role.AWS_SESSION_TOKEN ?? '',
        Expiration: new Date(Date.now() + 3_600_000).toISOString(),
      })
  }
}

/** A stand-in that ends with the test, with all that it started. */
export async function startBatch(t: Lasting, options: BatchOptions = {}): Promise<BatchStandIn> {
  const batch = new BatchStandIn(options)
  await batch.start()
  t.after(() => batch.stop())
  return batch
}
