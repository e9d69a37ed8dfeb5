/** How tests of the stand-in ask it: by the official client, and by plain requests for what that client does not let through. */
import { request } from 'node:https'
import { BatchV1Api, CoreV1Api, KubeConfig, type V1Job, Watch } from '@kubernetes/client-node'
import { until } from '../sshd/processes.ts'
import type { KubernetesStandIn } from './server.ts'
import { conditionOf, type Job } from './things.ts'

export const namespace = 'default'

/** The official client's, for a kubeconfig. */
export function clientsOf(cluster: KubernetesStandIn, path = cluster.kubeconfig) {
  const config = new KubeConfig()
  config.loadFromFile(path)
  return {
    config,
    batch: config.makeApiClient(BatchV1Api),
    core: config.makeApiClient(CoreV1Api),
    watch: new Watch(config),
  }
}

export interface WantedJob {
  readonly name?: string
  readonly count?: number
  /** What each pod does, JavaScript. */
  readonly script?: string
  readonly image?: string
  readonly spec?: Partial<NonNullable<V1Job['spec']>>
  readonly pod?: object
  readonly container?: object
}

/** An Indexed Job whose pods run a script. */
export function jobOf(wanted: WantedJob = {}): V1Job {
  const { name = 'job', count = 5, script = '', spec = {}, image = 'node:20-slim', pod, container } = wanted
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      completions: count,
      parallelism: count,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 3,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'task',
              image,
              command: ['node', '-e', script],
              resources: { requests: { cpu: '500m', memory: '64Mi' } },
              ...container,
            },
          ],
          ...pod,
        },
      },
      ...spec,
    },
  }
}

export interface Said {
  readonly code: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** A plain request. Rejects when the connection is cut. */
export function ask(
  cluster: KubernetesStandIn,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${cluster.url}${path}`,
      {
        method,
        ca: cluster.authority,
        headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json', ...headers },
      },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.once('error', reject)
        response.once('end', () =>
          resolve({
            code: response.statusCode!,
            headers: response.headers,
            text: Buffer.concat(pieces).toString(),
          }),
        )
      },
    )
    asked.once('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

export const JOBS = '/apis/batch/v1/namespaces/default/jobs'
export const PODS = '/api/v1/namespaces/default/pods'

/** The Job when it has a condition. */
export function condition(cluster: KubernetesStandIn, type: string, name = 'job'): Promise<Job> {
  return until(`${name} to be ${type}`, () =>
    cluster.jobs.find((job) => job.metadata.name === name && conditionOf(job, type) !== undefined),
  )
}
