/**
 * The Job of an array, as it is handed to Kubernetes: its indices are the tasks. Pure; nothing secret is in it. A pod has no
 * privilege, no root, no token of the cluster and nothing to write to but an empty folder at /tmp. That a pod was taken away counts for
 * nothing (where the server knows that); one that failed is started once more, which a passing trouble is over by; what is beyond
 * is for whoever submitted it, who makes tasks smaller. No index takes the others with it.
 */
import type { V1Container, V1Job, V1PodSpec, V1ResourceRequirements } from '@kubernetes/client-node'
import { RepriseError } from '../../lib/errors.ts'
import type { ArrayOrder } from '../array/engine.ts'
import { type Container, IN_VAIN, TASK_ENV } from '../cloud/container.ts'
import type { Abilities } from './abilities.ts'
import type { KubernetesWishes } from './profile.ts'
import { list, type Plain, plain, readTemplate, TASK_CONTAINER } from './template.ts'

export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  run: 'reprise.dev/run',
  array: 'reprise.dev/array',
} as const
export const MANAGER = 'reprise'

/** Times that an index is started anew after it failed. */
export const MORE_STARTS = 1
/** Name and index of a pod together are the name of a host, which has at most so many characters. */
const MOST_NAME = 63
/** Any that is not root; the images of Node have it as `node`. */
const USER = 1000
const TMP = '/tmp'
const SCRATCH = 'reprise-tmp'

export interface JobOptions {
  readonly wishes: KubernetesWishes
  /** Id of the run, which is a label's value. */
  readonly run: string
  readonly container: Container
  readonly abilities: Abilities
}

/** Throws `usage` for a template that says what it may not, and for names that Kubernetes has no room for. */
export function jobManifest(order: ArrayOrder, { wishes, run, container, abilities }: JobOptions): V1Job {
  checkName(order)
  const { name, array, count } = order
  const template = readTemplate(wishes.template)
  const labels = { [LABELS.managedBy]: MANAGER, [LABELS.run]: run, [LABELS.array]: String(array) }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels },
    spec: {
      completionMode: 'Indexed',
      completions: count,
      parallelism: Math.min(wishes.parallelism ?? count, count),
      ...failures(count, abilities),
      template: {
        metadata: {
          labels: { ...template.labels, ...labels } as Record<string, string>,
          annotations: template.annotations as Record<string, string>,
        },
        spec: podSpec(wishes, template.spec, taskContainer(wishes, container, template.container)),
      },
    },
  }
}

/** `node:<version>-slim` of this machine, when none is named. */
export function imageOf({ image }: KubernetesWishes): string {
  return image ?? `node:${process.versions.node}-slim`
}

function failures(count: number, { perIndex, failurePolicy }: Abilities) {
  const exits = { operator: 'In', values: [IN_VAIN], containerName: TASK_CONTAINER }
  const inVain = { action: 'FailIndex', onExitCodes: exits }
  const takenAway = { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }
  return {
    ...(perIndex
      ? { backoffLimitPerIndex: MORE_STARTS, maxFailedIndexes: count }
      : { backoffLimit: (MORE_STARTS + 1) * count }),
    ...(failurePolicy ? { podFailurePolicy: { rules: perIndex ? [inVain, takenAway] : [takenAway] } } : {}),
  }
}

