/** A Kubernetes cluster as it is named in a configuration. */
import type { Prices } from '../cloud/prices.ts'
import type { S3Place } from '../s3/place.ts'

/** As in a pod's specification. */
export interface Toleration {
  readonly key?: string
  readonly operator?: 'Exists' | 'Equal'
  readonly value?: string
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
  readonly tolerationSeconds?: number
}

/** Amounts as Kubernetes writes them: cpu "2" or "500m", memory "4Gi". */
export type Amounts = Readonly<Record<string, string>>

/** What is asked of Kubernetes for each task. */
export interface KubernetesWishes {
  /** Path of the kubeconfig; as kubectl finds it when not given. */
  readonly kubeconfig?: string
  /** Its current context when not given. */
  readonly context?: string
  /** That of the context, or `default`, when not given. */
  readonly namespace?: string
  /** Any with Node 20.19 or later; `node:<version of this machine>-slim` when not given. */
  readonly image?: string
  /** Of the container of a task. One CPU is asked for when not given. */
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts }
  /** Pods of a Job at once; all when not given. */
  readonly parallelism?: number
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly tolerations?: readonly Toleration[]
  readonly serviceAccount?: string
  /** Secret whose keys are variables of the container: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY. */
  readonly secretName?: string
  /** A pod template (metadata, spec) that all of the above is laid over. */
  readonly template?: Readonly<Record<string, unknown>>
  /** Engines of a task; as many as the whole CPUs that it asks for when not given. */
  readonly engines?: number
  /** Tasks at once, pending or running; as many as a Job takes when not given. */
  readonly maxTasks?: number
  readonly store: S3Place
}

export interface KubernetesProfile extends KubernetesWishes {
  readonly kind: 'kubernetes'
  /** Folder of this machine for what is handed over; `~/.cache/reprise` when not given. */
  readonly directory?: string
  /** How long a task is to take, seconds: 120 when not given. */
  readonly taskTime?: number
  readonly prices?: Prices
  readonly env?: Readonly<Record<string, string>>
}
