/** What a supervisor on the head has chunks executed by: engines of the head itself and of the workers that it reaches. */
import { availableParallelism } from 'node:os'
import { localLauncher } from '../local.ts'
import { pool } from '../pool.ts'
import { contentPath } from './far-runs.ts'
import type { Submission } from './submission.ts'
import type { Far } from './supervise.ts'

export function startHere(folder: string, submission: Submission): Far {
  const { capsule, inputs, engines, headEngines, timeoutMs, env } = submission
  const launcher = localLauncher({ env })
  const most = engines ?? Number.POSITIVE_INFINITY
  return {
    capsule: contentPath(folder, submission, capsule),
    inputs: Object.fromEntries(inputs.map((sha256) => [sha256, contentPath(folder, submission, sha256)])),
    runner: pool(launcher, { engines: Math.min(headEngines ?? availableParallelism(), most), timeoutMs }),
    close: launcher.close,
  }
}