function podSpec(wishes: KubernetesWishes, template: Plain, container: V1Container): V1PodSpec {
  const { nodeSelector, tolerations = [], serviceAccount } = wishes
  const { volumes = [], initContainers, nodeSelector: selector = {}, securityContext = {} } = template
  const allTolerations = [...list(template.tolerations ?? [], 'spec.tolerations'), ...tolerations]
  const allSelectors = { ...plain(selector, 'spec.nodeSelector'), ...nodeSelector }
  const first = initContainers === undefined ? [] : list(initContainers, 'spec.initContainers')
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...template,
    restartPolicy: 'Never',
    securityContext: {
      ...{ runAsUser: USER, runAsGroup: USER, fsGroup: USER, seccompProfile: { type: 'RuntimeDefault' } },
      ...plain(securityContext, 'spec.securityContext'),
      runAsNonRoot: true,
    },
    ...(first.length === 0 ? {} : { initContainers: first.map(harmless) }),
    containers: [container],
    volumes: [...list(volumes, 'spec.volumes'), { name: SCRATCH, emptyDir: {} }] as V1PodSpec['volumes'] &
      object,
    ...(Object.keys(allSelectors).length === 0
      ? {}
      : { nodeSelector: allSelectors as Record<string, string> }),
    ...(allTolerations.length === 0
      ? {}
      : { tolerations: allTolerations as V1PodSpec['tolerations'] & object }),
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
  }
}

function taskContainer(wishes: KubernetesWishes, { command, env }: Container, template: Plain): V1Container {
  const at = 'spec.containers[0]'
  const variables: Readonly<Record<string, object>> = {
    HOME: { value: TMP },
    TMPDIR: { value: TMP },
    ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, { value: literal(value) }])),
    [TASK_ENV.node]: { valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    [TASK_ENV.job]: { valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  }
  const others = list(template.env ?? [], `${at}.env`) as V1Container['env'] & object
  const ours = Object.entries(variables).map(([name, value]) => ({ name, ...value }))
  const secret = wishes.secretName === undefined ? [] : [{ secretRef: { name: wishes.secretName } }]
  const envFrom = [...list(template.envFrom ?? [], `${at}.envFrom`), ...secret]
  const mounts = list(template.volumeMounts ?? [], `${at}.volumeMounts`) as V1Container['volumeMounts'] &
    object
  const scratch = { name: SCRATCH, mountPath: TMP }
  const isOwn = mounts.some(({ mountPath }) => mountPath === TMP)
  return {
    ...harmless({
      ...template,
      securityContext: { readOnlyRootFilesystem: true, ...(template.securityContext as Plain) },
    }),
    name: TASK_CONTAINER,
    image: imageOf(wishes),
    command: command.map(literal),
    workingDir: TMP,
    env: [...others.filter(({ name }) => !Object.hasOwn(variables, name)), ...ours],
    ...(envFrom.length === 0 ? {} : { envFrom: envFrom as V1Container['envFrom'] & object }),
    resources: resourcesOf(wishes, plain(template.resources ?? {}, `${at}.resources`)),
    volumeMounts: isOwn ? mounts : [...mounts, scratch],
  }
}

/** Kubernetes puts variables in for `$(NAME)`, in words and in variables, and takes `$$` for `$`. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$')
}

/** A container without any privilege, whatever it says. */
function harmless(container: unknown): V1Container {
  const { securityContext, ...others } = container as V1Container
  const none = { privileged: false, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
  return { ...others, securityContext: { ...securityContext, runAsNonRoot: true, ...none } }
}

/** One CPU and 1 GiB, of which there is no word yet. Nobody's limits are made up: they would end tasks for which there is room. */
function resourcesOf({ resources = {} }: KubernetesWishes, template: Plain): V1ResourceRequirements {
  const at = 'spec.containers[0].resources'
  const requests = { ...plain(template.requests ?? {}, `${at}.requests`), ...resources.requests }
  const limits = { ...plain(template.limits ?? {}, `${at}.limits`), ...resources.limits }
  const usual = Object.entries({ cpu: '1', memory: '1Gi' }).filter(([name]) => !(name in limits))
  return {
    ...template,
    requests: { ...Object.fromEntries(usual), ...requests },
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  } as V1ResourceRequirements
}

function checkName({ name, count }: ArrayOrder): void {
  const longest = `${name}-${count - 1}`
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) || longest.length > MOST_NAME)
    throw new RepriseError('usage', 'cannot be the name of a Job', {
      subject: name,
      remedy: `Name it by lower-case letters, digits and \`-\`, with its indices at most ${MOST_NAME}`,
    })
}
