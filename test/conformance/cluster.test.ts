/** The cluster runner conforms, with two hosts that are stations behind shells of this machine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { clusterLauncher } from '../../runners/cluster.ts'
import { pool } from '../../runners/pool.ts'
import { shellHost } from './hosts.ts'
import { runnerSuite } from './suite.ts'

const top = mkdtempSync(join(tmpdir(), 'reprise-cluster-'))
after(() => rmSync(top, { recursive: true, force: true }))
let clusters = 0

runnerSuite(
  'cluster',
  (options) => {
    const folder = join(top, String(++clusters))
    const first = Math.ceil(options.engines / 2)
    const hosts = [shellHost(folder, 'first', first), shellHost(folder, 'second', options.engines - first)]
    const launcher = clusterLauncher(hosts.filter(({ engines }) => engines! > 0))
    return { runner: pool(launcher, options), close: launcher.close }
  },
  { engines: true, killable: true, repeats: true, brief: process.env.REPRISE_SLOW !== '1' },
)
