/** From the words of `cluster add --kubernetes` and `--aws-batch` to a profile. What is wrong with a word the schema says. */
import { RepriseError } from '../lib/errors.ts'
import type { BatchProfile } from '../runners/aws-batch/profile.ts'
import { amountOf } from '../runners/kubernetes/amounts.ts'
import type { KubernetesProfile } from '../runners/kubernetes/profile.ts'
import type { S3Place } from '../runners/s3/place.ts'
import { given } from './given.ts'
import { lasting } from './lasting.ts'

/** Where runs have their bucket, and what else the kinds of the cloud know. */
export interface CloudWords {
  readonly bucket?: string
  readonly prefix?: string
  readonly endpoint?: string
  readonly endpointInside?: string
  readonly region?: string
  readonly profile?: string
  readonly image?: string
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
  readonly secret?: string
  readonly serviceAccount?: string
  readonly parallelism?: number
  /** Each `key=value`. */
  readonly nodeSelector: readonly string[]
  readonly queue?: string
  readonly jobRole?: string
  readonly executionRole?: string
  readonly platform?: 'EC2' | 'FARGATE'
  readonly attempts?: number
  readonly batchEndpoint?: string
}

interface Words extends CloudWords {
  readonly directory?: string
  readonly engines?: number
  readonly memory?: string
  readonly cpus?: number
  readonly maxTasks?: number
  readonly taskTime?: number
}

/** Throws `usage` where the bucket is missing. */
export function kubernetesProfile(words: Words): KubernetesProfile {
  const { kubeconfig, context, namespace, image, serviceAccount, secret, parallelism } = words
  const { cpus, memory, directory, engines, maxTasks, taskTime } = words
  const amounts = given({ cpu: cpus === undefined ? undefined : String(cpus), memory: sized(memory) })
  const selector = words.nodeSelector.map(labelOf)
  return {
    kind: 'kubernetes',
    ...given({ kubeconfig: kubeconfig === undefined ? undefined : lasting(kubeconfig) }),
    ...given({ context, namespace, image, serviceAccount, secretName: secret, parallelism }),
    ...(Object.keys(amounts).length === 0 ? {} : { resources: resourcesOf(amounts) }),
    ...(selector.length === 0 ? {} : { nodeSelector: Object.fromEntries(selector) }),
    ...given({ engines, maxTasks, directory, taskTime }),
    store: storeOf(words),
  }
}

/** Throws `usage` where the bucket or the queue is missing, or the memory is no amount. */
export function batchProfile(words: Words): BatchProfile {
  const { region, profile, batchEndpoint, queue, image, jobRole, executionRole, platform } = words
  const { cpus, memory, directory, engines, attempts, maxTasks, taskTime } = words
  if (queue === undefined) throw missing('--queue', 'Name the job queue')
  return {
    kind: 'aws-batch',
    ...given({ region, profile, endpoint: batchEndpoint, image, jobRole, executionRole, platform }),
    queue,
    ...given({ cpus, memory: memory === undefined ? undefined : mebibytes(memory) }),
    ...given({ engines, attempts, maxTasks, directory, taskTime }),
    store: storeOf(words),
  }
}

function storeOf({ bucket, prefix, endpoint, endpointInside, region, profile }: Words): S3Place {
  if (bucket === undefined) throw missing('--bucket', 'Name the bucket that this machine and the tasks share')
  return { bucket, ...given({ prefix, endpoint, endpointInside, region, profile }) }
}

/** Memory is asked for and is the limit too: who needs more is ended by the node in any case. */
function resourcesOf(amounts: { cpu?: string; memory?: string }) {
  const { memory } = amounts
  return { requests: { ...amounts }, ...(memory === undefined ? {} : { limits: { memory } }) }
}

/** `4G` as sbatch has it is 4Gi; what Kubernetes has is taken as it is. */
function sized(memory: string | undefined): string | undefined {
  return memory?.replace(/^(\d+)([KMGT])$/, '$1$2i')
}

function mebibytes(memory: string): number {
  const bytes = amountOf(sized(memory)!)
  if (bytes !== null && bytes >= 2 ** 20) return Math.floor(bytes / 2 ** 20)
  throw new RepriseError('usage', `${JSON.stringify(memory)} is no amount of memory`, {
    subject: '--memory',
    remedy: 'Say such as 512M or 4G',
  })
}

function labelOf(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new RepriseError('usage', `${JSON.stringify(text)} is not of the form key=value`, {
    subject: '--node-selector',
  })
}

function missing(option: string, remedy: string): RepriseError {
  return new RepriseError('usage', 'is missing', { subject: option, remedy })
}
