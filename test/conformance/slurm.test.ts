/** The array runner conforms with a real Slurm of two nodes of this machine, and tasks that put soon what they are told. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderStore } from '../../runners/array/folder-store.ts'
import { arrayRunner } from '../../runners/array/runner.ts'
import { slurmEngine } from '../../runners/slurm/engine.ts'
import { available, SlurmCluster } from '../slurm/cluster.ts'
import { runnerSuite } from './suite.ts'

if (available('the conformance of the Slurm runner')) conform()

function conform(): void {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'reprise-slurm-runs-')))
  const program = fileURLToPath(new URL('../runners/array/tasker.js', import.meta.url))
  const cluster = new SlurmCluster(mkdtempSync(join(tmpdir(), 'reprise-slurm-')), { nodes: 2, cpus: 4 })
  let stores = 0
  before(() => cluster.start())
  after(async () => {
    await cluster.stop()
    for (const folder of [top, cluster.folder]) rmSync(folder, { recursive: true, force: true })
  })
  runnerSuite(
    'slurm',
    ({ engines, timeoutMs = null, silenceMs }) => {
      const storeFolder = join(top, String(++stores))
      const wishes = { cpus: 1, engines }
      const engine = slurmEngine({
        ...{ wishes, storeFolder, program, node: process.execPath },
        env: { ...process.env, ...cluster.env },
      })
      const silent = silenceMs === undefined ? {} : { silenceMs }
      const runner = arrayRunner({
        ...{ engine, store: folderStore(storeFolder), engines, timeoutMs, ...silent },
        ...{ taskMs: 600_000, chunkMs: 1, maxTasks: null, lookMs: 50 },
      })
      return { runner, close: () => {} }
    },
    { engines: true, killable: true, brief: process.env.REPRISE_SLOW !== '1' },
  )
}
