/** From the words of `cluster add` to a profile: hosts that are reached by ssh, or a Slurm cluster. */
import { join, resolve } from 'node:path'
import type { ClusterProfile } from '../lab/check-config.ts'
import { RepriseError } from '../lib/errors.ts'
import type { SlurmProfile } from '../runners/slurm/profile.ts'
import { parseAddress } from '../runners/ssh/address.ts'
import type { SshProfile } from '../runners/ssh/profile.ts'
import { fromHome } from '../runners/ssh/settings.ts'

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
  readonly memory?: string
  readonly cpus?: number
  readonly extra: readonly string[]
  readonly maxTasks?: number
  readonly taskTime?: number
}

export interface ProfileWords extends SshWords, SlurmWords {
  readonly slurm?: true
  readonly directory?: string
  readonly node?: string
  readonly engines?: number
}

const OF_SSH = ['user', 'port', 'identity', 'jump', 'head'] as const
const OF_SLURM = [
  'via',
  'partition',
  'account',
  'qos',
  'constraint',
  'time',
  'memory',
  'cpus',
  'extra',
  'maxTasks',
  'taskTime',
] as const

/** Throws `usage` for words that belong to clusters of another kind. */
export function profileOf(hosts: readonly string[], words: ProfileWords): ClusterProfile {
  if (words.slurm === true) {
    if (hosts.length > 0)
      throw usage('HOST', 'is for clusters that are reached by ssh', 'Slurm knows its nodes itself')
    demandNone(
      words,
      OF_SSH,
      'Leave it out, or --slurm; a Slurm cluster of another machine is reached --via ssh:NAME',
    )
    return slurmProfile(words)
  }
  demandNone(words, OF_SLURM, 'Say --slurm')
  if (hosts.length === 0) throw usage('HOST', 'is missing', 'Name the hosts, or say --slurm')
  return sshProfile(hosts, words)
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

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

/** Without what was not said. */
function given<T extends object>(said: T): Given<T> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Given<T>
}

function demandNone(words: ProfileWords, names: readonly (keyof ProfileWords)[], remedy: string): void {
  const said = names.find((name) => {
    const value = words[name]
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  })
  if (said === undefined) return
  const option = `--${said.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  throw usage(option, 'is for clusters of another kind', remedy)
}

/** The path as it can be said from anywhere; under the home folder, from there. */
function lasting(path: string): string {
  if (/^~(\/|$)/.test(path)) return path
  const whole = resolve(path)
  const home = join(fromHome('~'), '/') // as ssh has it, whatever HOME says
  return whole.startsWith(home) && home !== '/' ? `~/${whole.slice(home.length)}` : whole
}

function usage(subject: string, message: string, remedy: string): RepriseError {
  return new RepriseError('usage', message, { subject, remedy })
}
