/** The configuration of clusters as a page, from the schemas that a configuration is checked by. */
import type { ClusterProfile } from '../../lab/check-config.ts'
import { checkForeign } from '../../lab/check-foreign.ts'
import { CLUSTER_SCHEMAS, type ClusterKind } from '../../lab/config-schema.ts'
import { HOST_ANSWER } from '../../lab/ssh-schema.ts'
import { RepriseError } from '../../lib/errors.ts'
import { code, headOf, plain, table } from './markdown.ts'

/** As much of JSON Schema as our own schemas use. */
interface Schema {
  readonly title?: string
  readonly description?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly then?: Schema
  readonly else?: Schema
}

interface Field {
  readonly path: string
  readonly schema: Schema
  readonly required: boolean
}

/** The page. */
export function configurationPage(): string {
  return [
    headOf(
      'Configuration',
      'lab/config-schema.ts and the schemas beside it',
      `Clusters are named in your own \`config.json\` (in \`~/.config/reprise\`, or \`$XDG_CONFIG_HOME/reprise\`), which
[\`reprise cluster add\`](cli.md#cluster-add) writes, and in \`reprise.config.json\` beside a project's lab. Both are
\`{ "clusters": { "NAME": { "kind": … } } }\`. Of two clusters with one name yours is meant. A project's file is believed
less: fields marked *yours* are refused there, and so are variables in \`env\` that load code or move programs
(\`NODE_OPTIONS\`, \`PATH\`, \`LD_PRELOAD\` and their like). A field that is not listed here is refused. How the fields
are used: [ssh](../how-to/ssh.md), [Slurm](../how-to/slurm.md), [Kubernetes and AWS Batch](../how-to/cloud.md).`,
    ),
    ...Object.entries(CLUSTER_SCHEMAS).map(([kind, schema]) => sectionOf(kind as ClusterKind, schema)),
    `## What a program of \`hosts\` prints

A list, or an object with it under \`value\`, of hosts as above or of texts \`[user@]host[:port]\`. A host may have one
field more:

${rowsOf(
  fieldsOf(HOST_ANSWER.items as Schema).filter(({ path }) => path === 'hostKey'),
  () => false,
)}
`,
  ].join('\n')
}

function sectionOf(kind: ClusterKind, schema: object): string {
  const fields = fieldsOf(schema as Schema).filter(({ path }) => path !== 'kind')
  return `## ${kind}\n\n${rowsOf(fields, (path) => isYours(kind, path))}\n`
}

function rowsOf(fields: readonly Field[], yours: (path: string) => boolean): string {
  return table(
    ['field', 'what it says', 'must be'],
    fields.map(({ path, schema, required }) => {
      if (schema.title === undefined) throw new Error(`the schema of ${path} has no title`)
      const marks = [...(required ? ['*needed*'] : []), ...(yours(path) ? ['*yours*'] : [])]
      return [
        [code(path), ...marks].join(' '),
        plain(schema.title),
        plain(schema.description ?? schema.then?.description ?? ''),
      ]
    }),
  )
}

/** The fields of an object, and of objects and lists in it, in the order of the schema. */
function fieldsOf({ properties = {}, required = [] }: Schema, before = ''): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${before}${name}`
    return [
      { path, schema, required: required.includes(name) },
      ...fieldsOf(schema, `${path}.`),
      ...[schema.items, schema.else?.items].flatMap((items) => fieldsOf(items ?? {}, `${path}[].`)),
      ...fieldsOf(schema.then ?? {}, `${path}.`),
    ]
  })
}

/** Whether a project's file may not say it: asked of what refuses it. */
function isYours(kind: ClusterKind, path: string): boolean {
  const { hosts = [], ...profile } = nested(path.split('.'))
  const list = Array.isArray(hosts) ? hosts : { command: ['x'], ...Object(hosts) }
  try {
    checkForeign(
      { kind, hosts: path === 'hosts' ? [] : list, ...profile } as unknown as ClusterProfile,
      '',
      '',
    )
    return false
  } catch (error) {
    if (error instanceof RepriseError && error.code === 'refused') return true
    throw error
  }
}

/** An object that has something at the end of the path. */
function nested([first, ...rest]: readonly string[]): Record<string, unknown> {
  const value = rest.length === 0 ? 'x' : nested(rest)
  return first!.endsWith('[]') ? { [first!.slice(0, -2)]: [value] } : { [first!]: value }
}
