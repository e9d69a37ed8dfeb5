/** What the API server does with objects: create, get, list, change, delete, logs, and reviews of rights. */

import { randomUUID } from 'node:crypto'
import { type Attributes, isAllowed, type Rule, USER } from './access.ts'
import type { Deletion, Propagation } from './deletion.ts'
import { checkJob, completeJob } from './job-rules.ts'
import type { Kubelet } from './kubelet.ts'
import type { Lists } from './listing.ts'
import { mergePatch } from './merge-patch.ts'
import type { Target } from './path.ts'
import {
  badRequest,
  type Cause,
  conflict,
  forbidden,
  invalid,
  MODIFIED,
  methodNotAllowed,
  notFound,
  notValid,
} from './refusal.ts'
import type { Registry } from './registry.ts'
import { checkSchema } from './schema.ts'
import { type Job, type Pod, RESOURCES, type Resource, type Thing } from './things.ts'

export interface Answer {
  readonly code: number
  readonly body: object | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export interface ApiParts {
  readonly registry: Registry
  readonly kubelet: Kubelet
  readonly deletion: Deletion
  readonly lists: Lists
  readonly minor: number
  rules(): readonly Rule[]
}

export class Api {
  readonly #parts: ApiParts

  constructor(parts: ApiParts) {
    this.#parts = parts
  }

  /** Throws Refusal. */
  answer(verb: string, target: Target, query: URLSearchParams, body: unknown, accept: string): Answer {
    const { resource, namespace, name, sub } = target
    const { registry } = this.#parts
    if (sub === 'log' && resource === 'pods' && verb === 'get') return this.#log(target, query)
    if (sub !== '' && sub !== 'status') throw methodNotAllowed()
    if (verb === 'list')
      return { code: 200, body: this.#parts.lists.list(resource, namespaceOf(target), query) }
    if (verb === 'create' && resource === 'jobs') return this.#createJob(namespace, body as Job, query)
    if (name === '') throw methodNotAllowed()
    const thing = registry.get(resource, isNamespaced(resource) ? namespace : undefined, name)
    if (verb === 'get')
      return { code: 200, body: accept.includes('PartialObjectMetadata') ? partOf(thing) : thing }
    if (verb === 'patch' && resource === 'jobs') return this.#patchJob(thing as Job, body)
    if (verb === 'delete') return this.#delete(resource, thing, query, (body ?? {}) as DeleteOptions)
    throw methodNotAllowed()
  }

  review(body: unknown): Answer {
    checkSchema('SelfSubjectAccessReview', body, this.#parts.minor)
    const { spec } = body as { spec: { resourceAttributes?: Partial<Attributes> & { subresource?: string } } }
    const {
      verb = '',
      group = '',
      resource = '',
      subresource,
      namespace = '',
      name = '',
    } = spec.resourceAttributes ?? {}
    const full = subresource === undefined || subresource === '' ? resource : `${resource}/${subresource}`
    const allowed = isAllowed({ verb, group, resource: full, namespace, name }, this.#parts.rules())
    const reason = allowed ? `RBAC: allowed by RoleBinding "tests" of User "${USER}"` : ''
    return {
      code: 201,
      body: {
        ...(body as object),
        metadata: { creationTimestamp: null },
        status: { allowed, ...(allowed ? { reason } : {}) },
      },
    }
  }

  #createJob(namespace: string, job: Job, query: URLSearchParams): Answer {
    const { registry, minor } = this.#parts
    checkJob(job, minor)
    if (registry.find('namespaces', undefined, namespace) === null) throw notFound('namespaces', namespace)
    if (job.metadata.namespace !== undefined && job.metadata.namespace !== namespace)
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      )
    this.#refuseAboveQuota(namespace, job)
    const uid = randomUUID()
    const complete = completeJob({ ...job, metadata: { ...job.metadata, namespace } }, uid)
    complete.metadata.uid = uid
    if (query.get('dryRun') === 'All') return { code: 201, body: complete }
    return { code: 201, body: registry.create<Job>('jobs', complete) }
  }

  #refuseAboveQuota(namespace: string, { metadata }: Job): void {
    const { registry } = this.#parts
    for (const quota of registry.list<Thing & { spec: { hard: Record<string, string> } }>(
      'resourcequotas',
      namespace,
    )) {
      const hard = quota.spec.hard['count/jobs.batch']
      const used = registry.list('jobs', namespace).length
      if (hard !== undefined && used + 1 > Number(hard))
        throw forbidden(
          'jobs',
          metadata.name,
          `exceeded quota: ${quota.metadata.name}, requested: count/jobs.batch=1, used: count/jobs.batch=${used}, limited: count/jobs.batch=${hard}`,
        )
    }
  }

