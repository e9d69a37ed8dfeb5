/** `reprise cluster add NAME HOST…`, `cluster add NAME --slurm`, `--kubernetes`, `--aws-batch`: writes a cluster into the user's configuration, or the project's. */
import { addCluster } from '../../../lab/add-cluster.ts'
import type { ClusterProfile } from '../../../lab/check-config.ts'
import { shownPath } from '../../../lab/config.ts'
import { findLab } from '../../../lab/lab.ts'
import { isAsked } from '../../../runners/ssh/profile.ts'
import { type ProfileWords, profileOf } from '../../cluster-profile.ts'
import { EXIT } from '../../exit.ts'
import { terminal } from '../../terminal.ts'
import { several } from '../../words.ts'
import { profileAnswer } from './ls.ts'

interface AddOptions extends ProfileWords {
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
  out.print(`cluster ${name}: ${whatWords(profile)}, in ${shownPath(file)}`)
  out.say(`try it: reprise cluster check ${name}; use it: reprise run FILE --runner ${profile.kind}:${name}`)
  out.answer({ name, file, owner, ...profileAnswer(profile) })
  return EXIT.done
}

function whatWords(profile: ClusterProfile): string {
  switch (profile.kind) {
    case 'ssh':
      return isAsked(profile) ? 'hosts that a program says' : several(profile.hosts.length, 'host')
    case 'slurm':
      return `Slurm ${profile.via === undefined || profile.via === 'local' ? 'of this machine' : `by ${profile.via}`}`
    case 'kubernetes':
      return `Kubernetes by ${profile.context ?? 'the current context'}, with the bucket ${profile.store.bucket}`
    case 'aws-batch':
      return `AWS Batch, queue ${profile.queue}, with the bucket ${profile.store.bucket}`
  }
}
