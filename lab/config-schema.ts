/**
 * What a configuration may hold, as JSON Schema. Each `description` completes the sentence "… must be": it is what
 * whoever wrote something else is told. Hosts, users and names cannot begin with a dash or hold anything that a shell
 * or ssh would take for more than a name; folders and paths are free text, for nothing of ours ever quotes them.
 */
import { batchSchema } from './batch-schema.ts'
import { kubernetesSchema } from './kubernetes-schema.ts'
import { clusterName, env, path, prices } from './schema-words.ts'
import { slurmSchema } from './slurm-schema.ts'

const hostName = {
  type: 'string',
  pattern: '^[A-Za-z0-9_:][A-Za-z0-9_.:%-]{0,254}$',
  description: 'the name or address of a host',
} as const
const userName = {
  type: 'string',
  pattern: '^[A-Za-z0-9_.\\\\][A-Za-z0-9_.@+\\\\-]{0,127}\\$?$',
  description: 'the name of a user',
} as const
const port = {
  type: 'integer',
  minimum: 1,
  maximum: 65_535,
  description: 'a whole number from 1 to 65535',
} as const
const engines = {
  type: 'integer',
  minimum: 0,
  maximum: 1_024,
  description: 'a whole number from 0 to 1024',
} as const
const jump = {
  type: 'string',
  pattern:
    '^([A-Za-z0-9_.\\\\][A-Za-z0-9_.@+\\\\-]{0,127}\\$?@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9_.-]{1,32})?\\])(:[0-9]{1,5})?$',
  description: 'of the form [user@]host[:port]',
} as const

const host = {
  type: 'object',
  description: 'an object such as { "host": "node1", "engines": 8 }',
  required: ['host'],
  additionalProperties: false,
  properties: { host: hostName, engines, user: userName, port, directory: path, node: path },
} as const

const ssh = {
  type: 'object',
  description: 'an object such as { "kind": "ssh", "hosts": [{ "host": "node1" }] }',
  required: ['kind', 'hosts'],
  additionalProperties: false,
  properties: {
    kind: { const: 'ssh', description: '"ssh"' },
    hosts: {
      type: 'array',
      minItems: 1,
      maxItems: 1_000,
      items: host,
      description: 'a list of 1 to 1000 hosts',
    },
    user: userName,
    port,
    identity: {
      anyOf: [path, { type: 'array', maxItems: 20, items: path, description: 'a list of paths' }],
      description: 'a path, or a list of at most 20',
    },
    jump: {
      type: 'array',
      maxItems: 8,
      items: jump,
      description: 'a list of at most 8 hosts, each of the form [user@]host[:port]',
    },
    directory: path,
    node: path,
    env,
    head: { ...hostName, description: 'the name of one of the hosts' },
    config: path,
    knownHosts: path,
    prices,
  },
} as const

/** By `kind`. */
export const CLUSTER_SCHEMAS = {
  ssh,
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
