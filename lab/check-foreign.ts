/** What a project's own file may not say of a cluster, though its user's may; see config.ts for why. */
import { RepriseError } from '../lib/errors.ts'
import type { ClusterProfile } from './check-config.ts'

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
  },
  'aws-batch': { profile: 'which of your AWS profiles is used' },
}
/** Fields by which it could have any program of a host's executed, or any folder used as Reprise's own. */
const ON_HOSTS = ['node', 'directory']
const WHERE = 'which program is executed on your hosts, or which folder is written to'
/** Variables that make a program load other code than its own, or another program be found, or Slurm's programs do something else. */
const LOADS_CODE =
  /^(PATH|HOME|SHELL|IFS|TMPDIR|GCONV_PATH|NODE_.*|BASH_.*|ENV|LD_.*|DYLD_.*|(OPENSSL|SSL|MUNGE|XDG)_.*|(SLURM|SBATCH|SRUN|SQUEUE|SACCT|SCANCEL)_.*)$/

/** Throws `refused`. */
export function checkForeign(profile: ClusterProfile, file: string, place: string): void {
  const refuse = (where: string, what: string) => {
    throw new RepriseError('refused', `a project may not say ${what}`, {
      subject: `${file}: ${where}`,
      remedy:
        'Put this cluster into your own configuration (reprise cluster add), or the setting into ~/.ssh/config',
    })
  }
  const own = USERS_OWN[profile.kind]
  const anywhere = Object.fromEntries(ON_HOSTS.map((field) => [field, WHERE]))
  const said: (readonly [at: string, of: object, fields: Readonly<Record<string, string>>])[] = [
    [place, profile, { ...own, ...anywhere }],
  ]
  if (profile.kind === 'ssh')
    for (const [i, host] of profile.hosts.entries()) said.push([`${place}.hosts[${i}]`, host, anywhere])
  if ('store' in profile)
    said.push([`${place}.store`, profile.store, { profile: 'which of your AWS profiles is used' }])
  for (const [at, of, fields] of said)
    for (const [field, what] of Object.entries(fields))
      if (Object.hasOwn(of, field)) refuse(`${at}.${field}`, what)
  const loads = Object.keys(profile.env ?? {}).find((name) => LOADS_CODE.test(name))
  if (loads === undefined) return
  throw new RepriseError('refused', 'a project may not make programs load other code than their own', {
    subject: `${file}: ${place}.env.${loads}`,
    remedy: 'Leave it out, or put this cluster into your own configuration (reprise cluster add)',
  })
}
