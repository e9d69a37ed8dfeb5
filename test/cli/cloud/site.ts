/** Projects whose user has a Kubernetes cluster or a queue of AWS Batch, each a stand-in, named `lab`, and a bucket between. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { CloudProfile } from '../../../lab/check-config.ts'
import type { BatchProfile } from '../../../runners/aws-batch/profile.ts'
import { currentHolder } from '../../../runners/detached/holder.ts'
import type { KubernetesProfile } from '../../../runners/kubernetes/profile.ts'
import { type BatchStandIn, startBatch } from '../../aws/batch-server.ts'
import { type KubernetesStandIn, type Settings, startKubernetes } from '../../kubernetes/server.ts'
import { type S3Service, startS3 } from '../../s3/server.ts'
import { configure } from '../cluster/site.ts'
import { Project } from '../project.ts'

export const PREFIX = 'ada'

/** An epidemic in small: sixteen chunks, those from `open` on wait for a file at the gate. */
export const source = (gate: string, open = 16) => `import { existsSync } from 'node:fs'
import { experiment } from 'reprise'
export default experiment({
  name: 'small-epidemic', parameters: { infect: [0.1, 0.2, 0.3, 0.4] }, repetitions: 16, chunk: 4,
  async run({ point, repetition, random }) {
    const place = Math.round(point.infect * 10 - 1) * 4 + Math.floor(repetition / 4)
    while (place >= ${open} && !existsSync(${JSON.stringify(gate)})) await new Promise((go) => setTimeout(go, 20))
    let [well, ill] = [997, 3]
    for (let step = 0; ill > 0 && step < 200; step++) {
      let [fresh, gone] = [0, 0]
      for (let i = 0; i < well; i++) if (random() < (point.infect * ill) / 1000) fresh++
      for (let i = 0; i < ill; i++) if (random() < 0.3) gone++
      well -= fresh
      ill += fresh - gone
    }
    return well
  },
})
`

export interface KubernetesSite {
  readonly s3: S3Service
  readonly cluster: KubernetesStandIn
  /** A project of a user who has the cluster. */
  project(files?: Readonly<Record<string, string>>, more?: Partial<KubernetesProfile>): Project
}

export async function kubernetesSite(t: TestContext, settings: Settings = {}): Promise<KubernetesSite> {
  const s3 = await startS3(t)
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = s3.env as Record<string, string>
  const secrets = { 'bucket-key': { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } as Record<string, string> }
  const cluster = await startKubernetes(t, { nodes: 2, cpus: 2, secrets, ...settings })
  const profile: KubernetesProfile = {
    kind: 'kubernetes',
    kubeconfig: cluster.kubeconfig,
    secretName: 'bucket-key',
    store: storeOf(s3),
    taskTime: 5,
    prices: { coreHour: 36, currency: 'EUR' },
  }
  return { s3, cluster, project: (files, more) => projectOf(t, s3.env, files, { ...profile, ...more }) }
}

export interface BatchSite {
  readonly s3: S3Service
  readonly batch: BatchStandIn
  project(files?: Readonly<Record<string, string>>, more?: Partial<BatchProfile>): Project
}

export async function batchSite(t: TestContext): Promise<BatchSite> {
  const s3 = await startS3(t)
  const account = s3.env as unknown as { AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string }
  const batch = await startBatch(t, { account, role: s3.env })
  const profile: BatchProfile = {
    kind: 'aws-batch',
    endpoint: batch.url,
    region: 'eu-central-1',
    queue: 'spot',
    jobRole: 'arn:aws:iam::123456789012:role/reprise-task',
    store: { ...storeOf(s3), region: 'us-east-1' },
    taskTime: 5,
  }
  return { s3, batch, project: (files, more) => projectOf(t, s3.env, files, { ...profile, ...more }) }
}

function storeOf({ bucket, endpoint }: S3Service) {
  return { bucket, endpoint, prefix: PREFIX }
}

function projectOf(
  t: TestContext,
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
  profile: CloudProfile,
): Project {
  const project = new Project(t, files, env)
  configure(project, { lab: profile })
  return project
}

/** The process that supervises the run on this machine now. */
export function supervisorOf(project: Project, run: string): number {
  const holder = currentHolder(project.path('home/.cache/reprise/runs', run))
  assert.ok(holder !== null, 'nobody supervises it')
  return holder.pid
}

/** What went to stderr, in one line, and how it ended. */
export async function refused(
  project: Project,
  ...words: string[]
): Promise<{ code: number | null; line: string }> {
  const { code, stderr } = await project.reprise(...words)
  const line = stderr.trim().split('\n').at(-1)!
  assert.doesNotMatch(stderr, /^ +at /m, stderr) // no stack
  return { code, line }
}
