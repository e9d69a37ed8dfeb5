/**
 * The user's pod template, read: what of it goes into a pod. It may add whatever a cluster asks for (labels, volumes, priority,
 * a runtime, init containers), and may loosen by its own words what some images need: another user that is not root, a root
 * file system that is written to, the service account's token, another seccomp profile. What would let a task out of
 * its container it may not say at all, since a project's own configuration may have a template, too: that is refused, and not dropped in silence.
 */
import { RepriseError } from '../../lib/errors.ts'
import { INDEX_ENV, TASK_ENV } from '../cloud/container.ts'

/** JSON, as in a manifest. */
export type Plain = Readonly<Record<string, unknown>>

/** Name of the container of a task. */
export const TASK_CONTAINER = 'task'

export interface Template {
  readonly labels: Plain
  readonly annotations: Plain
  /** Of the pod, without its containers. */
  readonly spec: Plain
  /** Of the task's container, without its name. */
  readonly container: Plain
}

/** Fields of a pod that would let it out, and of its containers' security. */
const NEVER_IN_POD = ['hostNetwork', 'hostPID', 'hostIPC', 'nodeName', 'ephemeralContainers', 'restartPolicy']
const NEVER_IN_SECURITY = ['privileged', 'allowPrivilegeEscalation', 'procMount', 'windowsOptions']
const NEVER_IN_CONTAINER = ['command', 'args', 'image', 'workingDir', 'stdin', 'tty', 'lifecycle']
const SECRETS = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/

/** Throws `usage` for what a template may not say. */
export function readTemplate(template: Plain | undefined): Template {
  const { metadata = {}, spec = {}, ...others } = template ?? {}
  for (const name of Object.keys(others))
    throw refused(name, 'only `metadata` and `spec` are of a pod template')
  const { labels, annotations } = plain(metadata, 'metadata')
  const { containers = [], ...pod } = plain(spec, 'spec')
  checkPod(pod)
  const found = list(containers, 'spec.containers').map((each, n) => plain(each, `spec.containers[${n}]`))
  for (const [n, { name }] of found.entries())
    if (name !== TASK_CONTAINER || n > 0)
      throw refused(
        `spec.containers[${n}]`,
        `a task has one container, named ${TASK_CONTAINER}; others may be init containers`,
      )
  const { name: _, ...container } = found[0] ?? {}
  for (const field of NEVER_IN_CONTAINER)
    if (field in container) throw refused(`spec.containers[0].${field}`, 'it is Reprise’s to set')
  checkContainer(container, 'spec.containers[0]')
  for (const [n, each] of list(pod.initContainers ?? [], 'spec.initContainers').entries())
    checkContainer(plain(each, `spec.initContainers[${n}]`), `spec.initContainers[${n}]`)
  return {
    labels: plain(labels ?? {}, 'metadata.labels'),
    annotations: plain(annotations ?? {}, 'metadata.annotations'),
    spec: pod,
    container,
  }
}

function checkPod(pod: Plain): void {
  for (const field of NEVER_IN_POD)
    if (field in pod && pod[field] !== false) throw refused(`spec.${field}`, 'a task must not have it')
  checkUser(plain(pod.securityContext ?? {}, 'spec.securityContext'), 'spec.securityContext')
  for (const [n, each] of list(pod.volumes ?? [], 'spec.volumes').entries())
    if ('hostPath' in plain(each, `spec.volumes[${n}]`))
      throw refused(`spec.volumes[${n}].hostPath`, 'folders of nodes are not a task’s to see')
}

function checkContainer(container: Plain, at: string): void {
  const security = plain(container.securityContext ?? {}, `${at}.securityContext`)
  for (const field of NEVER_IN_SECURITY)
    if (field in security && security[field] !== false)
      throw refused(`${at}.securityContext.${field}`, 'a task gets no privilege')
  if (list(plain(security.capabilities ?? {}, `${at}.securityContext.capabilities`).add ?? [], at).length > 0)
    throw refused(`${at}.securityContext.capabilities.add`, 'a task gets no privilege')
  checkUser(security, `${at}.securityContext`)
  for (const [n, each] of list(container.env ?? [], `${at}.env`).entries()) {
    const { name, value } = plain(each, `${at}.env[${n}]`)
    if (typeof name !== 'string' || [...Object.values<string>(TASK_ENV), ...INDEX_ENV].includes(name))
      throw refused(`${at}.env[${n}].name`, 'it is Reprise’s to set')
    if (SECRETS.test(name) && value !== undefined)
      throw refused(`${at}.env[${n}].value`, 'credentials belong into a secret: see `secretName`')
  }
}

function checkUser(security: Plain, at: string): void {
  if (security.runAsUser === 0 || security.runAsNonRoot === false)
    throw refused(at, 'a task is not run as root')
  if (plain(security.seccompProfile ?? {}, `${at}.seccompProfile`).type === 'Unconfined')
    throw refused(`${at}.seccompProfile`, 'a task is confined')
}

export function plain(value: unknown, at: string): Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused(at, 'it is no object')
  return value as Plain
}

export function list(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw refused(at, 'it is no list')
  return value
}

function refused(at: string, why: string): RepriseError {
  return new RepriseError('usage', `cannot be said in a pod template: ${why}`, {
    subject: at,
    remedy: 'Take it out of `template` of the profile',
  })
}
