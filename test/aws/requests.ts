/**
 * What AWS Batch takes, as its reference says it: fields that are there, that are required, and their limits. For what the service
 * only says when it looks closer there are `definitionFault` and the like.
 */
import { Ajv, type ValidateFunction } from 'ajv'

const text = (maxLength: number, pattern?: string) => ({
  type: 'string',
  minLength: 1,
  maxLength,
  ...(pattern === undefined ? {} : { pattern }),
})
const list = (items: object, maxItems?: number) => ({
  type: 'array',
  items,
  ...(maxItems === undefined ? {} : { maxItems }),
})
const exact = (properties: Record<string, object>, required: readonly string[] = []) => ({
  ...{ type: 'object', additionalProperties: false, properties, required },
})
const NAME = text(128, '^[A-Za-z0-9][A-Za-z0-9_-]*$')
const ROLE = text(2048, '^arn:aws:iam::\\d{12}:role/.+$')
const ANY = text(2048)
const STATUS = { enum: ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] }
const MOUNT_OPTIONS = 'defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime nodiratime bind rbind unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime strictatime nostrictatime mode uid gid nr_inodes nr_blocks mpol'.split(' ') // biome-ignore format: a list of words

const environment = list(
  exact({ name: text(2048, '^(?!AWS_BATCH)'), value: { type: 'string' } }, ['name', 'value']),
)
const resourceRequirements = list(
  exact({ type: { enum: ['GPU', 'VCPU', 'MEMORY'] }, value: text(32, '^\\d+(\\.\\d+)?$') }, [
    'type',
    'value',
  ]),
)
const GLOB = text(512, '^[A-Za-z0-9.:\\s]*\\*?$')
const retryStrategy = exact({
  attempts: { type: 'integer', minimum: 1, maximum: 10 },
  evaluateOnExit: list(
    exact(
      {
        ...{ onStatusReason: GLOB, onReason: GLOB, onExitCode: text(512, '^\\d*\\*?$') },
        action: { enum: ['RETRY', 'EXIT', 'retry', 'exit'] },
      },
      ['action'],
    ),
    5,
  ),
})
const containerProperties = exact(
  {
    image: text(255, '^[A-Za-z0-9_:./#@-]+$'),
    command: list({ type: 'string' }),
    ...{ environment, resourceRequirements, jobRoleArn: ROLE, executionRoleArn: ROLE },
    user: text(255),
    readonlyRootFilesystem: { type: 'boolean' },
    privileged: { type: 'boolean' },
    volumes: list(exact({ name: NAME, host: exact({ sourcePath: ANY }) }, ['name'])),
    mountPoints: list(exact({ containerPath: ANY, readOnly: { type: 'boolean' }, sourceVolume: NAME })),
    linuxParameters: exact({
      initProcessEnabled: { type: 'boolean' },
      tmpfs: list(
        exact(
          {
            containerPath: ANY,
            size: { type: 'integer', minimum: 1 },
            mountOptions: list({ enum: MOUNT_OPTIONS }),
          },
          ['containerPath', 'size'],
        ),
      ),
    }),
    networkConfiguration: exact({ assignPublicIp: { enum: ['ENABLED', 'DISABLED'] } }),
  },
  ['image', 'resourceRequirements'],
)
const parameters = { type: 'object', additionalProperties: { type: 'string' } }
const page = { maxResults: { type: 'integer', minimum: 1, maximum: 1000 }, nextToken: ANY }

const REQUESTS: Readonly<Record<string, object>> = {
  DescribeJobQueues: exact({ jobQueues: list(ANY), ...page }),
  DescribeComputeEnvironments: exact({ computeEnvironments: list(ANY), ...page }),
  DescribeJobDefinitions: exact({
    jobDefinitions: list(ANY, 100),
    jobDefinitionName: ANY,
    status: { enum: ['ACTIVE', 'INACTIVE'] },
    ...page,
  }),
  RegisterJobDefinition: exact(
    {
      jobDefinitionName: NAME,
      type: { enum: ['container'] },
      platformCapabilities: list({ enum: ['EC2', 'FARGATE'] }, 1),
      ...{ parameters, containerProperties, retryStrategy },
      timeout: exact({ attemptDurationSeconds: { type: 'integer', minimum: 60 } }),
    },
    ['jobDefinitionName', 'type', 'containerProperties'],
  ),
  DeregisterJobDefinition: exact({ jobDefinition: ANY }, ['jobDefinition']),
  SubmitJob: exact(
    {
      ...{ jobName: NAME, jobQueue: ANY, jobDefinition: ANY, parameters, retryStrategy },
      shareIdentifier: text(255, '^[A-Za-z0-9]+\\*?$'),
      arrayProperties: exact({ size: { type: 'integer', minimum: 2, maximum: 10_000 } }),
      containerOverrides: exact({ command: list({ type: 'string' }), environment, resourceRequirements }),
      timeout: exact({ attemptDurationSeconds: { type: 'integer', minimum: 60 } }),
    },
    ['jobName', 'jobQueue', 'jobDefinition'],
  ),
  DescribeJobs: exact({ jobs: list(ANY, 100) }, ['jobs']),
  ListJobs: exact({
    ...{ jobQueue: ANY, arrayJobId: ANY, jobStatus: STATUS, ...page },
    filters: list(
      exact({ name: { enum: ['JOB_NAME', 'JOB_DEFINITION'] }, values: list(ANY) }, ['name', 'values']),
      1,
    ),
  }),
  TerminateJob: exact({ jobId: ANY, reason: text(1024) }, ['jobId', 'reason']),
  CancelJob: exact({ jobId: ANY, reason: text(1024) }, ['jobId', 'reason']),
}

