/** The local runner conforms. */
import { localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import { runnerSuite } from './suite.ts'

runnerSuite(
  'local',
  (options) => {
    const launcher = localLauncher()
    return { runner: pool(launcher, options), close: launcher.close }
  },
  { engines: true, killable: true },
)
