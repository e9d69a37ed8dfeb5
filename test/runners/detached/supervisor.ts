/** A supervisor with engines of this machine, as a process that tests can kill: `supervisor.js FOLDER CAPSULE`. */
import { supervise } from '../../../runners/detached/supervise.ts'
import { localLauncher } from '../../../runners/local.ts'
import { pool } from '../../../runners/pool.ts'

const [folder, capsule] = process.argv.slice(2)
try {
  const state = await supervise(folder!, ({ engines, timeoutMs }) => {
    const launcher = localLauncher()
    return {
      capsule: capsule!,
      inputs: {},
      runner: pool(launcher, { engines: engines ?? 2, timeoutMs }),
      hosts: new Map(),
      close: launcher.close,
    }
  })
  process.exitCode = { done: 0, incomplete: 5, cancelled: 130, failed: 1 }[state]
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
