/** What an API server asks of a Job beyond its schema, and what it fills in. */
import {
  checkLabels,
  checkPod,
  LABEL,
  LABEL_WORDS,
  SUBDOMAIN,
  SUBDOMAIN_WORDS,
  TOO_LONG,
} from './pod-rules.ts'
import { type Cause, invalid, notSupported, notValid, required } from './refusal.ts'
import { checkSchema } from './schema.ts'
import type { FailureRule, Job, JobSpec } from './things.ts'

const MOST = 100_000
const FOREVER = 2 ** 31 - 1

/** Throws BadRequest or Invalid. `minor`: of the version 1.x that the server is. */
export function checkJob(job: Job, minor: number): void {
  const causes = checkSchema('Job', job, minor)
  const { name = '' } = job.metadata ?? {}
  const found = causes.length > 0 ? causes : rules(job, name)
  if (found.length > 0) throw invalid('jobs', name, found)
}

function rules({ metadata, spec }: Job, name: string): Cause[] {
  const { template } = spec
  const labelled = template.metadata?.labels
  return [
    ...checkName(name, metadata?.generateName),
    ...checkLabels(metadata?.labels, 'metadata.labels'),
    ...checkLabels(labelled, 'spec.template.labels'),
    ...(name.length > 63 ? [notValid('spec.template.labels', name, TOO_LONG)] : []),
    ...checkCounts(spec, name),
    ...checkRestart(template.spec.restartPolicy),
    ...checkPerIndex(spec),
    ...checkFailurePolicy(spec),
    ...(spec.selector !== undefined && spec.manualSelector !== true
      ? [notValid('spec.selector', spec.selector, '`selector` not auto-generated')]
      : []),
    ...checkPod(template.spec, 'spec.template.spec'),
  ]
}

function checkName(name: string, generateName = ''): Cause[] {
  if (name === '' && generateName === '')
    return [required('metadata.name', 'name or generateName is required')]
  const problems = name.length > 253 ? ['must be no more than 253 characters'] : []
  if (name !== '' && !SUBDOMAIN.test(name)) problems.push(SUBDOMAIN_WORDS)
  return problems.map((problem) => notValid('metadata.name', name, problem))
}

function checkCounts(spec: JobSpec, name: string): Cause[] {
  const causes: Cause[] = []
  const counts = ['completions', 'parallelism', 'backoffLimit', 'backoffLimitPerIndex', 'maxFailedIndexes', 'ttlSecondsAfterFinished', 'activeDeadlineSeconds'] as const // biome-ignore format: a list of words
  for (const each of counts)
    if ((spec[each] ?? 0) < 0)
      causes.push(notValid(`spec.${each}`, spec[each], 'must be greater than or equal to 0'))
  if (spec.completionMode !== 'Indexed') return causes
  const { completions, parallelism = 1 } = spec
  if (completions === undefined)
    return [...causes, required('spec.completions', 'when completion mode is Indexed')]
  if (parallelism > MOST)
    causes.push(
      notValid(
        `spec.parallelism`,
        parallelism,
        `must be less than or equal to ${MOST} when completion mode is Indexed`,
      ),
    )
  if (spec.backoffLimitPerIndex !== undefined && completions > MOST && spec.maxFailedIndexes === undefined)
    causes.push(required('spec.maxFailedIndexes', `must be specified when completions is above ${MOST}`))
  const host = `${name}-${completions - 1}`
  const words = host.length > 63 ? TOO_LONG : LABEL.test(host) ? null : LABEL_WORDS
  if (completions > 0 && name !== '' && words !== null)
    causes.push(
      notValid(
        'metadata.name',
        name,
        `will not able to create pod with invalid DNS label "${host}": ${words}`,
      ),
    )
  return causes
}

function checkRestart(policy: string | undefined): Cause[] {
  const field = 'spec.template.spec.restartPolicy'
  if (policy === undefined) return [required(field, 'valid values: "OnFailure", "Never"')]
  return policy === 'Always' ? [notSupported(field, policy, ['OnFailure', 'Never'])] : []
}

