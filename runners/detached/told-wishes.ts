/** What is asked of a scheduler for each task, read strictly, by its kind: it becomes words of sbatch, or requests to others. */
import type { BatchWishes } from '../aws-batch/profile.ts'
import type { KubernetesWishes, Toleration } from '../kubernetes/profile.ts'
import type { S3Place } from '../s3/place.ts'
import type { SlurmWishes } from '../slurm/profile.ts'
import {
  count,
  list,
  oneOf,
  plain,
  type Reader,
  record,
  shape,
  text,
  url,
  whole,
  yesOrNo,
} from './told-values.ts'

const keys: Reader<string> = (value) => {
  const told = text(value)
  return told === null || /^\/|\/$/.test(told) ? null : told
}

export const readPlace: Reader<S3Place> = shape<S3Place>(
  {
    ...{ bucket: text, prefix: keys, region: text, profile: text, pathStyle: yesOrNo },
    ...{ endpoint: url, endpointInside: url },
  },
  'bucket',
)

export const readSlurmWishes: Reader<SlurmWishes> = shape<SlurmWishes>({
  ...{ partition: text, account: text, qos: text, constraint: text, time: text, memory: text },
  ...{ cpus: count, engines: count, maxTasks: count, extra: list(text) },
})

const toleration = shape<Toleration>({
  ...{ key: text, operator: oneOf('Exists', 'Equal'), value: text },
  effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  tolerationSeconds: whole,
})

export const readKubernetesWishes: Reader<KubernetesWishes> = shape<KubernetesWishes>(
  {
    ...{ kubeconfig: text, context: text, namespace: text, image: text },
    resources: shape<NonNullable<KubernetesWishes['resources']>>({
      requests: record(text),
      limits: record(text),
    }),
    ...{ parallelism: count, nodeSelector: record(text), tolerations: list(toleration) },
    ...{ serviceAccount: text, secretName: text, template: plain, engines: count, maxTasks: count },
    store: readPlace,
  },
  'store',
)

export const readBatchWishes: Reader<BatchWishes> = shape<BatchWishes>(
  {
    ...{ region: text, profile: text, endpoint: url, queue: text, image: text },
    ...{ jobRole: text, executionRole: text, platform: oneOf('EC2', 'FARGATE') },
    ...{ cpus: count, memory: count, engines: count, attempts: count, maxTasks: count },
    store: readPlace,
  },
  'queue',
  'store',
)
