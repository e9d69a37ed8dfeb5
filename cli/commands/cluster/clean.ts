/** `reprise cluster clean NAME`: removes what Reprise keeps on the hosts, but for unfinished runs. */
import pc from 'picocolors'
import { type Cleaned, cleanCluster } from '../../../lab/cluster-clean.ts'
import { clusterNotes, findCluster } from '../../../lab/clusters.ts'
import { bytesWords } from '../../../lab/host-words.ts'
import { findLab } from '../../../lab/lab.ts'
import { fromErrorRecord } from '../../../lib/errors.ts'
import { EXIT } from '../../exit.ts'
import { contactOf } from '../../runner.ts'
import { terminal } from '../../terminal.ts'

export async function clusterClean(name: string, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const cluster = await findCluster(lab, name, { execute: false })
  for (const note of clusterNotes(cluster)) out.say(pc.yellow(note))
  const cleaned = await cleanCluster(lab, cluster, contactOf(out))
  for (const each of cleaned) out.print(each.error === null ? cleanedWords(each) : pc.red(cleanedWords(each)))
  out.answer({ cluster: name, hosts: cleaned })
  return cleaned.every(({ error }) => error === null) ? EXIT.done : EXIT.failed
}

function cleanedWords({ host, directory, removed, sharedWith, error }: Cleaned): string {
  if (error !== null) return `${host}: ${fromErrorRecord(error).line}`
  if (sharedWith !== null) return `${host}: ${directory} is shared with ${sharedWith}`
  return `${host}: ${bytesWords(removed)} removed from ${directory}`
}
