/** `reprise cluster clean NAME`: removes what Reprise keeps on the hosts, and in a bucket, but for runs that are needed still. */
import pc from 'picocolors'
import type { CleanedBucket } from '../../../lab/bucket-clean.ts'
import { type Cleaned, cleanCluster } from '../../../lab/cluster-clean.ts'
import { clusterNotes, findCluster } from '../../../lab/clusters.ts'
import { bytesWords } from '../../../lab/host-words.ts'
import { findLab } from '../../../lab/lab.ts'
import { fromErrorRecord } from '../../../lib/errors.ts'
import { EXIT } from '../../exit.ts'
import { contactOf } from '../../runner.ts'
import { terminal } from '../../terminal.ts'
import { several } from '../../words.ts'

export async function clusterClean(
  name: string,
  options: { dryRun?: true; json?: boolean },
): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const cluster = await findCluster(lab, name, { execute: false })
  for (const note of clusterNotes(cluster)) out.say(pc.yellow(note))
  const dryRun = options.dryRun === true
  const { hosts, bucket } = await cleanCluster(lab, cluster, dryRun, contactOf(out))
  const verb = dryRun ? 'would be removed' : 'removed'
  const told = [
    ...hosts.map((each) => ({ ...each, words: cleanedWords(each, verb) })),
    ...(bucket === null ? [] : [{ ...bucket, words: bucketWords(bucket, verb) }]),
  ]
  for (const { error, words } of told) out.print(error === null ? words : pc.red(words))
  for (const run of bucket?.kept ?? [])
    out.say(`${run} stays in the bucket: it is not known here that all of it was collected`)
  out.answer({ cluster: name, ...(dryRun ? { dryRun } : {}), hosts, ...(bucket === null ? {} : { bucket }) })
  return told.every(({ error }) => error === null) ? EXIT.done : EXIT.failed
}

function bucketWords({ place, removed, keys, error }: CleanedBucket, verb: string): string {
  if (error !== null) return `${place}: ${fromErrorRecord(error).line}`
  const which = removed.length === 0 ? '' : `: ${removed.join(', ')}`
  return `${place}: ${several(removed.length, 'run')} of ${several(keys, 'object')} ${verb}${which}`
}

function cleanedWords({ host, directory, removed, sharedWith, error }: Cleaned, verb: string): string {
  if (error !== null) return `${host}: ${fromErrorRecord(error).line}`
  if (sharedWith !== null) return `${host}: ${directory} is shared with ${sharedWith}`
  return `${host}: ${bytesWords(removed)} ${verb} from ${directory}`
}
