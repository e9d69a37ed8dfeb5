/**
 * What the configuration of an ssh cluster may hold; see config-schema.ts. Hosts, users and names cannot begin with a dash
 * or hold anything that a shell or ssh would take for more than a name; folders and paths are free text, for nothing of
 * ours ever quotes them.
 */
import { env, path, prices } from './schema-words.ts'

const hostName = {
  type: 'string',
  title: 'the host, as ssh knows it',
  pattern: '^[A-Za-z0-9_:][A-Za-z0-9_.:%-]{0,254}$',
  description: 'the name or address of a host',
} as const
const userName = {
  type: 'string',
  title: 'who logs in; whom ssh’s configuration says when not given',
  pattern: '^[A-Za-z0-9_.\\\\][A-Za-z0-9_.@+\\\\-]{0,127}\\$?$',
  description: 'the name of a user',
} as const
const port = {
  type: 'integer',
  title: 'of the ssh server',
  minimum: 1,
  maximum: 65_535,
  description: 'a whole number from 1 to 65535',
} as const
const engines = {
  type: 'integer',
  title: 'engines at once; one per core when not given, 0 for a head that only leads',
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

const directory = {
  ...path,
  title: 'the folder for Reprise; ~/.cache/reprise when not given',
} as const
const node = { ...path, title: 'the path of Node; looked for when not given' } as const

const host = {
  type: 'object',
  description: 'an object such as { "host": "node1", "engines": 8 }',
  required: ['host'],
  additionalProperties: false,
  properties: { host: hostName, engines, user: userName, port, directory, node },
} as const

const MOST_HOSTS = 1_000

const fixedHosts = {
  type: 'array',
  minItems: 1,
  maxItems: MOST_HOSTS,
  items: host,
  description: `a list of 1 to ${MOST_HOSTS} hosts, or an object such as { "command": ["terraform", "output", "-json", "hosts"] }`,
} as const

const seconds = (least: number, most: number) =>
  ({
    type: 'integer',
    minimum: least,
    maximum: most,
    description: `a whole number of seconds from ${least} to ${most}`,
  }) as const

const askedHosts = {
  type: 'object',
  description: 'an object such as { "command": ["terraform", "output", "-json", "hosts"], "every": 30 }',
  required: ['command'],
  additionalProperties: false,
  properties: {
    command: {
      type: 'array',
      title: 'the program that says which hosts there are',
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'string',
        pattern: '^[^\\u0000]*$',
        maxLength: 4_096,
        description: 'a text of at most 4096 characters',
      },
      description: 'a program and its words, a list of 1 to 100 texts; no shell reads it',
    },
    every: { ...seconds(1, 3_600), title: 'how often it is asked again; 30 when not given' },
    wait: {
      ...seconds(1, 604_800),
      title: 'how long a run without any host waits for one; 900 when not given',
    },
  },
} as const

/** What the program of `hosts` prints, or what is under its `value`. */
export const HOST_ANSWER = {
  type: 'array',
  maxItems: MOST_HOSTS,
  description: `a list of at most ${MOST_HOSTS} hosts`,
  items: {
    ...host,
    properties: {
      ...host.properties,
      hostKey: {
        type: 'string',
        title: 'the key that it must show, whatever known_hosts says',
        pattern: '^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) +[A-Za-z0-9+/]+={0,2}(\\s|$)',
        maxLength: 4_096,
        description: 'a public host key, such as "ssh-ed25519 AAAA…"',
      },
    },
  },
} as const

export const sshSchema = {
  type: 'object',
  description: 'an object such as { "kind": "ssh", "hosts": [{ "host": "node1" }] }',
  required: ['kind', 'hosts'],
  additionalProperties: false,
  properties: {
    kind: { const: 'ssh', description: '"ssh"' },
    hosts: {
      title: 'the hosts, or the program that says which they are',
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: askedHosts,
      else: fixedHosts,
    },
    user: userName,
    port,
    identity: {
      title: 'private keys that are tried before others',
      anyOf: [path, { type: 'array', maxItems: 20, items: path, description: 'a list of paths' }],
      description: 'a path, or a list of at most 20',
    },
    jump: {
      type: 'array',
      title: 'hosts to go through, from the one that is reached first',
      maxItems: 8,
      items: jump,
      description: 'a list of at most 8 hosts, each of the form [user@]host[:port]',
    },
    directory,
    node,
    env,
    prices,
    head: {
      ...hostName,
      title: 'the host that leads detached runs; the first when not given',
      description: 'the name of one of the hosts',
    },
    config: { ...path, title: 'another configuration, as with ssh -F' },
    knownHosts: { ...path, title: 'a file of known hosts besides the usual' },
  },
} as const
