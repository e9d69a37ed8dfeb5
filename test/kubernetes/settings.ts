/** What a stand-in is started with, and the objects that are there from the beginning. */
import type { Rule } from './access.ts'
import { amountOf } from './amounts.ts'
import type { Registry } from './registry.ts'
import type { Node } from './scheduler.ts'

export interface Settings {
  /** Their number, 2 when not given; all of the same size. */
  readonly nodes?: number
  /** Of each node; 4 when not given. */
  readonly cpus?: number
  /** Of each node; `16Gi` when not given. */
  readonly memory?: string
  readonly nodeLabels?: Readonly<Record<string, string>>
  readonly taints?: Node['taints']
  /** Beside `default`. */
  readonly namespaces?: readonly string[]
  /** In all namespaces, beside `default`. */
  readonly serviceAccounts?: readonly string[]
  /** In all namespaces: by name, by key. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** In all namespaces: `{ 'count/jobs.batch': '1' }` is enforced, others are only told. */
  readonly quota?: Readonly<Record<string, string>>
  /** Images that can be pulled; `node*` when not given. One that ends in `*` stands for all that begin so. */
  readonly images?: readonly string[]
  /** Rights of the one user there is; all when not given. */
  readonly rules?: readonly Rule[]
  /** It is a Kubernetes 1.`minor`; 34 when not given. */
  readonly minor?: number
  readonly seed?: string
  /** Changes that it remembers for watches; 20,000 when not given. */
  readonly history?: number
  /** Milliseconds. Of a real one: 60,000; 10,000; 10,000 and more; some thousand. */
  readonly bookmarkMs?: number
  readonly retryMs?: number
  readonly pullAgainMs?: number
  readonly startMs?: number
}

export function nodesOf({
  nodes = 2,
  cpus = 4,
  memory = '16Gi',
  nodeLabels = {},
  taints = [],
}: Settings): Node[] {
  return Array.from({ length: nodes }, (_, at) => ({
    name: `node-${at + 1}`,
    cpu: cpus,
    memory: amountOf(memory)!,
    labels: { 'kubernetes.io/hostname': `node-${at + 1}`, 'kubernetes.io/os': 'linux', ...nodeLabels },
    taints,
  }))
}

export function furnish(registry: Registry, settings: Settings): void {
  const { namespaces = [], serviceAccounts = [], secrets = {}, quota, cpus = 4, memory = '16Gi' } = settings
  for (const { name, labels, taints } of nodesOf(settings)) {
    const amounts = { cpu: String(cpus), memory, pods: '110' }
    registry.create('nodes', {
      metadata: { name, labels: { ...labels } },
      spec: { taints },
      status: { capacity: amounts, allocatable: amounts, conditions: [{ type: 'Ready', status: 'True' }] },
    } as never)
  }
  for (const namespace of ['default', ...namespaces]) {
    registry.create('namespaces', { metadata: { name: namespace }, status: { phase: 'Active' } } as never)
    for (const name of ['default', ...serviceAccounts])
      registry.create('serviceaccounts', { metadata: { name, namespace } } as never)
    for (const [name, keys] of Object.entries(secrets)) {
      const data = Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
      )
      registry.create('secrets', { metadata: { name, namespace }, type: 'Opaque', data } as never)
    }
    if (quota !== undefined)
      registry.create('resourcequotas', {
        metadata: { name: 'quota', namespace },
        spec: { hard: quota },
        status: { hard: quota, used: Object.fromEntries(Object.keys(quota).map((key) => [key, '0'])) },
      } as never)
  }
}
