/** `reprise cluster accept NAME HOST FINGERPRINT`: trusts the one host key that has this fingerprint. */
import { clusterNotes, findSshCluster } from '../../../lab/clusters.ts'
import { shownPath } from '../../../lab/config.ts'
import { settled } from '../../../lab/host-list.ts'
import { findLab } from '../../../lab/lab.ts'
import { acceptKey } from '../../../runners/ssh/accept.ts'
import { EXIT } from '../../exit.ts'
import { contactOf } from '../../runner.ts'
import { terminal } from '../../terminal.ts'

export async function clusterAccept(
  name: string,
  host: string,
  fingerprint: string,
  options: { json?: boolean },
): Promise<number> {
  const out = terminal(options)
  const cluster = await findSshCluster(findLab(process.cwd()), name, { execute: false })
  for (const note of clusterNotes(cluster)) out.say(note)
  const { profile } = await settled(cluster, { execute: false })
  const asking = { name, ...contactOf(out) }
  const { file, line, key } = await acceptKey(profile, host, fingerprint, asking)
  const done = line === null ? 'was trusted before, by' : 'is trusted from now on, and written into'
  out.print(`the key ${key} of ${host} ${done} ${shownPath(file)}`)
  out.answer({ cluster: name, host, key, file, added: line })
  return EXIT.done
}
