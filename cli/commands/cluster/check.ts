/** `reprise cluster check NAME`, and `doctor` with the name of a cluster, which tells of each host's arithmetic too. */
import pc from 'picocolors'
import { checkCluster, type HostReport } from '../../../lab/cluster-check.ts'
import { type Cluster, clusterNotes, findCluster } from '../../../lab/clusters.ts'
import type { Check } from '../../../lab/doctor.ts'
import { findLab, type Lab } from '../../../lab/lab.ts'
import type { Checking } from '../../../lab/scheduler-checks.ts'
import { EXIT } from '../../exit.ts'
import { onInterrupt } from '../../interrupt.ts'
import { contactOf } from '../../runner.ts'
import { type Terminal, terminal } from '../../terminal.ts'
import { several, table } from '../../words.ts'

export interface CheckOptions {
  readonly json?: boolean
  /** Has a task started, to see whether its image can be had. */
  readonly image?: boolean
}

export async function clusterCheck(name: string, options: CheckOptions): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const cluster = await findCluster(lab, name, { tell: out.say })
  if (options.image !== true) return examineCluster(lab, cluster, false, out)
  const { signal, over } = onInterrupt(out.say, 'ending the task that was started …')
  try {
    const code = await examineCluster(lab, cluster, false, out, { image: signal })
    return signal.aborted ? EXIT.interrupted : code
  } finally {
    over()
  }
}

/** Tries every host and tells; `whole` with the fingerprint of each. */
export async function examineCluster(
  lab: Lab,
  cluster: Cluster,
  whole: boolean,
  out: Terminal,
  how: Checking = {},
): Promise<number> {
  for (const note of clusterNotes(cluster)) out.say(pc.yellow(note))
  const reports = await checkCluster(lab, cluster, contactOf(out), how)
  for (const report of reports) tellHost(report, whole, out)
  const bad = reports.filter(({ state }) => state === 'bad')
  if (reports.length === 0) out.print(pc.red('it has no hosts now'))
  const isWell = bad.length === 0 && reports.length > 0
  const usable = `${several(reports.length - bad.length, 'host')} of ${reports.length} can be used`
  out.print(
    isWell
      ? pc.green(usable)
      : pc.red(`${usable}${bad.length === 0 ? '' : `; not ${bad.map(({ host }) => host).join(', ')}`}`),
  )
  out.answer({
    cluster: cluster.name,
    well: isWell,
    hosts: reports.map(({ fingerprint, ...report }) => (whole ? { ...report, fingerprint } : report)),
  })
  return isWell ? EXIT.done : EXIT.failed
}

function tellHost({ host, checks, fingerprint, differing }: HostReport, whole: boolean, out: Terminal): void {
  out.print(pc.bold(host))
  const lines = table(
    checks.map(({ name, state, found, remedy }) => [name, state === 'well' ? found : `${found}. ${remedy}`]),
  )
  for (const [i, line] of lines.entries()) out.print(`  ${painted(line, checks[i]!.state)}`)
  if (whole && fingerprint !== null)
    for (const line of table(
      Object.entries(fingerprint).map(([name, digest]) => [
        name,
        digest,
        differing?.includes(name) ? 'other bits than here' : '',
      ]),
    ))
      out.print(`    ${line}`)
}

function painted(line: string, state: Check['state']): string {
  return { well: line, note: pc.yellow(line), bad: pc.red(line) }[state]
}
