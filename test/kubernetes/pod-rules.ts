/** What an API server asks of a pod's specification beyond its schema, as far as tasks of one container meet it. */
import { amountOf } from './amounts.ts'
import { type Cause, notAllowed, notSupported, notValid, required } from './refusal.ts'
import type { Container, PodSpec } from './things.ts'

export const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
export const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

export const LABEL_WORDS =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
export const SUBDOMAIN_WORDS =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const VALUE_WORDS =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

export const TOO_LONG = 'must be no more than 63 characters'

export function checkLabels(labels: Readonly<Record<string, string>> | undefined, at: string): Cause[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...(LABEL_KEY.test(key) ? [] : [notValid(at, key, 'name part must consist of alphanumeric characters')]),
    ...(value.length > 63 ? [notValid(at, value, TOO_LONG)] : []),
    ...(LABEL_VALUE.test(value) ? [] : [notValid(at, value, VALUE_WORDS)]),
  ])
}

export function checkPod(spec: PodSpec, at: string): Cause[] {
  const { containers = [], volumes = [] } = spec
  const names = containers.map(({ name }) => name)
  return [
    ...(containers.length === 0 ? [required(`${at}.containers`)] : []),
    ...names.flatMap((name, index) =>
      names.indexOf(name) < index
        ? [notValid(`${at}.containers[${index}].name`, name, 'Duplicate value')]
        : [],
    ),
    ...containers.flatMap((each, index) =>
      checkContainer(
        each,
        `${at}.containers[${index}]`,
        volumes.map(({ name }) => name),
      ),
    ),
    ...checkLabels(spec.nodeSelector, `${at}.nodeSelector`),
    ...(spec.tolerations ?? []).flatMap((each, index) =>
      checkToleration(each, `${at}.tolerations[${index}]`),
    ),
    ...checkUser(spec.securityContext, `${at}.securityContext`),
  ]
}

function checkContainer(container: Container, at: string, volumes: readonly string[]): Cause[] {
  const { name = '', image = '', env = [], securityContext, volumeMounts = [] } = container
  return [
    ...(name === ''
      ? [required(`${at}.name`)]
      : LABEL.test(name)
        ? []
        : [notValid(`${at}.name`, name, LABEL_WORDS)]),
    ...(image === '' ? [required(`${at}.image`)] : []),
    ...(image === image.trim()
      ? []
      : [notValid(`${at}.image`, image, 'must not have leading or trailing whitespace')]),
    ...env.flatMap((each, index) => checkEnv(each, `${at}.env[${index}]`)),
    ...volumeMounts.flatMap((mount, index) =>
      volumes.includes(mount.name)
        ? []
        : [
            {
              ...notValid(`${at}.volumeMounts[${index}].name`, mount.name, ''),
              message: `Not found: "${mount.name}"`,
            },
          ],
    ),
    ...checkResources(container.resources, `${at}.resources`),
    ...checkUser(securityContext, `${at}.securityContext`),
    ...(securityContext?.privileged === true && securityContext.allowPrivilegeEscalation === false
      ? [
          notValid(
            `${at}.securityContext`,
            securityContext,
            'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
          ),
        ]
      : []),
  ]
}

function checkUser(context: Container['securityContext'], at: string): Cause[] {
  const user = context?.runAsUser
  return user !== undefined && (user < 0 || user > 2 ** 31 - 1)
    ? [notValid(`${at}.runAsUser`, user, 'must be between 0 and 2147483647, inclusive')]
    : []
}

function checkEnv(
  { name = '', value = '', valueFrom }: NonNullable<Container['env']>[number],
  at: string,
): Cause[] {
  return [
    ...(name === '' ? [required(`${at}.name`)] : []),
    ...(/[=\0]/.test(name)
      ? [notValid(`${at}.name`, name, 'a valid environment variable name must not contain "="')]
      : []),
    ...(valueFrom !== undefined && value !== ''
      ? [notValid(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty')]
      : []),
    ...(valueFrom !== undefined && Object.keys(valueFrom).length !== 1
      ? [
          notValid(
            `${at}.valueFrom`,
            '',
            'must specify exactly one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
          ),
        ]
      : []),
    ...(valueFrom?.fieldRef !== undefined && !FIELD.test(valueFrom.fieldRef.fieldPath)
      ? [notSupported(`${at}.valueFrom.fieldRef.fieldPath`, valueFrom.fieldRef.fieldPath, FIELDS)]
      : []),
  ]
}

const FIELDS = ['metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs'] // biome-ignore format: a list of words
const FIELD = new RegExp(
  `^(${FIELDS.join('|').replaceAll('.', '\\.')}|metadata\\.(labels|annotations)\\['[^']+'\\])$`,
)

function checkResources(
  { requests = {}, limits = {} }: NonNullable<Container['resources']> = {},
  at: string,
): Cause[] {
  const parts = { requests, limits }
  const unreadable = Object.entries(parts).flatMap(([part, amounts]) =>
    Object.entries(amounts).flatMap(([name, amount]) => {
      const value = amountOf(amount)
      const field = `${at}.${part}[${name}]`
      if (value === null)
        return [
          notValid(
            field,
            amount,
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
          ),
        ]
      if (value < 0) return [notValid(field, amount, 'must be greater than or equal to 0')]
      return name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name.includes('/')
        ? []
        : [notValid(field, name, 'must be a standard resource type or fully qualified')]
    }),
  )
  const above = Object.entries(requests).flatMap(([name, amount]) => {
    const limit = limits[name]
    return limit !== undefined && (amountOf(amount) ?? 0) > (amountOf(limit) ?? 0)
      ? [notValid(`${at}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`)]
      : []
  })
  return [...unreadable, ...above]
}

function checkToleration(
  { key = '', operator = 'Equal', value = '' }: NonNullable<PodSpec['tolerations']>[number],
  at: string,
): Cause[] {
  return [
    ...(key === '' && operator !== 'Exists'
      ? [
          notValid(
            `${at}.operator`,
            operator,
            'operator must be Exists when `key` is empty, which means "match all values and all keys"',
          ),
        ]
      : []),
    ...(operator === 'Exists' && value !== ''
      ? [notValid(`${at}.operator`, '', "value must be empty when `operator` is 'Exists'")]
      : []),
    ...(operator === 'Exists' || operator === 'Equal' ? [] : [notAllowed(`${at}.operator`, 'unknown')]),
  ]
}