function checkPerIndex(spec: JobSpec): Cause[] {
  const { backoffLimitPerIndex: limit, maxFailedIndexes: most } = spec
  if (limit === undefined)
    return most === undefined
      ? []
      : [required('spec.backoffLimitPerIndex', 'when maxFailedIndexes is specified')]
  const causes: Cause[] = []
  if (spec.completionMode !== 'Indexed')
    causes.push(notValid('spec.backoffLimitPerIndex', limit, 'requires indexed completion mode'))
  if (spec.template.spec.restartPolicy !== 'Never')
    causes.push(
      notValid(
        'spec.template.spec.restartPolicy',
        spec.template.spec.restartPolicy,
        'only "Never" is supported when backoffLimitPerIndex is specified',
      ),
    )
  if (most !== undefined && most > (spec.completions ?? 0))
    causes.push(notValid('spec.maxFailedIndexes', most, 'must be less than or equal to completions'))
  return causes
}

function checkFailurePolicy(spec: JobSpec): Cause[] {
  const { podFailurePolicy: policy, podReplacementPolicy: replacement } = spec
  if (policy === undefined) return []
  const causes = policy.rules.flatMap((rule, at) =>
    checkRule(rule, spec, `spec.podFailurePolicy.rules[${at}]`),
  )
  if (policy.rules.length > 20)
    causes.push(notValid('spec.podFailurePolicy.rules', policy.rules.length, 'must have at most 20 items'))
  const { restartPolicy } = spec.template.spec
  if (restartPolicy !== 'Never')
    causes.push(
      notValid(
        'spec.template.spec.restartPolicy',
        restartPolicy,
        'only "Never" is supported when podFailurePolicy is specified',
      ),
    )
  if (replacement !== undefined && replacement !== 'Failed')
    causes.push(notSupported('spec.podReplacementPolicy', replacement, ['Failed']))
  return causes
}

function checkRule(rule: FailureRule, spec: JobSpec, at: string): Cause[] {
  const { action, onExitCodes: codes, onPodConditions: conditions } = rule
  const causes: Cause[] = []
  if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined)
    causes.push(notValid(`${at}.action`, action, 'requires the backoffLimitPerIndex to be set'))
  const both = codes !== undefined && (conditions?.length ?? 0) > 0
  const neither = codes === undefined && (conditions?.length ?? 0) === 0
  if (both || neither)
    causes.push(
      notValid(
        at,
        '',
        both
          ? 'specifying both OnExitCodes and OnPodConditions is not supported'
          : 'specifying one of OnExitCodes and OnPodConditions is required',
      ),
    )
  if (codes === undefined) return causes
  const { values, operator, containerName } = codes
  const values255 = `${at}.onExitCodes.values`
  if (values.length === 0 || values.length > 255)
    causes.push(notValid(values255, values, 'must have 1 to 255 items'))
  values.forEach((value, index) => {
    if (operator === 'In' && value === 0)
      causes.push(notValid(`${values255}[${index}]`, value, 'must not be 0 for the In operator'))
    if (index > 0 && values[index - 1]! >= value)
      causes.push(notValid(values255, values, 'must be ordered and without duplicates'))
  })
  if (
    containerName !== undefined &&
    !spec.template.spec.containers.some(({ name }) => name === containerName)
  )
    causes.push(
      notValid(
        `${at}.onExitCodes.containerName`,
        containerName,
        'must be one of the container or initContainer names in the pod template',
      ),
    )
  return causes
}

/** The Job as it is kept, with what the server fills in. */
export function completeJob(job: Job, uid: string): Job {
  const { spec, metadata } = job
  const own = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': metadata.name,
    'controller-uid': uid,
    'job-name': metadata.name,
  }
  const { template } = spec
  const pod = template.spec
  return {
    ...job,
    metadata: { ...metadata, generation: 1 },
    spec: {
      ...spec,
      parallelism: spec.parallelism ?? 1,
      ...(spec.completions === undefined && spec.parallelism === undefined ? { completions: 1 } : {}),
      backoffLimit: spec.backoffLimit ?? (spec.backoffLimitPerIndex === undefined ? 6 : FOREVER),
      completionMode: spec.completionMode ?? 'NonIndexed',
      suspend: spec.suspend ?? false,
      manualSelector: spec.manualSelector ?? false,
      podReplacementPolicy:
        spec.podReplacementPolicy ?? (spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed'),
      selector: spec.selector ?? { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: {
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...own } },
        spec: {
          terminationGracePeriodSeconds: 30,
          ...pod,
          securityContext: pod.securityContext ?? {},
          containers: pod.containers.map((each) => ({ imagePullPolicy: 'IfNotPresent', ...each })),
        },
      },
    },
    status: {},
  }
}
