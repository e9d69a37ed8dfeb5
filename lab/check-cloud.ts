/**
 * What a schema cannot say of clusters that have an object store between: how it is spoken to, and what tasks are given.
 *
 * Without TLS a bucket is spoken to only near by: on this machine, or by a name or address that no public network has, such
 * as a MinIO inside the cluster. Requests are signed and never hold the secret, but all that a run is could be read, and what
 * says which chunks a task has could be changed, by whoever is on the way.
 */
import { BlockList, isIP } from 'node:net'
import { RepriseError } from '../lib/errors.ts'
import { isNobodys } from '../runners/cloud/container.ts'
import type { CloudProfile } from './check-config.ts'

/** Characters of a template, as JSON: the API server takes no object of more than 1.5 MB with all that is ours. */
const MOST_TEMPLATE = 2 ** 16
/** What Fargate has, of whole vCPUs. */
const FARGATE_CPUS = [1, 2, 4, 8, 16]

const NEAR = new BlockList()
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const)
  NEAR.addSubnet(net, bits, 'ipv4')
NEAR.addAddress('::1', 'ipv6')
NEAR.addSubnet('fc00::', 7, 'ipv6')
NEAR.addSubnet('fe80::', 10, 'ipv6')

/** Throws `usage`. */
export function checkCloud(profile: CloudProfile, file: string, place: string): void {
  const wrong = (where: string, what: string, remedy: string) =>
    new RepriseError('usage', what, { subject: `${file}: ${place}.${where}`, remedy })
  const { store, env = {} } = profile
  const urls = {
    'store.endpoint': store.endpoint,
    'store.endpointInside': store.endpointInside,
    ...(profile.kind === 'aws-batch' ? { endpoint: profile.endpoint } : {}),
  }
  for (const [where, url] of Object.entries(urls))
    if (url !== undefined && !isSafe(url))
      throw wrong(where, 'is no address near by, and would be spoken to without TLS', 'Say https://')
  const taken = Object.keys(env).find(isNobodys)
  if (taken !== undefined)
    throw wrong(
      `env.${taken}`,
      'is not to be set for tasks',
      'Give tasks their credentials by a secret or a role',
    )
  if (profile.kind === 'kubernetes') {
    const { template } = profile
    if (template !== undefined && JSON.stringify(template).length > MOST_TEMPLATE)
      throw wrong(
        'template',
        `is longer than ${MOST_TEMPLATE} characters`,
        'Leave out what a pod has by itself',
      )
  } else if (profile.platform === 'FARGATE') {
    const { executionRole, cpus = 1 } = profile
    if (executionRole === undefined)
      throw wrong(
        'executionRole',
        'is missing, which Fargate needs',
        'Name the ARN of a role that may start tasks',
      )
    if (!FARGATE_CPUS.includes(cpus))
      throw wrong('cpus', 'is none of what Fargate has', `Say one of ${FARGATE_CPUS.join(', ')}`)
  }
}

/** With TLS, or near by. */
function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || isNear(hostname.replace(/^\[|\]$/g, ''))
}

/** By an address of a private network, or a name that no public network has. */
export function isNear(host: string): boolean {
  const family = isIP(host)
  if (family !== 0) return NEAR.check(host, family === 4 ? 'ipv4' : 'ipv6')
  const name = host.toLowerCase().replace(/\.$/, '')
  return !name.includes('.') || /\.(localhost|local|internal|svc|lan|home\.arpa)$/.test(name)
}
