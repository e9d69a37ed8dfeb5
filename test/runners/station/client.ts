/** A near side in a process of its own, to be killed and stopped: `node client.js <order as JSON>`. Tells what it started. */
import { readFileSync } from 'node:fs'
import type { StationPatience } from '../../../runners/station/open.ts'
import { openStation } from '../../../runners/station/open.ts'
import { digestOf } from '../../conformance/workshop.ts'
import { localShell } from './shell.ts'

export interface ClientOrder {
  readonly directory: string
  /** Path of a file that is no real engine: it prints numbers of processes and heeds nobody. */
  readonly capsule: string
  readonly patience: StationPatience
}

const [, , words] = process.argv
if (words !== undefined) {
  const { directory, capsule, patience } = JSON.parse(words) as ClientOrder
  const shell = localShell()
  const station = await openStation(shell, { directory, patience })
  const sha256 = digestOf(readFileSync(capsule))
  await station.keep([{ kind: 'capsule', sha256, path: capsule }])
  console.log(`station ${shell.pid}`)
  for (let i = 0; i < 2; i++) station.launch(sha256, []).stdout.pipe(process.stdout)
  void station.lost.then((how) => console.log(`lost: ${how}`))
}
