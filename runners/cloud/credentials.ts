/**
 * Credentials of a container, from where platforms put them: variables; a web identity (EKS); the container's own address (ECS,
 * Batch, EKS Pod Identity); the machine's (IMDSv2). In the order of the usual clients, and for who has no such client.
 */
import { readFileSync } from 'node:fs'
import { domainOf } from './object-url.ts'
import { type Patience, patiently, USUAL } from './patiently.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export type Variables = Readonly<Record<string, string | undefined>>

/** Where containers of AWS and EKS ask, in the clear. */
const CONTAINER = 'http://169.254.170.2'
const IN_THE_CLEAR =
  /^(127\.\d+\.\d+\.\d+|localhost|\[::1\]|169\.254\.170\.2|169\.254\.170\.23|\[fd00:ec2::23\])$/
const METADATA = 'http://169.254.169.254'
/** Elsewhere nobody is at that address, and nothing comes back. */
const SOON: Patience = { tries: 3, firstMs: 250, answerMs: 2_000 }
const ROLES = '/latest/meta-data/iam/security-credentials/'

/** Null where there are none anywhere. Throws with what was said where there should be some. */
export async function credentials(
  env: Variables,
  region: string,
  patience: Patience = USUAL,
  container = CONTAINER,
): Promise<Credentials | null> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env
  if (id && secret) return made(id, secret, token)
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE && env.AWS_ROLE_ARN) return byWebIdentity(env, region, patience)
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = env
  if (relative || full) return ofContainer(env, relative ? container + relative : full!, patience)
  return env.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'true' ? null : ofMachine(env)
}

async function byWebIdentity(env: Variables, region: string, patience: Patience): Promise<Credentials> {
  const url = env.AWS_ENDPOINT_URL_STS || `https://sts.${region}.${domainOf(region)}`
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: env.AWS_ROLE_ARN!,
    RoleSessionName: env.AWS_ROLE_SESSION_NAME || 'reprise',
    WebIdentityToken: readFileSync(env.AWS_WEB_IDENTITY_TOKEN_FILE!, 'utf8').trim(),
  })
  const { status, bytes } = await patiently(
    (signal) => fetch(url, { method: 'POST', body, signal }),
    patience,
  )
  const text = bytes.toString('utf8')
  const field = (name: string) => new RegExp(`<${name}>\\s*([^<]+?)\\s*</${name}>`).exec(text)?.[1]
  const [id, secret, token] = [field('AccessKeyId'), field('SecretAccessKey'), field('SessionToken')]
  if (status === 200 && id && secret) return made(id, secret, token)
  throw new Error(`the role ${env.AWS_ROLE_ARN} was not given: ${status} ${field('Message') ?? ''}`)
}

async function ofContainer(env: Variables, from: string, patience: Patience): Promise<Credentials> {
  const url = new URL(from)
  if (url.protocol !== 'https:' && !IN_THE_CLEAR.test(url.hostname))
    throw new Error(`credentials are not asked for in the clear at ${url.hostname}`)
  const file = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  const token = file ? readFileSync(file, 'utf8').trim() : env.AWS_CONTAINER_AUTHORIZATION_TOKEN
  const headers: Record<string, string> = token ? { Authorization: token } : {}
  return read(await patiently((signal) => fetch(url, { headers, signal }), patience), url.host)
}

async function ofMachine(env: Variables): Promise<Credentials | null> {
  const base = (env.AWS_EC2_METADATA_SERVICE_ENDPOINT || METADATA).replace(/\/$/, '')
  const ask = (path: string, init: RequestInit) =>
    patiently((signal) => fetch(base + path, { ...init, signal }), SOON)
  let token: string
  try {
    const lasting = { 'X-aws-ec2-metadata-token-ttl-seconds': '300' }
    const { status, bytes } = await ask('/latest/api/token', { method: 'PUT', headers: lasting })
    if (status !== 200) return null
    token = bytes.toString('utf8')
  } catch {
    return null // no machine of AWS
  }
  const headers = { 'X-aws-ec2-metadata-token': token }
  const { status, bytes } = await ask(ROLES, { headers })
  if (status === 404) return null // it has no role
  const role = bytes.toString('utf8').trim().split('\n')[0]!
  if (status !== 200) throw new Error(`the machine does not tell its role: ${status}`)
  return read(await ask(ROLES + role, { headers }), 'the machine')
}

function read({ status, bytes }: { status: number; bytes: Buffer }, who: string): Credentials {
  if (status !== 200) throw new Error(`${who} gives no credentials: ${status}`)
  let told: Record<string, unknown> = {}
  try {
    told = JSON.parse(bytes.toString('utf8'))
  } catch {}
  const { AccessKeyId: id, SecretAccessKey: secret, Token: token } = told
  if (typeof id === 'string' && typeof secret === 'string')
    return made(id, secret, typeof token === 'string' ? token : undefined)
  throw new Error(`${who} gives no credentials`)
}

function made(accessKeyId: string, secretAccessKey: string, sessionToken: string | undefined): Credentials {
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}
