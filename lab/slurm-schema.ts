/**
 * What the configuration of a Slurm cluster may hold, as JSON Schema; see config-schema.ts. What becomes an option of sbatch,
 * or a line of a job script, is one word there: nothing in it ends the word, the line, or begins another option.
 */
import { env, path, prices, taskTime, whole } from './schema-words.ts'

const word = (what: string) =>
  ({
    type: 'string',
    title: `of tasks, ${what}, as in sbatch`,
    pattern: '^[^\\s"\'\\\\#`$\\u0000-\\u001f\\u007f-][^\\s"\'\\\\#`$\\u0000-\\u001f\\u007f]{0,254}$',
    description: `${what}: a word without blanks, quotes, #, $ or \\, that does not begin with a dash`,
  }) as const

export const slurmSchema = {
  type: 'object',
  description: 'an object such as { "kind": "slurm", "partition": "main", "time": "30" }',
  required: ['kind'],
  additionalProperties: false,
  properties: {
    kind: { const: 'slurm', description: '"slurm"' },
    via: {
      type: 'string',
      title: 'where sbatch is: here, or on the head of an ssh cluster',
      pattern: '^(local|ssh:[A-Za-z0-9][A-Za-z0-9_-]{0,63})$',
      description: '"local", or "ssh:NAME" with the name of an ssh cluster',
    },
    directory: {
      ...path,
      title: 'a folder that all nodes see under one path; ~/.cache/reprise when not given',
    },
    node: {
      ...path,
      title: 'the path of Node on the nodes',
      pattern: '^/[^\\u0000]*$',
      description: 'an absolute path, the same on all nodes',
    },
    partition: word('a partition'),
    account: word('an account'),
    qos: word('a quality of service'),
    constraint: word('a constraint'),
    time: {
      type: 'string',
      title: 'limit of a task',
      pattern:
        '^([0-9]{1,7}|[0-9]{1,7}:[0-9]{1,2}|[0-9]{1,5}:[0-9]{1,2}:[0-9]{1,2}|[0-9]{1,4}-[0-9]{1,2}(:[0-9]{1,2}){0,2})$',
      description: 'a time as sbatch has it: "30" (minutes), "1:30:00", "2-12" (days and hours)',
    },
    memory: {
      type: 'string',
      title: 'of a task',
      pattern: '^[0-9]{1,12}[KMGT]?$',
      description: 'an amount of memory as sbatch has it: "512M", "4G"',
    },
    cpus: { ...whole(1_024), title: 'CPUs of a task; 1 when not given' },
    engines: { ...whole(1_024), title: 'engines of a task; one per CPU when not given' },
    extra: {
      type: 'array',
      title: 'further options of sbatch',
      maxItems: 50,
      items: {
        type: 'string',
        pattern: '^--[a-z][a-z0-9-]{0,63}(=[^\\u0000-\\u001f\\u007f\\u2028\\u2029]{1,1000})?$',
        description: 'of the form --option or --option=value, in one line',
      },
      description: 'a list of at most 50 options of sbatch',
    },
    maxTasks: { ...whole(1_000_000), title: 'tasks at once, pending or running' },
    taskTime,
    prices,
    env,
  },
} as const
