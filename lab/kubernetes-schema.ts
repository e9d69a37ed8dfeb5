/**
 * What the configuration of a Kubernetes cluster may hold, as JSON Schema; see config-schema.ts. Names have the form that the
 * API server asks for, so that what it would refuse is told before anything is sent.
 */
import { s3Schema } from './s3-schema.ts'
import { env, path, prices, taskTime, whole } from './schema-words.ts'

const label = (what: string) =>
  ({
    type: 'string',
    pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
    description: `${what}: at most 63 small letters, digits and -`,
  }) as const
const objectName = (what: string) =>
  ({
    type: 'string',
    pattern: '^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$',
    description: `${what}: at most 253 small letters, digits, - and .`,
  }) as const

export const image = {
  type: 'string',
  title: 'of tasks; that of Node in this machine’s version when not given',
  pattern: '^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,511}$',
  description: 'a container image such as node:20-slim',
} as const

/** Of a label, a taint or a resource: perhaps with a domain before it. */
const KEY = '^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$'
const keys = { type: 'string', pattern: KEY, description: 'a key such as example.org/name' } as const
const labelValue = {
  type: 'string',
  pattern: '^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$',
  description: 'a text of at most 63 letters, digits, ., _ and -',
} as const
const amounts = {
  type: 'object',
  maxProperties: 50,
  propertyNames: keys,
  additionalProperties: {
    type: 'string',
    pattern: '^[0-9]{1,15}(\\.[0-9]{1,9})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$',
    description: 'an amount as Kubernetes has it: "2", "500m", "4Gi"',
  },
  description: 'an object of amounts such as { "cpu": "2", "memory": "4Gi" }',
} as const

const toleration = {
  type: 'object',
  description: 'an object such as { "key": "spot", "operator": "Exists" }',
  additionalProperties: false,
  properties: {
    key: { ...keys, title: 'of the taint' },
    operator: { enum: ['Exists', 'Equal'], title: 'how it is compared', description: '"Exists" or "Equal"' },
    value: { ...labelValue, title: 'of the taint' },
    effect: {
      title: 'of the taint',
      enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
      description: '"NoSchedule", "PreferNoSchedule" or "NoExecute"',
    },
    tolerationSeconds: {
      type: 'integer',
      title: 'how long it is borne',
      minimum: 0,
      maximum: 2 ** 31,
      description: 'a number of seconds',
    },
  },
} as const

export const kubernetesSchema = {
  type: 'object',
  description: 'an object such as { "kind": "kubernetes", "store": { "bucket": "experiments" } }',
  required: ['kind', 'store'],
  additionalProperties: false,
  properties: {
    kind: { const: 'kubernetes', description: '"kubernetes"' },
    kubeconfig: { ...path, title: 'the file; as kubectl finds it when not given' },
    context: {
      type: 'string',
      title: 'of the kubeconfig; its current one when not given',
      pattern: '^[^\\s\\u0000-\\u001f\\u007f-][^\\u0000-\\u001f\\u007f]{0,252}$',
      description: 'the name of a context in the kubeconfig',
    },
    namespace: { ...label('a namespace'), title: 'where pods are; that of the context when not given' },
    image,
    resources: {
      type: 'object',
      title: 'of a task, as in a pod',
      description: 'an object of "requests" and "limits"',
      additionalProperties: false,
      properties: {
        requests: { ...amounts, title: 'what a task is promised' },
        limits: { ...amounts, title: 'what it may take at most' },
      },
    },
    parallelism: { ...whole(100_000), title: 'pods of a Job at once' },
    nodeSelector: {
      type: 'object',
      title: 'labels that nodes must have',
      maxProperties: 50,
      propertyNames: keys,
      additionalProperties: labelValue,
      description: 'an object of labels, each a text',
    },
    tolerations: {
      type: 'array',
      title: 'taints of nodes that are borne',
      maxItems: 50,
      items: toleration,
      description: 'a list of at most 50 tolerations',
    },
    serviceAccount: {
      ...objectName('a service account'),
      title: 'of pods, where that has rights to the bucket',
    },
    secretName: { ...objectName('a secret'), title: 'the secret with the bucket’s key' },
    template: {
      type: 'object',
      title: 'a pod template that all is laid over',
      description: 'a pod template, an object of "metadata" and "spec"',
      additionalProperties: false,
      properties: {
        metadata: { type: 'object', title: 'as in a pod', description: 'an object' },
        spec: { type: 'object', title: 'as in a pod', description: 'an object' },
      },
    },
    engines: { ...whole(1_024), title: 'engines of a task; one per CPU when not given' },
    maxTasks: { ...whole(1_000_000), title: 'tasks at once, pending or running' },
    store: { ...s3Schema, title: 'the bucket that this machine and the tasks share' },
    directory: { ...path, title: 'a folder of this machine for what is handed over' },
    taskTime,
    prices,
    env,
  },
} as const
