/** From the words of `cluster add` to a profile: hosts that are reached by ssh, or the cluster of a scheduler. */
import type { ClusterProfile } from '../lab/check-config.ts'
import type { ClusterKind } from '../lab/config-schema.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Prices } from '../runners/cloud/prices.ts'
import type { SlurmProfile } from '../runners/slurm/profile.ts'
import { parseAddress } from '../runners/ssh/address.ts'
import type { SshProfile } from '../runners/ssh/profile.ts'
import { batchProfile, type CloudWords, kubernetesProfile } from './cloud-profile.ts'
import { given } from './given.ts'
import { lasting } from './lasting.ts'

interface SshWords {
  readonly user?: string
  readonly port?: number
  readonly identity: readonly string[]
  readonly jump: readonly string[]
  readonly head?: string
}

interface SlurmWords {
  readonly via?: string
  readonly partition?: string
  readonly account?: string
  readonly qos?: string
  readonly constraint?: string
  readonly time?: string
  readonly extra: readonly string[]
}

/** What the tasks of any scheduler may be given. */
interface TaskWords {
  readonly memory?: string
  readonly cpus?: number
  readonly maxTasks?: number
  readonly taskTime?: number
}

export interface ProfileWords extends SshWords, SlurmWords, TaskWords, CloudWords {
  readonly slurm?: true
  readonly kubernetes?: true
  readonly awsBatch?: true
  readonly directory?: string
  readonly node?: string
  readonly engines?: number
  readonly price?: Prices
}

type Word = Exclude<keyof ProfileWords, 'slurm' | 'kubernetes' | 'awsBatch'>

const TASKS = ['memory', 'cpus', 'maxTasks', 'taskTime'] as const
const BUCKET = ['bucket', 'prefix', 'endpoint', 'endpointInside', 'region', 'profile', 'image'] as const
/** By the kind of a cluster, the words that not all kinds know; the rest belong to any. */
const KNOWN: Readonly<Record<ClusterKind, readonly Word[]>> = {
  ssh: ['user', 'port', 'identity', 'jump', 'head', 'node'],
  slurm: ['via', 'partition', 'account', 'qos', 'constraint', 'time', 'extra', 'node', ...TASKS],
  kubernetes: [
    ...(['kubeconfig', 'context', 'namespace', 'secret', 'serviceAccount', 'parallelism'] as const),
    ...(['nodeSelector', ...BUCKET, ...TASKS] as const),
  ],
  'aws-batch': [
    ...(['queue', 'jobRole', 'executionRole', 'platform', 'attempts', 'batchEndpoint'] as const),
    ...BUCKET,
    ...TASKS,
  ],
}

/** Throws `usage` for words that belong to clusters of another kind. */
export function profileOf(hosts: readonly string[], words: ProfileWords): ClusterProfile {
  const kind = kindOf(words)
  if (kind !== 'ssh' && hosts.length > 0)
    throw usage('HOST', 'is for clusters that are reached by ssh', 'A scheduler knows its nodes itself')
  demandKnown(words, kind)
  if (kind === 'ssh' && hosts.length === 0)
    throw usage('HOST', 'is missing', 'Name the hosts, or say --slurm, --kubernetes or --aws-batch')
  const profile =
    kind === 'ssh'
      ? sshProfile(hosts, words)
      : kind === 'slurm'
        ? slurmProfile(words)
        : kind === 'kubernetes'
          ? kubernetesProfile(words)
          : batchProfile(words)
  return words.price === undefined ? profile : { ...profile, prices: words.price }
}

function kindOf({ slurm, kubernetes, awsBatch }: ProfileWords): ClusterKind {
  const said = Object.entries({ slurm, kubernetes, 'aws-batch': awsBatch }).filter(([, yes]) => yes === true)
  if (said.length > 1)
    throw usage(
      said.map(([kind]) => `--${kind}`).join(', '),
      'are clusters of several kinds',
      'Say one of them',
    )
  return (said[0]?.[0] as ClusterKind | undefined) ?? 'ssh'
}

function sshProfile(hosts: readonly string[], words: ProfileWords): SshProfile {
  const { user, port, identity, jump, directory, node, engines, head } = words
  return {
    kind: 'ssh',
    hosts: hosts.map((text) => ({ ...parseAddress(text), ...(engines === undefined ? {} : { engines }) })),
    ...given({ user, port, directory, node, head }),
    ...(identity.length === 0 ? {} : { identity: identity.map(lasting) }),
    ...(jump.length === 0 ? {} : { jump }),
  }
}

function slurmProfile(words: ProfileWords): SlurmProfile {
  const { via, directory, node, engines, extra } = words
  const { partition, account, qos, constraint, time, memory, cpus, maxTasks, taskTime } = words
  return {
    kind: 'slurm',
    ...given({ via, directory, node, partition, account, qos, constraint, time, memory }),
    ...given({ cpus, engines, maxTasks, taskTime }),
    ...(extra.length === 0 ? {} : { extra }),
  }
}

function demandKnown(words: ProfileWords, kind: ClusterKind): void {
  for (const [other, names] of Object.entries(KNOWN))
    for (const name of names) {
      const value = words[name]
      if (KNOWN[kind].includes(name) || (Array.isArray(value) ? value.length === 0 : value === undefined))
        continue
      const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
      throw usage(option, 'is for clusters of another kind', remedyFor(kind, other))
    }
}

function remedyFor(kind: ClusterKind, other: string): string {
  if (other !== 'ssh') return kind === 'ssh' ? `Say --${other}` : `Leave it out, or say --${other}`
  const via = kind === 'slurm' ? '; a Slurm cluster of another machine is reached --via ssh:NAME' : ''
  return `Leave it out, or --${kind}${via}`
}

function usage(subject: string, message: string, remedy: string): RepriseError {
  return new RepriseError('usage', message, { subject, remedy })
}
