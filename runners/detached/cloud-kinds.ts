/**
 * Kubernetes and AWS Batch as a head has them: containers that are started elsewhere, over the run's own place in an object store.
 * What tasks need is brought there before the first of them is asked for.
 */
import type { ArrayEngine } from '../array/engine.ts'
import { contentKey } from '../array/layout.ts'
import { batchEngine } from '../aws-batch/engine.ts'
import { bring } from '../cloud/bring.ts'
import { type Container, containerOf } from '../cloud/container.ts'
import { cloudProgramHere } from '../cloud/program-here.ts'
import { kubernetesEngine } from '../kubernetes/engine.ts'
import { placeOfRun } from '../s3/place.ts'
import { type S3Store, s3Store } from '../s3/s3-store.ts'
import { markElsewhere } from './elsewhere.ts'
import { contentPath } from './far-runs.ts'
import type { SchedulerKind, TasksOfRun } from './scheduler-kind.ts'
import type { BatchManner, KubernetesManner, Submission } from './submission.ts'
import { taskEngines } from './task-engines.ts'

interface InRun {
  readonly run: string
  readonly container: (array: number) => Container
}

/** Nothing has this prefix: who may list it may list. */
const NOTHING = 'arrays/0/'
const MB = 2 ** 20

export const kubernetesKind = cloudKind<KubernetesManner>(({ wishes }, inRun) =>
  kubernetesEngine({ wishes, ...inRun }),
)

export const batchKind = cloudKind<BatchManner>(({ wishes }, inRun) => batchEngine({ wishes, ...inRun }))

function cloudKind<M extends KubernetesManner | BatchManner>(
  engineOf: (manner: M, inRun: InRun) => ArrayEngine,
): SchedulerKind<M> {
  return {
    async probe(manner) {
      const engine = engineOf(manner, { run: 'probe', container: () => ({ command: [], env: {} }) })
      const store = s3Store(manner.wishes.store)
      try {
        const facts = await engine.probe()
        await store.list(NOTHING)
        return facts
      } finally {
        engine.close?.()
        store.close()
      }
    },

    begin(submission, manner, { folder }) {
      const { run, capsule, inputs, env } = submission
      const place = placeOfRun(manner.wishes.store, run)
      markElsewhere(folder, manner.wishes.store)
      const { boot, pod } = cloudProgramHere()
      const store = s3Store(place)
      let { region } = place
      const container = (array: number) =>
        containerOf(
          {
            place: { ...place, ...(region === undefined ? {} : { region }) },
            boot,
            program: pod.sha256,
            env,
          },
          array,
        )
      const bringAll = bringing(store, pod, folder, submission)
      return {
        engine: engineOf(manner, { run, container }),
        store,
        capsule: contentKey(capsule),
        inputs: Object.fromEntries(inputs.map((sha256) => [sha256, contentKey(sha256)])),
        engines: taskEngines(manner),
        maxTasks: manner.wishes.maxTasks ?? null,
        async prepare(signal, note) {
          // tasks know nothing of this machine's settings
          region ??= await store.region()
          await bringAll(signal, note)
        },
        close: () => store.close(),
      }
    },
  }
}

function bringing(
  store: S3Store,
  program: ReturnType<typeof cloudProgramHere>['pod'],
  folder: string,
  submission: Submission,
): NonNullable<TasksOfRun['prepare']> {
  const all = [submission.capsule, ...submission.inputs]
  const content = Object.fromEntries(all.map((sha256) => [sha256, contentPath(folder, submission, sha256)]))
  return async (signal, note) => {
    const { objects, bytes } = await bring(store, { program, content }, signal)
    if (objects > 0) note(`${objects} objects of ${(bytes / MB).toFixed(1)} MB were put into the store`)
  }
}
