/** The ssh runner conforms, with real servers: two hosts, one of them behind the other. What stations alone decide, the cluster's suite covers. */
import { after } from 'node:test'
import { clusterLauncher } from '../../runners/cluster.ts'
import { pool } from '../../runners/pool.ts'
import { openShells } from '../../runners/ssh/shells.ts'
import { openStation } from '../../runners/station/open.ts'
import { available, Site, startServer } from '../sshd/server.ts'
import { runnerSuite } from './suite.ts'

if (available('conformance of the ssh runner')) {
  const site = new Site({ after })
  const near = await startServer({ after }, { site, name: 'near' })
  const far = await startServer({ after }, { site, name: 'far', address: '127.0.0.2' })

  runnerSuite(
    'ssh',
    (options) => {
      const direct = openShells(near.profile())
      const behind = openShells(far.profile({ jump: ['near'] }))
      const first = Math.ceil(options.engines / 2)
      const hosts = [
        { name: 'near', engines: first, shells: direct, host: near.host() },
        { name: 'far', engines: options.engines - first, shells: behind, host: far.host() },
      ]
      const launcher = clusterLauncher(
        hosts
          .filter(({ engines }) => engines > 0)
          .map(({ name, engines, shells, host }) => ({
            name,
            engines,
            open: async () => openStation(await shells.shell(host), { directory: host.directory! }),
          })),
      )
      return {
        runner: pool(launcher, options),
        async close() {
          await launcher.close()
          await Promise.all([direct.close(), behind.close()])
        },
      }
    },
    { engines: true, killable: true, repeats: true, brief: process.env.REPRISE_SLOW !== '1' },
  )
}