  #patchJob(job: Job, patch: unknown): Answer {
    const { registry, minor } = this.#parts
    const next = mergePatch(job, patch) as Job
    const version = (patch as Partial<Thing>).metadata?.resourceVersion
    if (version !== undefined && version !== job.metadata.resourceVersion)
      throw conflict('jobs', job.metadata.name, MODIFIED)
    checkSchema('Job', { ...next, status: undefined }, minor)
    const fixed = ['completions', 'completionMode', 'selector', 'template', 'podFailurePolicy', 'backoffLimitPerIndex'] as const // biome-ignore format: a list of words
    const causes = fixed.flatMap((field): Cause[] =>
      JSON.stringify(next.spec[field]) === JSON.stringify(job.spec[field])
        ? []
        : [notValid(`spec.${field}`, next.spec[field], 'field is immutable')],
    )
    if (causes.length > 0) throw invalid('jobs', job.metadata.name, causes)
    const changed = JSON.stringify(next.spec) !== JSON.stringify(job.spec)
    const body = registry.update<Job>('jobs', job, (draft) => {
      draft.spec = next.spec
      for (const each of ['labels', 'annotations'] as const)
        if (next.metadata[each] !== undefined) draft.metadata[each] = next.metadata[each]
      if (changed) draft.metadata.generation = (draft.metadata.generation ?? 1) + 1
    })
    return { code: 200, body: body! }
  }

  #delete(resource: Resource, thing: Thing, query: URLSearchParams, options: DeleteOptions): Answer {
    const { deletion } = this.#parts
    const { name, uid } = thing.metadata
    const { preconditions } = options
    if (preconditions?.uid !== undefined && preconditions.uid !== uid)
      throw conflict(
        resource,
        name,
        `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${uid}`,
      )
    const grace = options.gracePeriodSeconds ?? numberOf(query.get('gracePeriodSeconds'))
    if (resource === 'pods') {
      deletion.pod(thing as Pod, grace)
      return { code: 200, body: this.#parts.registry.find('pods', thing.metadata.namespace, name) ?? thing }
    }
    if (resource !== 'jobs') throw methodNotAllowed()
    const asked = options.propagationPolicy ?? query.get('propagationPolicy')
    deletion.job(thing as Job, (asked ?? 'Orphan') as Propagation)
    const warning = {
      Warning:
        '299 - "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"',
    }
    const { group } = RESOURCES[resource]
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name, group, kind: resource, uid },
    }
    const left = this.#parts.registry.find('jobs', thing.metadata.namespace, name)
    return {
      code: 200,
      body: left ?? status,
      ...(asked === null || asked === undefined ? { headers: warning } : {}),
    }
  }

  #log({ namespace, name }: Target, query: URLSearchParams): Answer {
    const pod = this.#parts.registry.get<Pod>('pods', namespace, name)
    const log = this.#parts.kubelet.logOf(pod)
    const container = pod.spec.containers[0]!.name
    const asked = query.get('container')
    if (asked !== null && asked !== '' && asked !== container)
      throw badRequest(`container ${asked} is not valid for pod ${name}`)
    if (log === null) {
      if (pod.spec.nodeName === undefined) throw badRequest(`pod ${name} does not have a host assigned`)
      const why = pod.status.containerStatuses?.[0]?.state.waiting?.reason ?? 'ContainerCreating'
      const said = /^(ErrImagePull|ImagePullBackOff|InvalidImageName)$/.test(why)
        ? 'trying and failing to pull image'
        : why
      throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${said}`)
    }
    const lines = numberOf(query.get('tailLines'))
    const tail = lines === null ? log : lastLines(log, lines)
    const bytes = numberOf(query.get('limitBytes'))
    return {
      code: 200,
      body: bytes === null ? tail : tail.subarray(0, bytes),
      headers: { 'content-type': 'text/plain' },
    }
  }
}

interface DeleteOptions {
  readonly propagationPolicy?: string
  readonly gracePeriodSeconds?: number
  readonly preconditions?: { readonly uid?: string }
}

const isNamespaced = (resource: Resource) => RESOURCES[resource].namespaced

const namespaceOf = ({ resource, namespace }: Target) =>
  !isNamespaced(resource) || namespace === '' ? undefined : namespace

const numberOf = (text: string | null) => (text === null || text === '' ? null : Number(text))

function lastLines(text: Buffer, count: number): Buffer {
  let at = text.length
  if (text[at - 1] === 10) at--
  for (let left = count; left > 0 && at > 0; left--) at = text.lastIndexOf(10, at - 1)
  return count === 0 ? Buffer.alloc(0) : text.subarray(at < 0 ? 0 : at === 0 ? 0 : at + 1)
}

function partOf({ metadata }: Thing): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}
