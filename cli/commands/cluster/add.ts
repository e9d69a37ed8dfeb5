/** `reprise cluster add NAME HOST…`: writes a cluster into the user's configuration, or into the project's. */
import { join, resolve } from 'node:path'
import { addCluster } from '../../../lab/add-cluster.ts'
import type { ClusterProfile } from '../../../lab/check-config.ts'
import { shownPath } from '../../../lab/config.ts'
import { findLab } from '../../../lab/lab.ts'
import { parseAddress } from '../../../runners/ssh/address.ts'
import { fromHome } from '../../../runners/ssh/settings.ts'
import { EXIT } from '../../exit.ts'
import { terminal } from '../../terminal.ts'
import { several } from '../../words.ts'
import { profileAnswer } from './ls.ts'

interface AddOptions {
  readonly user?: string
  readonly port?: number
  readonly identity: readonly string[]
  readonly jump: readonly string[]
  readonly directory?: string
  readonly node?: string
  readonly engines?: number
  readonly head?: string
  readonly project?: true
  readonly replace?: true
  readonly json?: boolean
}

export async function clusterAdd(
  name: string,
  hosts: readonly string[],
  options: AddOptions,
): Promise<number> {
  const out = terminal(options)
  const profile = profileOf(hosts, options)
  const owner = options.project === true ? 'project' : 'user'
  const adding = { name, profile, replace: options.replace === true }
  const file = addCluster(findLab(process.cwd()), owner, adding)
  out.print(`cluster ${name}: ${several(hosts.length, 'host')}, in ${shownPath(file)}`)
  out.say(`try it: reprise cluster check ${name}; use it: reprise run FILE --runner ssh:${name}`)
  out.answer({ name, file, owner, ...profileAnswer(profile) })
  return EXIT.done
}

function profileOf(hosts: readonly string[], options: AddOptions): ClusterProfile {
  const { user, port, identity, jump, directory, node, engines, head } = options
  const given = { user, port, directory, node, head }
  return {
    kind: 'ssh',
    hosts: hosts.map((text) => ({ ...parseAddress(text), ...(engines === undefined ? {} : { engines }) })),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(identity.length === 0 ? {} : { identity: identity.map(lasting) }),
    ...(jump.length === 0 ? {} : { jump }),
  }
}

/** The path as it can be said from anywhere; under the home folder, from there. */
function lasting(path: string): string {
  if (/^~(\/|$)/.test(path)) return path
  const whole = resolve(path)
  const home = join(fromHome('~'), '/') // as ssh has it, whatever HOME says
  return whole.startsWith(home) && home !== '/' ? `~/${whole.slice(home.length)}` : whole
}
