/** A near side in a process of its own, to be killed and stopped: `node client.js <order as JSON>`. Tells what it started. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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
  // One whose output fills all there is between the two sides when nobody reads it.
  const flood = `import { writeSync } from 'node:fs'
console.error('engine', process.pid)
for (;;) try { writeSync(1, 'x'.repeat(65536)) } catch (error) { if (error.code !== 'EAGAIN') process.exit() }`
  const path = join(mkdtempSync(join(tmpdir(), 'reprise-test-')), 'flood.mjs')
  writeFileSync(path, flood)
  await station.keep([{ kind: 'capsule', sha256: digestOf(flood), path }])
  rmSync(dirname(path), { recursive: true })
  const { stdout, stderr } = station.launch(digestOf(flood), [])
  stdout.resume()
  stderr.pipe(process.stdout)
  void station.lost.then((how) => console.log(`lost: ${how}`))
}
