/** What a project's own file may not say of a cluster, though its user's may; see config.ts for why. */
import { RepriseError } from '../lib/errors.ts'
import { isAsked, type SshHost } from '../runners/ssh/profile.ts'
import type { ClusterProfile } from './check-config.ts'

const RIGHTS = 'which secrets or rights tasks are given, for their image could use them'
/** Why each field of a cluster of that kind is the user's alone. */
const USERS_OWN: { readonly [P in ClusterProfile as P['kind']]: Readonly<Record<string, string>> } = {
  ssh: {
    config: 'whom your ssh trusts, or what it runs',
    knownHosts: 'whom your ssh trusts, or what it runs',
  },
  slurm: { extra: 'which options sbatch is given' },
  kubernetes: {
    kubeconfig: 'which kubeconfig is read, for that may run programs here',
    template: 'what else a pod is, for that may reach into its node',
    secretName: RIGHTS,
    serviceAccount: RIGHTS,
  },
  'aws-batch': {
    profile: 'which of your AWS profiles is used',
    jobRole: RIGHTS,
    executionRole: RIGHTS,
  },
}
/** Fields by which it could have any program of a host's executed, or any folder used as Reprise's own. */
const ON_HOSTS = ['node', 'directory']
const WHERE = 'which program is executed on your hosts, or which folder is written to'
/** Variables that make a program load other code than its own, or another program be found, or Slurm's programs do something else. */
const LOADS_CODE =
  /^(PATH|HOME|SHELL|IFS|TMPDIR|GCONV_PATH|NODE_.*|BASH_.*|ENV|LD_.*|DYLD_.*|(OPENSSL|SSL|MUNGE|XDG)_.*|(SLURM|SBATCH|SRUN|SQUEUE|SACCT|SCANCEL)_.*)$/

const ANYWHERE = Object.fromEntries(ON_HOSTS.map((field) => [field, WHERE]))

/** Throws `refused`. */
export function checkForeign(profile: ClusterProfile, file: string, place: string): void {
  const own = USERS_OWN[profile.kind]
  const said: (readonly [at: string, of: object, fields: Readonly<Record<string, string>>])[] = [
    [place, profile, { ...own, ...ANYWHERE }],
  ]
  if (profile.kind === 'ssh' && !isAsked(profile))
    for (const [i, host] of profile.hosts.entries()) said.push([`${place}.hosts[${i}]`, host, ANYWHERE])
  if ('store' in profile)
    said.push([`${place}.store`, profile.store, { profile: 'which of your AWS profiles is used' }])
  for (const [at, of, fields] of said) demandNone(of, fields, file, at)
  const loads = Object.keys(profile.env ?? {}).find((name) => LOADS_CODE.test(name))
  if (loads === undefined) return
  throw new RepriseError('refused', 'a project may not make programs load other code than their own', {
    subject: `${file}: ${place}.env.${loads}`,
    remedy: 'Leave it out, or put this cluster into your own configuration (reprise cluster add)',
  })
}

/** Throws `refused` for a host, or what all have in common, with paths that a project may not say. */
export function demandNoPaths(said: Partial<SshHost>, file: string, place: string): void {
  demandNone(said, ANYWHERE, file, place)
}

function demandNone(of: object, fields: Readonly<Record<string, string>>, file: string, at: string): void {
  for (const [field, what] of Object.entries(fields)) {
    if ((of as Record<string, unknown>)[field] === undefined) continue
    throw new RepriseError('refused', `a project may not say ${what}`, {
      subject: `${file}: ${at}.${field}`,
      remedy:
        'Put this cluster into your own configuration (reprise cluster add), or the setting into ~/.ssh/config',
    })
  }
}