const ajv = new Ajv({ strict: true, allErrors: false })
const checks = new Map<string, ValidateFunction>(
  Object.entries(REQUESTS).map(([action, schema]) => [action, ajv.compile(schema)]),
)

/** Of the path `/v1/registerjobdefinition`. */
export function actionOf(path: string): string | null {
  const word = /^\/v1\/([a-z]+)$/.exec(path)?.[1]
  return Object.keys(REQUESTS).find((action) => action.toLowerCase() === word) ?? null
}

/** What is wrong with a request by its form; null where nothing is. */
export function faultOf(action: string, request: unknown): string | null {
  const check = checks.get(action)!
  if (check(request)) return null
  const { instancePath, message, params } = check.errors![0]!
  return `Error executing request, Exception : ${instancePath || action} ${message} ${JSON.stringify(params)}`
}

/** Memory that goes with so many vCPUs on Fargate, MiB: from, to, in steps of. */
const FARGATE: Readonly<
  Record<string, readonly number[] | readonly [from: number, to: number, step: number]>
> = {
  '0.5': [1024, 4096, 1024],
  '1': [2048, 8192, 1024],
  '2': [4096, 16_384, 1024],
  '4': [8192, 30_720, 1024],
  '8': [16_384, 61_440, 4096],
  '16': [32_768, 122_880, 8192],
}

export interface Definition {
  readonly jobDefinitionName: string
  readonly platformCapabilities?: readonly string[]
  readonly parameters?: Readonly<Record<string, string>>
  readonly retryStrategy?: { readonly attempts?: number; readonly evaluateOnExit?: readonly Evaluation[] }
  readonly containerProperties: {
    readonly image: string
    readonly command?: readonly string[]
    readonly environment?: readonly { readonly name: string; readonly value: string }[]
    readonly resourceRequirements: readonly { readonly type: string; readonly value: string }[]
    readonly jobRoleArn?: string
    readonly executionRoleArn?: string
    readonly linuxParameters?: { readonly tmpfs?: readonly object[] }
    readonly networkConfiguration?: object
  }
}

export interface Evaluation {
  readonly onStatusReason?: string
  readonly onReason?: string
  readonly onExitCode?: string
  readonly action: string
}

/** What is wrong with a job definition that has the right form; null where nothing is. */
export function definitionFault(definition: Definition): string | null {
  const { platformCapabilities = ['EC2'], containerProperties: own, retryStrategy } = definition
  if (Buffer.byteLength(JSON.stringify(definition)) > 24 * 1024)
    return 'Job definition size must be at most 24 KiB'
  if (retryStrategy?.evaluateOnExit !== undefined && retryStrategy.attempts === undefined)
    return 'attempts must be specified with evaluateOnExit'
  const amount = (type: string) => own.resourceRequirements.find((one) => one.type === type)?.value
  const [cpus, memory] = [amount('VCPU'), amount('MEMORY')]
  if (cpus === undefined || memory === undefined) return 'resourceRequirements must specify VCPU and MEMORY'
  if (platformCapabilities[0] === 'EC2') {
    if (!/^[1-9]\d*$/.test(cpus)) return `VCPU must be a whole number from 1, and is ${cpus}`
    if (Number(memory) < 4 || !Number.isInteger(Number(memory)))
      return `MEMORY must be at least 4 MiB, and is ${memory}`
    return own.networkConfiguration === undefined ? null : 'networkConfiguration is not applicable for EC2'
  }
  if (own.executionRoleArn === undefined) return 'EXECUTION ROLE must be specified for Fargate'
  if (own.linuxParameters?.tmpfs !== undefined) return 'tmpfs is not applicable for Fargate'
  const [from = 0, to = 0, step = 1] = FARGATE[cpus] ?? []
  const fits =
    cpus === '0.25'
      ? ['512', '1024', '2048'].includes(memory)
      : Number(memory) >= from && Number(memory) <= to && (Number(memory) - from) % step === 0
  return fits ? null : `Fargate resource requirements (${cpus} vCPU, ${memory} MiB) not valid.`
}
