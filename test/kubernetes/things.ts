/** Objects of an API server as JSON has them, as far as the stand-in reads them; whatever else is in them is kept. */

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface Meta {
  name: string
  generateName?: string
  namespace?: string
  uid: string
  resourceVersion: string
  generation?: number
  creationTimestamp: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
}

export interface Thing {
  apiVersion: string
  kind: string
  metadata: Meta
}

export interface Condition {
  type: string
  status: 'True' | 'False'
  reason?: string
  message?: string
  lastTransitionTime?: string
  lastProbeTime?: string
}

export interface EnvVar {
  name: string
  value?: string
  valueFrom?: {
    fieldRef?: { fieldPath: string }
    secretKeyRef?: { name: string; key: string; optional?: boolean }
  }
}

export interface SecurityContext {
  runAsUser?: number
  runAsNonRoot?: boolean
  readOnlyRootFilesystem?: boolean
  privileged?: boolean
  allowPrivilegeEscalation?: boolean
}

export interface Container {
  name: string
  image?: string
  command?: string[]
  args?: string[]
  env?: EnvVar[]
  envFrom?: { prefix?: string; secretRef?: { name: string; optional?: boolean } }[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[]
  imagePullPolicy?: string
  securityContext?: SecurityContext
}

export interface PodSpec {
  containers: Container[]
  restartPolicy?: string
  nodeName?: string
  hostname?: string
  nodeSelector?: Record<string, string>
  serviceAccountName?: string
  terminationGracePeriodSeconds?: number
  securityContext?: SecurityContext
  volumes?: { name: string; emptyDir?: object }[]
  tolerations?: { key?: string; operator?: string; value?: string; effect?: string }[]
}

export interface ContainerState {
  waiting?: { reason: string; message?: string }
  running?: { startedAt: string }
  terminated?: {
    exitCode: number
    signal?: number
    reason: string
    startedAt: string | null
    finishedAt: string | null
    containerID?: string
  }
}

export interface ContainerStatus {
  name: string
  state: ContainerState
  lastState: ContainerState
  ready: boolean
  started: boolean
  restartCount: number
  image: string
  imageID: string
}

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed'

export interface Pod extends Thing {
  spec: PodSpec
  status: {
    phase: Phase
    reason?: string
    message?: string
    startTime?: string
    conditions?: Condition[]
    containerStatuses?: ContainerStatus[]
    hostIP?: string
    podIP?: string
    qosClass?: string
  }
}

export interface FailureRule {
  action: 'Ignore' | 'FailIndex' | 'FailJob' | 'Count'
  onExitCodes?: { containerName?: string; operator: 'In' | 'NotIn'; values: number[] }
  onPodConditions?: { type: string; status?: string }[]
}

export interface JobSpec {
  parallelism?: number
  completions?: number
  completionMode?: 'Indexed' | 'NonIndexed'
  backoffLimit?: number
  backoffLimitPerIndex?: number
  maxFailedIndexes?: number
  podFailurePolicy?: { rules: FailureRule[] }
  podReplacementPolicy?: 'TerminatingOrFailed' | 'Failed'
  activeDeadlineSeconds?: number
  ttlSecondsAfterFinished?: number
  suspend?: boolean
  selector?: { matchLabels?: Record<string, string> }
  manualSelector?: boolean
  successPolicy?: object
  template: {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
    spec: PodSpec
  }
}

export interface JobStatus {
  conditions?: Condition[]
  startTime?: string
  completionTime?: string
  active?: number
  ready?: number
  terminating?: number
  succeeded?: number
  failed?: number
  completedIndexes?: string
  failedIndexes?: string
  uncountedTerminatedPods?: object
}

export interface Job extends Thing {
  spec: JobSpec
  status: JobStatus
}

export interface Secret extends Thing {
  data?: Record<string, string>
}

/** Resources that are served, by the name in their paths. */
export const RESOURCES = {
  namespaces: { group: '', version: 'v1', kind: 'Namespace', namespaced: false },
  nodes: { group: '', version: 'v1', kind: 'Node', namespaced: false },
  pods: { group: '', version: 'v1', kind: 'Pod', namespaced: true },
  secrets: { group: '', version: 'v1', kind: 'Secret', namespaced: true },
  serviceaccounts: { group: '', version: 'v1', kind: 'ServiceAccount', namespaced: true },
  resourcequotas: { group: '', version: 'v1', kind: 'ResourceQuota', namespaced: true },
  events: { group: '', version: 'v1', kind: 'Event', namespaced: true },
  jobs: { group: 'batch', version: 'v1', kind: 'Job', namespaced: true },
} as const

export type Resource = keyof typeof RESOURCES

export const apiVersionOf = (resource: Resource) => {
  const { group, version } = RESOURCES[resource]
  return group === '' ? version : `${group}/${version}`
}

/** As in messages: `jobs.batch`, `pods`. */
export const longNameOf = (resource: Resource) => {
  const { group } = RESOURCES[resource]
  return group === '' ? resource : `${resource}.${group}`
}

/** Whole seconds, as the API server writes them. */
export const stamp = (at = new Date()) => at.toISOString().replace(/\.\d+Z$/, 'Z')

export const conditionOf = (thing: { status: { conditions?: Condition[] } }, type: string) =>
  thing.status.conditions?.find((each) => each.type === type && each.status === 'True')
