/**
 * What is missing for a profile to be used, asked of the cluster before anything is started there: rights, the namespace, what
 * the profile names in it, quotas, and whether the server would take a Job as it would be.
 */
import type { Container } from '../cloud/container.ts'
import { type Abilities, abilitiesOf } from './abilities.ts'
import type { KubernetesApi } from './api.ts'
import { oneLine, type Refusal, refusalOf } from './failures.ts'
import { imageOf, jobManifest } from './job.ts'
import type { KubernetesWishes } from './profile.ts'
import { jobsPath } from './view.ts'

export interface Finding {
  readonly name: string
  /** `bad` makes runs impossible; `note` does not. */
  readonly state: 'well' | 'bad' | 'note'
  readonly found: string
  /** What to do; empty where all is well. */
  readonly remedy: string
}

/** Rights that a run needs, and such as make it better to follow. */
const NEEDED = [
  ['create', 'jobs'],
  ['get', 'jobs'],
  ['list', 'jobs'],
  ['watch', 'jobs'],
  ['delete', 'jobs'],
  ['list', 'pods'],
  ['watch', 'pods'],
] as const
const USEFUL = [
  ['patch', 'jobs', 'Jobs that are over stay until `reprise cluster clean`'],
  ['get', 'pods/log', 'what a task printed at its end is not told'],
  ['list', 'events', 'why Kubernetes makes no pods is not told'],
] as const
const ASK_MS = 15_000

const well = (name: string, found: string): Finding => ({ name, state: 'well', found, remedy: '' })
const bad = (name: string, found: string, remedy: string): Finding => ({ name, state: 'bad', found, remedy })
const note = (name: string, found: string, remedy: string): Finding => ({
  name,
  state: 'note',
  found,
  remedy,
})

/** Never throws for what the cluster says; throws `usage` or `engine` where it cannot be asked at all. */
export async function checkKubernetes(wishes: KubernetesWishes): Promise<readonly Finding[]> {
  const [{ connect }, { kubernetesApi }] = await Promise.all([import('./connection.ts'), import('./api.ts')])
  const api = kubernetesApi(connect(wishes), ASK_MS)
  const { context, namespace, server } = api.connection
  const abilities = abilitiesOf(await api.get('/version'))
  if (abilities === null)
    throw refusalOf(api.connection, { status: 404, reason: '', message: '', retryAfterMs: null })
  const cluster = well('cluster', `${abilities.version} at ${server}, context ${context}`)
  const version = abilities.tooOld
    ? [bad('version', `${abilities.version} is too old`, 'It needs Kubernetes 1.24 or later')]
    : abilities.perIndex
      ? []
      : [
          note(
            'version',
            `${abilities.version} gives no index tries of its own`,
            'Kubernetes 1.29 or later does',
          ),
        ]
  const [there, rights, things, quotas] = await Promise.all([
    namespaceThere(api),
    rightsOf(api, namespace),
    thingsNamed(api, wishes),
    quotasOf(api),
  ])
  const isReady = ![...version, ...there, ...rights].some(({ state }) => state === 'bad')
  const job = isReady ? await jobTaken(api, wishes, abilities) : []
  return [cluster, ...version, ...there, ...rights, ...things, ...quotas, ...job]
}

async function namespaceThere({ ask, connection }: KubernetesApi): Promise<Finding[]> {
  const { namespace } = connection
  const answer = await ask('GET', `/api/v1/namespaces/${namespace}`)
  if ('object' in answer) return [well('namespace', namespace)]
  if (answer.refusal.status === 403) return [well('namespace', `${namespace} (it may not be looked at)`)]
  return [refusedFinding('namespace', refusalOf(connection, answer.refusal))]
}

