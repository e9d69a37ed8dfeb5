/**
 * What the configuration of a bucket may hold, as JSON Schema; see config-schema.ts. Whether its address may be spoken to
 * without TLS is no matter of form: see check-cloud.ts.
 */

/** Nothing in it is a user's name, a password or a question. */
const address = {
  type: 'string',
  pattern:
    '^https?://([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]{1,100}){0,8}/?$',
  description: 'a URL such as https://minio.example.org:9000',
} as const

export const region = {
  type: 'string',
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'a region such as eu-central-1',
} as const

/** A name in the user's own AWS configuration. */
export const awsProfile = {
  type: 'string',
  pattern: '^[A-Za-z0-9_][A-Za-z0-9_.@:+-]{0,127}$',
  description: 'the name of a profile in your AWS configuration',
} as const

export const serviceUrl = address

export const s3Schema = {
  type: 'object',
  description: 'an object such as { "bucket": "experiments", "prefix": "ada" }',
  required: ['bucket'],
  additionalProperties: false,
  properties: {
    bucket: {
      type: 'string',
      title: 'its name',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$',
      description: 'the name of a bucket',
    },
    prefix: {
      type: 'string',
      title: 'the beginning of all keys in it',
      pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$',
      maxLength: 512,
      description: 'parts of letters, digits, ., _ and -, parted by /, without a slash at either end',
    },
    endpoint: { ...address, title: 'of an object store that is not AWS' },
    endpointInside: { ...address, title: 'the same as tasks see it, where that is another' },
    region: { ...region, title: 'of the bucket' },
    profile: { ...awsProfile, title: 'of your AWS configuration, for this machine alone' },
    pathStyle: {
      type: 'boolean',
      title: 'whether the bucket stands in the path of addresses',
      description: 'true or false',
    },
  },
} as const
