/** Parts of what a configuration may hold that clusters of several kinds share; see config-schema.ts. */

const TEXT = 4_096

export const path = {
  type: 'string',
  pattern: '^[^\\u0000]+$',
  maxLength: TEXT,
  description: `a path, of 1 to ${TEXT} characters`,
} as const

export const clusterName = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$',
  description: 'at most 64 letters, digits, - and _, the first a letter or digit',
} as const

export const env = {
  type: 'object',
  title: 'environment variables of engines',
  maxProperties: 200,
  propertyNames: {
    type: 'string',
    pattern: '^[A-Za-z_][A-Za-z0-9_]{0,199}$',
    description: 'letters, digits and _, not a digit first',
  },
  additionalProperties: {
    type: 'string',
    pattern: '^[^\\u0000]*$',
    maxLength: 32_768,
    description: 'a text of at most 32768 characters',
  },
  description: 'an object of environment variables, each a text',
} as const

export const whole = (most: number) =>
  ({
    type: 'integer',
    minimum: 1,
    maximum: most,
    description: `a whole number from 1 to ${most}`,
  }) as const

export const taskTime = {
  type: 'number',
  title: 'seconds that a task is to take; 120 when not given',
  minimum: 1,
  maximum: 86_400,
  description: 'a number of seconds from 1 to 86400',
} as const

export const prices = {
  type: 'object',
  title: 'what computing costs there, for plan, status, watch and show',
  description: 'an object such as { "coreHour": 0.04, "currency": "USD" }',
  required: ['coreHour', 'currency'],
  additionalProperties: false,
  properties: {
    coreHour: {
      type: 'number',
      title: 'of a core for an hour',
      minimum: 0,
      maximum: 1e6,
      description: 'what a core costs for an hour, a number from 0 to 1000000',
    },
    currency: {
      type: 'string',
      title: 'of that price',
      pattern: '^[A-Z]{3}$',
      description: 'three capitals such as USD',
    },
  },
} as const
