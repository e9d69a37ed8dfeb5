/** A cloud for tests: a bucket and AWS Batch, each a service of this machine, and runners that use them as they would the real ones. */
import { readFileSync } from 'node:fs'
import { contentKey, programKey } from '../../../runners/array/layout.ts'
import { type ArrayRunnerOptions, arrayRunner } from '../../../runners/array/runner.ts'
import { batchEngine } from '../../../runners/aws-batch/engine.ts'
import type { BatchWishes } from '../../../runners/aws-batch/profile.ts'
import { containerOf } from '../../../runners/cloud/container.ts'
import { type CloudProgram, cloudProgram } from '../../../runners/cloud/program.ts'
import { sha256Of } from '../../../runners/digests.ts'
import type { Runner } from '../../../runners/runner.ts'
import { placeOfRun, type S3Place } from '../../../runners/s3/place.ts'
import { s3Store } from '../../../runners/s3/s3-store.ts'
import { type BatchOptions, type BatchStandIn, REGION, startBatch } from '../../aws/batch-server.ts'
import { startS3 } from '../../s3/server.ts'
import type { Lasting } from '../../sshd/site.ts'
import { ROLE } from './stage.ts'

export interface Cloud {
  readonly batch: BatchStandIn
  readonly place: S3Place
  readonly program: CloudProgram
}

/** Credentials are put into this process's environment, where the SDK looks for them first; tasks have theirs by their role. */
export async function startCloud(t: Lasting, options: BatchOptions = {}): Promise<Cloud> {
  const s3 = await startS3(t)
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = s3.env
  const account = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }
  const batch = await startBatch(t, { ...options, account, role: account })
  Object.assign(process.env, account, { AWS_EC2_METADATA_DISABLED: 'true' })
  return { batch, place: { ...s3.place, region: 'us-east-1' }, program: await cloudProgram() }
}

/** The runner of a run, which puts first what its tasks need. To be closed. */
export function cloudRunner(
  { batch, place, program }: Cloud,
  run: string,
  more: Partial<ArrayRunnerOptions> = {},
  wishes: Partial<BatchWishes> = {},
): { runner: Runner; close(): void } {
  const own = placeOfRun(place, run)
  const store = s3Store(own)
  const tasks = { place: own, boot: program.boot, program: program.pod.sha256, env: {} }
  const engine = batchEngine({
    wishes: { queue: 'spot', endpoint: batch.url, region: REGION, jobRole: ROLE, store: place, ...wishes },
    run,
    container: (array) => containerOf(tasks, array),
  })
  const runner = arrayRunner({
    ...{
      engine,
      store,
      engines: 1,
      timeoutMs: null,
      taskMs: 600_000,
      chunkMs: 1,
      maxTasks: null,
      lookMs: 50,
    },
    ...more,
  })
  const put = async (path: string) => {
    const key = contentKey(sha256Of(readFileSync(path)))
    await store.putFile(key, path)
    return key
  }
  return {
    runner: {
      ...runner,
      async execute(assignment, sink, signal) {
        await store.put(programKey(program.pod.sha256), program.pod.bytes)
        const capsule = await put(assignment.capsule)
        const inputs = await Promise.all(
          Object.entries(assignment.inputs).map(async ([digest, path]) => [digest, await put(path)] as const),
        )
        await runner.execute({ ...assignment, capsule, inputs: Object.fromEntries(inputs) }, sink, signal)
      },
    },
    close() {
      engine.close?.()
      store.close()
    },
  }
}
