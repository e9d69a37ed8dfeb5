/**
 * What a configuration may hold, as JSON Schema. Each `description` completes the sentence "… must be": it is what
 * whoever wrote something else is told.
 */
import { batchSchema } from './batch-schema.ts'
import { kubernetesSchema } from './kubernetes-schema.ts'
import { clusterName } from './schema-words.ts'
import { slurmSchema } from './slurm-schema.ts'
import { sshSchema } from './ssh-schema.ts'

/** By `kind`. */
export const CLUSTER_SCHEMAS = {
  ssh: sshSchema,
  slurm: slurmSchema,
  kubernetes: kubernetesSchema,
  'aws-batch': batchSchema,
} as const

export type ClusterKind = keyof typeof CLUSTER_SCHEMAS

/** The whole file; each cluster is checked by the schema of its kind. */
export const CONFIG_SCHEMA = {
  type: 'object',
  description:
    'an object such as { "clusters": { "lab": { "kind": "ssh", "hosts": [{ "host": "node1" }] } } }',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string', description: 'a text' },
    clusters: {
      type: 'object',
      description: 'an object with a cluster by each name',
      propertyNames: clusterName,
      additionalProperties: {
        type: 'object',
        description: 'an object with the kind of the cluster and what belongs to it',
        required: ['kind'],
        properties: {
          kind: {
            enum: Object.keys(CLUSTER_SCHEMAS),
            description: `one of ${Object.keys(CLUSTER_SCHEMAS)
              .map((kind) => `"${kind}"`)
              .join(', ')}`,
          },
        },
      },
    },
  },
} as const
