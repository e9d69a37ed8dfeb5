/** `reprise cluster ls`: the clusters that are named in the project's configuration and in the user's. */
import type { ClusterProfile } from '../../../lab/check-config.ts'
import { listClusters } from '../../../lab/clusters.ts'
import { shownPath } from '../../../lab/config.ts'
import { shownCommand } from '../../../lab/host-list.ts'
import { findLab } from '../../../lab/lab.ts'
import { isAsked } from '../../../runners/ssh/profile.ts'
import { EXIT } from '../../exit.ts'
import { terminal } from '../../terminal.ts'
import { table } from '../../words.ts'

const MOST_HOSTS = 4

export async function clusterLs(options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const { clusters, program } = listClusters(findLab(process.cwd()))
  const rows = clusters.map(({ name, profile, path, hides }) => [
    name,
    profile.kind,
    whereWords(profile),
    `${shownPath(path)}${hides === null ? '' : `, in place of ${shownPath(hides)}`}`,
  ])
  for (const line of table(rows)) out.print(line)
  if (program !== null)
    out.say(
      `${shownPath(program)} may name more: it is executed only when a cluster is asked for that is not named here`,
    )
  else if (clusters.length === 0)
    out.say('none yet: reprise cluster add NAME HOST…, or with --slurm, --kubernetes or --aws-batch')
  out.answer({
    clusters: clusters.map(({ name, profile, owner, path, hides }) => ({
      name,
      owner,
      file: path,
      hides,
      ...profileAnswer(profile),
    })),
    program,
  })
  return EXIT.done
}

/** The profile without the values of environment variables, which may be secrets. */
export function profileAnswer(profile: ClusterProfile): object {
  const { env, ...others } = profile
  return env === undefined ? others : { ...others, env: Object.keys(env) }
}

function whereWords(profile: ClusterProfile): string {
  if (profile.kind === 'slurm') {
    const { via = 'local', partition } = profile
    return `${via}${partition === undefined ? '' : `, partition ${partition}`}`
  }
  if (profile.kind === 'kubernetes') {
    const { context = 'current context', namespace, store } = profile
    return `${context}${namespace === undefined ? '' : `, namespace ${namespace}`}, bucket ${store.bucket}`
  }
  if (profile.kind === 'aws-batch') return `queue ${profile.queue}, bucket ${profile.store.bucket}`
  if (isAsked(profile)) return `as said by ${shownCommand(profile)}`
  const names = profile.hosts.map(({ host, engines }) =>
    engines === undefined ? host : `${host} (${engines})`,
  )
  const more = names.length - MOST_HOSTS
  return `${names.slice(0, MOST_HOSTS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