async function rightsOf(api: KubernetesApi, namespace: string): Promise<Finding[]> {
  const may = async (verb: string, resource: string) => {
    const [plain, subresource] = resource.split('/')
    const group = plain === 'jobs' ? 'batch' : ''
    const attributes = {
      namespace,
      verb,
      group,
      resource: plain,
      ...(subresource === undefined ? {} : { subresource }),
    }
    const answer = await api.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: attributes },
      },
    })
    if ('refusal' in answer) throw refusalOf(api.connection, answer.refusal)
    return (answer.object as { status?: { allowed?: unknown } } | null)?.status?.allowed === true
  }
  const needed = await Promise.all(
    NEEDED.map(async ([verb, on]) => ((await may(verb, on)) ? null : `${verb} ${on}`)),
  )
  const missing = needed.filter((one) => one !== null)
  const useful = await Promise.all(USEFUL.map(async (one) => ((await may(one[0], one[1])) ? null : one)))
  return [
    missing.length === 0
      ? well('rights', `Jobs and pods in namespace ${namespace}`)
      : bad(
          'rights',
          `may not ${missing.join(', ')} in namespace ${namespace}`,
          'Ask its administrators for a role with these rights, or name another namespace',
        ),
    ...useful.flatMap((one) =>
      one === null ? [] : [note('rights', `may not ${one[0]} ${one[1]}`, `Without, ${one[2]}`)],
    ),
  ]
}

async function thingsNamed({ ask, connection }: KubernetesApi, wishes: KubernetesWishes): Promise<Finding[]> {
  const { secretName, serviceAccount } = wishes
  const there = async (name: string, kind: string, plural: string, remedy: string): Promise<Finding> => {
    const answer = await ask('GET', `/api/v1/namespaces/${connection.namespace}/${plural}/${name}`)
    if ('object' in answer) return well(kind, name)
    if (answer.refusal.status === 404) return bad(kind, `${name} is not there`, remedy)
    return note(kind, `${name} may not be looked at`, `See that it is there: kubectl get ${plural}`)
  }
  const { namespace } = connection
  return Promise.all([
    ...(secretName === undefined
      ? []
      : [
          there(
            secretName,
            'secret',
            'secrets',
            `kubectl create secret generic ${secretName} --namespace ${namespace} --from-literal=AWS_ACCESS_KEY_ID=… --from-literal=AWS_SECRET_ACCESS_KEY=…`,
          ),
        ]),
    ...(serviceAccount === undefined
      ? []
      : [
          there(
            serviceAccount,
            'service account',
            'serviceaccounts',
            `kubectl create serviceaccount ${serviceAccount} --namespace ${namespace}`,
          ),
        ]),
  ])
}

/** What there is room for, where anybody says. */
async function quotasOf({ ask, connection }: KubernetesApi): Promise<Finding[]> {
  const answer = await ask('GET', `/api/v1/namespaces/${connection.namespace}/resourcequotas`)
  const { items } = ('object' in answer ? answer.object : {}) as { items?: unknown }
  const said = (Array.isArray(items) ? items : []).flatMap((item) => {
    const { hard, used } = (item as { status?: { hard?: object; used?: object } } | null)?.status ?? {}
    return Object.entries(hard ?? {}).map(
      ([name, most]) =>
        `${name} ${String((used as Record<string, unknown> | undefined)?.[name] ?? 0)} of ${String(most)}`,
    )
  })
  return said.length === 0
    ? []
    : [note('quota', oneLine(said.join(', ')), 'Ask for no more in `resources` and `parallelism`')]
}

/** The server is asked whether it would take it, and makes nothing. Whether the image can be had, only a node finds out. */
async function jobTaken(
  api: KubernetesApi,
  wishes: KubernetesWishes,
  abilities: Abilities,
): Promise<Finding[]> {
  const container: Container = { command: ['node', '--version'], env: {} }
  const order = { name: 'reprise-check', array: 1, count: 1 }
  const body = jobManifest(order, { wishes, run: 'check', container, abilities })
  const query = { dryRun: 'All', fieldValidation: 'Strict' }
  const answer = await api.ask('POST', jobsPath(api.connection.namespace), { body, query })
  if ('object' in answer) return [well('job', `would be taken, with image ${imageOf(wishes)}`)]
  return [refusedFinding('job', refusalOf(api.connection, answer.refusal as Refusal))]
}

function refusedFinding(name: string, { message, remedy }: { message: string; remedy: string }): Finding {
  return bad(name, message, remedy)
}
