/**
 * What a container's process is started with, from its specification: words and variables, with `$(NAME)` in them replaced as the
 * kubelet does it, and folders of its own in place of its volumes. Throws `CannotStart` with the kubelet's own reasons.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fieldOf } from './selector.ts'
import type { Container, EnvVar, Pod, Secret } from './things.ts'

export class CannotStart extends Error {
  readonly reason: string

  constructor(reason: string, message: string) {
    super(message)
    this.reason = reason
  }
}

export interface Start {
  readonly program: string
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export type SecretOf = (name: string) => Secret | null

/** `folder`: of the pod on this machine; its TMPDIR and HOME are there. */
export function startOf(pod: Pod, folder: string, secretOf: SecretOf): Start {
  const container = pod.spec.containers[0]!
  refuseRoot(pod, container)
  const asked = variablesOf(pod, container, secretOf)
  const expanded = [...(container.command ?? []), ...(container.args ?? [])].map((word) =>
    expand(word, asked),
  )
  const [program, ...words] = expanded
  if (program === undefined || container.command === undefined)
    throw new CannotStart('RunContainerError', 'no command specified')
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', ...asked, ...folders(asked, container, folder) }
  return { program: program === 'node' ? process.execPath : program, words, env }
}

function refuseRoot({ metadata, spec }: Pod, { name, securityContext }: Container): void {
  const context = { ...spec.securityContext, ...securityContext }
  if (context.runAsNonRoot !== true || (context.runAsUser ?? 0) !== 0) return
  const why =
    context.runAsUser === 0
      ? "container's runAsUser breaks non-root policy"
      : 'container has runAsNonRoot and image will run as root'
  throw new CannotStart(
    'CreateContainerConfigError',
    `${why} (pod: "${metadata.name}_${metadata.namespace}(${metadata.uid})", container: ${name})`,
  )
}

function variablesOf(pod: Pod, container: Container, secretOf: SecretOf): Record<string, string> {
  const env: Record<string, string> = {}
  for (const { prefix = '', secretRef } of container.envFrom ?? []) {
    if (secretRef === undefined) continue
    const secret = secretOf(secretRef.name)
    if (secret === null && secretRef.optional !== true) throw noSecret(secretRef.name)
    for (const [key, value] of Object.entries(secret?.data ?? {}))
      env[prefix + key] = Buffer.from(value, 'base64').toString()
  }
  for (const each of container.env ?? []) {
    const value = givenBy(each, pod, secretOf)
    if (value !== null) env[each.name] = expand(value, env)
  }
  return env
}

function givenBy({ value, valueFrom }: EnvVar, pod: Pod, secretOf: SecretOf): string | null {
  if (valueFrom?.fieldRef !== undefined) {
    const known = { ...pod, status: { hostIP: '127.0.0.1', podIP: '127.0.0.1', ...pod.status } }
    return String(fieldOf(known, valueFrom.fieldRef.fieldPath) ?? '')
  }
  if (valueFrom?.secretKeyRef !== undefined) {
    const { name, key, optional } = valueFrom.secretKeyRef
    const secret = secretOf(name)
    const found = secret?.data?.[key]
    if (found !== undefined) return Buffer.from(found, 'base64').toString()
    if (optional === true) return null
    if (secret === null) throw noSecret(name)
    throw new CannotStart(
      'CreateContainerConfigError',
      `couldn't find key ${key} in Secret ${pod.metadata.namespace}/${name}`,
    )
  }
  return value ?? ''
}

const noSecret = (name: string) => new CannotStart('CreateContainerConfigError', `secret "${name}" not found`)

/** `$(NAME)` is replaced where there is such a variable, `$$` becomes `$`, all else stays, as in Kubernetes' own `expansion`. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (all, name: string | undefined) =>
    name === undefined ? '$' : (env[name] ?? all),
  )
}

/** Where it may write: TMPDIR and HOME, if they are in a volume, or if its root may be written to; nowhere else. */
function folders(
  env: Readonly<Record<string, string>>,
  container: Container,
  folder: string,
): Record<string, string> {
  const writable = (container.volumeMounts ?? []).filter(({ readOnly }) => readOnly !== true)
  const mayWrite = (path: string) =>
    container.securityContext?.readOnlyRootFilesystem !== true ||
    writable.some(
      ({ mountPath }) => path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, '')}/`),
    )
  const placed = (path: string) => (mayWrite(path) ? join(folder, path) : join(folder, 'read-only', path))
  const places = {
    TMPDIR: placed(env.TMPDIR ?? '/tmp'),
    ...(env.HOME === undefined ? {} : { HOME: placed(env.HOME) }),
  }
  for (const place of Object.values(places))
    if (!place.startsWith(join(folder, 'read-only'))) mkdirSync(place, { recursive: true })
  return places
}
