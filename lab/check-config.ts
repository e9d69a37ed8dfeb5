/**
 * Whether a configuration holds what it may, told in words: which file, where in it, and what is allowed there. What a
 * project's own file may say is less than what the user's may (see config.ts for why).
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { RepriseError } from '../lib/errors.ts'
import type { BatchProfile } from '../runners/aws-batch/profile.ts'
import type { KubernetesProfile } from '../runners/kubernetes/profile.ts'
import type { SlurmProfile } from '../runners/slurm/profile.ts'
import type { SshProfile } from '../runners/ssh/profile.ts'
import { checkCloud } from './check-cloud.ts'
import { checkForeign } from './check-foreign.ts'
import { checkSlurm } from './check-slurm.ts'
import { CLUSTER_SCHEMAS, type ClusterKind, CONFIG_SCHEMA } from './config-schema.ts'

/** Clusters of a scheduler, to which a run is handed over whole. */
export type SchedulerProfile = SlurmProfile | CloudProfile
/** Those that start containers, with an object store between. */
export type CloudProfile = KubernetesProfile | BatchProfile
export type ClusterProfile = SshProfile | SchedulerProfile

/** Whose a configuration is: it came with the project, or the user wrote it for themselves. */
export type ConfigOwner = 'project' | 'user'

type Check = ValidateFunction<unknown>
const compiled = new Map<object, Check>()
let ajv: Ajv | undefined

/** A schema as a function, made when it is first needed. */
function checkOf(schema: object): Check {
  ajv ??= new Ajv({ strict: true, strictRequired: false, verbose: true, logger: false })
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const check = ajv.compile(schema)
  compiled.set(schema, check)
  return check
}

/** The clusters of a configuration file's content, by name. Throws `usage`, or `refused` for what a project may not say. */
export function checkConfig(json: unknown, file: string, owner: ConfigOwner): Map<string, ClusterProfile> {
  demand(CONFIG_SCHEMA, json, file, '')
  const { clusters = {} } = json as { clusters?: Record<string, { kind: ClusterKind }> }
  const checked = new Map<string, ClusterProfile>()
  for (const [name, cluster] of Object.entries(clusters)) {
    const place = `clusters.${name}`
    demand(CLUSTER_SCHEMAS[cluster.kind], cluster, file, place)
    const profile = cluster as ClusterProfile
    if (profile.kind === 'ssh') checkHosts(profile, file, place)
    else if (profile.kind === 'slurm') checkSlurm(profile, file, place)
    else checkCloud(profile, file, place)
    if (owner === 'project') checkForeign(profile, file, place)
    checked.set(name, profile)
  }
  return checked
}

function demand(schema: object, value: unknown, file: string, place: string): void {
  const check = checkOf(schema)
  if (check(value)) return
  // The last is the one that encloses the others: an alternative, a name.
  throw wrong(file, ...faultOf(check.errors!.at(-1)!, place))
}

/** Where, what is wrong with it, and what is allowed. */
function faultOf(
  { instancePath, keyword, params, parentSchema }: ErrorObject,
  place: string,
): [string, string] {
  const at = [...(place === '' ? [] : [place]), ...instancePath.split('/').slice(1).map(unescaped)]
  const where = at.reduce(
    (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
    '',
  )
  const allowed = String(parentSchema?.description)
  if (keyword === 'additionalProperties') {
    const known = Object.keys((parentSchema?.properties as object) ?? {}).filter((name) => name !== '$schema')
    return [where, `has no field ${quoted(params.additionalProperty)}; it may have ${known.join(', ')}`]
  }
  if (keyword === 'required')
    return [where, `lacks the field ${quoted(params.missingProperty)}; it must be ${allowed}`]
  if (keyword === 'propertyNames') {
    const names = parentSchema?.propertyNames as { description?: string } | undefined
    return [where, `has the name ${quoted(params.propertyName)}; a name must be ${names?.description}`]
  }
  return [where, `must be ${allowed}`]
}

const unescaped = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')
const quoted = (text: unknown) => JSON.stringify(String(text).slice(0, 80))

/** What a schema cannot say: no host twice, a head that is one of them, and room for an engine. */
function checkHosts({ hosts, port, user, head }: SshProfile, file: string, place: string): void {
  const seen = new Set<string>()
  for (const [i, host] of hosts.entries()) {
    const key = JSON.stringify([host.host, host.port ?? port ?? 22, host.user ?? user ?? ''])
    if (seen.has(key))
      throw wrong(file, `${place}.hosts[${i}]`, 'is there already; each host may be named once')
    seen.add(key)
  }
  if (head !== undefined && !hosts.some(({ host }) => host === head))
    throw wrong(
      file,
      `${place}.head`,
      `must be one of the hosts: ${hosts
        .map(({ host }) => host)
        .join(', ')
        .slice(0, 200)}`,
    )
  if (hosts.every(({ engines }) => engines === 0))
    throw wrong(file, `${place}.hosts`, 'have no room for an engine; one at least must have engines above 0')
}

function wrong(file: string, where: string, what: string): RepriseError {
  return new RepriseError('usage', what, { subject: where === '' ? file : `${file}: ${where}` })
}
