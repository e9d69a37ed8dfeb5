/**
 * Runs over a bucket, for the suites of clouds: what tasks need is put there, tasks are the programs that travel, started as a cloud
 * starts them, and the service is one that is not ours.
 */
import { readFileSync } from 'node:fs'
import { RepriseError } from '../../lib/errors.ts'
import type { ArrayEngine } from '../../runners/array/engine.ts'
import { contentKey } from '../../runners/array/layout.ts'
import { type ArrayRunnerOptions, arrayRunner } from '../../runners/array/runner.ts'
import { bring } from '../../runners/cloud/bring.ts'
import { type Container, containerOf } from '../../runners/cloud/container.ts'
import { cloudProgram } from '../../runners/cloud/program.ts'
import { placeOfRun, type S3Place } from '../../runners/s3/place.ts'
import { s3Store } from '../../runners/s3/s3-store.ts'
import type { MadeRunner } from './suite.ts'
import { digestOf } from './workshop.ts'

export type EngineOf = (run: string, container: (array: number) => Container) => ArrayEngine

let runs = 0

/** A runner of a run of its own, whose tasks have `engines`. Its store has credentials from this process's environment. */
export async function runnerOver(
  place: S3Place,
  engineOf: EngineOf,
  options: Pick<ArrayRunnerOptions, 'engines' | 'timeoutMs'> & Partial<ArrayRunnerOptions>,
): Promise<MadeRunner> {
  const run = `20300101T00000${String(++runs).padStart(4, '0')}-abcdef`
  const own = placeOfRun(place, run)
  const store = s3Store(own)
  const { boot, pod } = await cloudProgram()
  const tasks = { place: own, boot, program: pod.sha256, env: {} }
  const engine = engineOf(run, (array) => containerOf(tasks, array))
  const how = { taskMs: 600_000, chunkMs: 1, maxTasks: null, lookMs: 50 }
  const runner = arrayRunner({ engine, store, ...how, ...options })
  return {
    runner: {
      ...runner,
      async execute(assignment, sink, signal) {
        const capsule = digestOf(read(assignment.capsule))
        const content = { ...assignment.inputs, [capsule]: assignment.capsule }
        await bring(store, { program: pod, content }, signal)
        const inputs = Object.keys(assignment.inputs).map((sha256) => [sha256, contentKey(sha256)])
        const inStore = { capsule: contentKey(capsule), inputs: Object.fromEntries(inputs) }
        await runner.execute({ ...assignment, ...inStore }, sink, signal)
      },
    },
    close() {
      engine.close?.()
      store.close()
    },
  }
}

/** As a head does, which has looked at it before anything is brought. */
function read(capsule: string): Buffer {
  try {
    return readFileSync(capsule)
  } catch (cause) {
    const what = `the capsule cannot be read: ${(cause as Error).message}`
    throw new RepriseError('not-found', what, { subject: capsule, cause })
  }
}
