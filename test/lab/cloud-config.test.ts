/** Clusters of the cloud as people write them, and as somebody would who wants another's credentials, files or programs used. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isNear } from '../../lab/check-cloud.ts'
import type { ClusterProfile } from '../../lab/check-config.ts'
import { checkConfig } from '../../lab/check-config.ts'
import { clusterNotes } from '../../lab/clusters.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { BatchProfile } from '../../runners/aws-batch/profile.ts'
import type { KubernetesProfile } from '../../runners/kubernetes/profile.ts'

const STORE = { bucket: 'lab-experiments' }
const kubernetes = (more: object) => ({ clusters: { a: { kind: 'kubernetes', store: STORE, ...more } } })
const batch = (more: object) => ({
  clusters: { a: { kind: 'aws-batch', queue: 'q', store: STORE, ...more } },
})
const stored = (more: object) => kubernetes({ store: { ...STORE, ...more } })
const ROLE = 'arn:aws:iam::123456789012:role/reprise/task'

function lineOf(content: object, owner: 'user' | 'project' = 'user'): string {
  try {
    checkConfig(content, 'c.json', owner)
  } catch (error) {
    assert.ok(error instanceof RepriseError, String(error))
    return `${error.code}: ${error.line}`
  }
  return 'taken'
}

const KUBERNETES: KubernetesProfile = {
  kind: 'kubernetes',
  kubeconfig: '~/.kube/lab',
  context: 'arn:aws:eks:eu-central-1:123456789012:cluster/lab',
  namespace: 'ada',
  image: 'ghcr.io/ada/node@sha256:0123456789abcdef',
  resources: { requests: { cpu: '500m', memory: '1.5Gi', 'nvidia.com/gpu': '1' }, limits: { memory: '2Gi' } },
  parallelism: 500,
  nodeSelector: { 'kubernetes.io/arch': 'arm64', pool: '' },
  tolerations: [{ key: 'spot', operator: 'Exists', effect: 'NoSchedule' }],
  serviceAccount: 'runs',
  secretName: 'bucket-key',
  template: { metadata: { labels: { team: 'x' } }, spec: { priorityClassName: 'low' } },
  engines: 2,
  maxTasks: 10_000,
  store: {
    ...STORE,
    prefix: 'ada/runs_1',
    endpoint: 'https://minio.example.org:9000/s3',
    endpointInside: 'http://minio.minio.svc:9000',
    region: 'auto',
    profile: 'minio',
    pathStyle: true,
  },
  directory: '/scratch/ada',
  taskTime: 300,
  prices: { coreHour: 0.0312, currency: 'EUR' },
  env: { OMP_NUM_THREADS: '1' },
}
const BATCH: BatchProfile = {
  kind: 'aws-batch',
  region: 'eu-central-1',
  profile: 'research',
  endpoint: 'http://127.0.0.1:4566',
  queue: 'arn:aws:batch:eu-central-1:123456789012:job-queue/spot',
  image: 'public.ecr.aws/docker/library/node:20-slim',
  jobRole: ROLE,
  executionRole: ROLE,
  platform: 'FARGATE',
  cpus: 4,
  memory: 8192,
  engines: 4,
  attempts: 5,
  maxTasks: 5000,
  store: STORE,
  prices: { coreHour: 0, currency: 'USD' },
}

test('should take clusters of the cloud with all that can be said of them, and with as little as can be', () => {
  for (const whole of [KUBERNETES, BATCH])
    assert.deepEqual(checkConfig({ clusters: { a: whole } }, 'c.json', 'user').get('a'), whole)
  assert.equal(lineOf(kubernetes({}), 'project'), 'taken')
  assert.equal(lineOf(batch({}), 'project'), 'taken')
  const priced = { kind: 'ssh', hosts: [{ host: 'n' }], prices: { coreHour: 0.1, currency: 'CHF' } }
  assert.equal(lineOf({ clusters: { a: priced, b: { kind: 'slurm', prices: priced.prices } } }), 'taken')
})

test('should say of a wrong cluster of the cloud where it is wrong, and what is allowed', () => {
  const cases: [content: object, expected: RegExp][] = [
    [{ clusters: { a: { kind: 'kubernetes' } } }, /clusters\.a: lacks the field "store"/],
    [{ clusters: { a: { kind: 'aws-batch', store: STORE } } }, /clusters\.a: lacks the field "queue"/],
    [
      kubernetes({ secret: 'x' }),
      /clusters\.a: has no field "secret"; it may have kind, kubeconfig, context/,
    ],
    [
      kubernetes({ namespace: 'Ada' }),
      /clusters\.a\.namespace: must be a namespace: at most 63 small letters/,
    ],
    [kubernetes({ namespace: 'a/../b' }), /clusters\.a\.namespace: must be/],
    [kubernetes({ secretName: 'a?b' }), /clusters\.a\.secretName: must be a secret/],
    [kubernetes({ context: '--token=x' }), /clusters\.a\.context: must be the name of a context/],
    [kubernetes({ image: '-v /:/host node' }), /clusters\.a\.image: must be a container image/],
    [kubernetes({ resources: { requests: { cpu: 2 } } }), /resources\.requests\.cpu: must be an amount/],
    [
      kubernetes({ resources: { requests: { cpu: '-1' } } }),
      /requests\.cpu: must be an amount as Kubernetes/,
    ],
    [kubernetes({ nodeSelector: { 'a b': 'c' } }), /nodeSelector: has the name "a b"/],
    [kubernetes({ tolerations: [{ effect: 'Never' }] }), /tolerations\[0\]\.effect: must be "NoSchedule"/],
    [kubernetes({ template: { kind: 'Pod' } }), /template: has no field "kind"; it may have metadata, spec/],
    [kubernetes({ template: { spec: { x: 'y'.repeat(70_000) } } }), /template: is longer than 65536/],
    [
      kubernetes({ prices: { coreHour: -1, currency: 'EUR' } }),
      /prices\.coreHour: must be what a core costs/,
    ],
    [kubernetes({ prices: { coreHour: 1, currency: '€' } }), /prices\.currency: must be three capitals/],
    [
      kubernetes({ env: { AWS_SECRET_ACCESS_KEY: 'x' } }),
      /env\.AWS_SECRET_ACCESS_KEY: is not to be set.*secret/,
    ],
    [kubernetes({ env: { JOB_COMPLETION_INDEX: '0' } }), /env\.JOB_COMPLETION_INDEX: is not to be set/],
    [batch({ env: { AWS_BATCH_JOB_ARRAY_INDEX: '0' } }), /ARRAY_INDEX: is not to be set for tasks/],
    [batch({ env: { REPRISE_STORE: '{}' } }), /env\.REPRISE_STORE: is not to be set for tasks/],
    [stored({ bucket: '../x' }), /store\.bucket: must be the name of a bucket/],
    [stored({ prefix: '/a' }), /store\.prefix: must be parts of letters/],
    [stored({ prefix: 'a/../b' }), /store\.prefix: must be parts/],
    [stored({ endpoint: 'https://key:secret@x.org' }), /store\.endpoint: must be a URL/],
    [stored({ endpoint: 'file:///etc' }), /store\.endpoint: must be a URL/],
    [stored({ endpoint: 'http://minio.example.org' }), /store\.endpoint: is no address near by.*Say https/],
    [stored({ endpointInside: 'http://8.8.8.8' }), /store\.endpointInside: is no address near by/],
    [stored({ accessKeyId: 'AKIA' }), /store: has no field "accessKeyId"/],
    [batch({ endpoint: 'http://batch.example.org' }), /clusters\.a\.endpoint: is no address near by/],
    [batch({ queue: 'a b' }), /queue: must be the name or the ARN of a job queue/],
    [batch({ jobRole: 'admin' }), /jobRole: must be the ARN of a role/],
    [batch({ attempts: 11 }), /attempts: must be a whole number from 1 to 10/],
    [batch({ platform: 'FARGATE' }), /executionRole: is missing, which Fargate needs/],
    [batch({ platform: 'FARGATE', executionRole: ROLE, cpus: 3 }), /cpus: is none of what Fargate has/],
  ]
  for (const [content, expected] of cases) assert.match(lineOf(content), expected, JSON.stringify(content))
})

test('should believe a project less: no kubeconfig, no template, no profile of AWS, no folder, no rights', () => {
  const refused = [
    kubernetes({ kubeconfig: './k' }),
    kubernetes({ template: {} }),
    kubernetes({ directory: '/shared' }),
    kubernetes({ env: { NODE_OPTIONS: '-r x' } }),
    stored({ profile: 'admin' }),
    batch({ profile: 'admin' }),
    batch({ directory: '/shared' }),
    kubernetes({ secretName: 'bucket-key' }),
    kubernetes({ serviceAccount: 'admin' }),
    batch({ jobRole: ROLE }),
    batch({ executionRole: ROLE }),
  ]
  for (const content of refused) {
    assert.equal(lineOf(content), 'taken')
    assert.match(lineOf(content, 'project'), /^refused: c\.json: clusters\.a\.[\w.]+: a project may not /)
  }
})

test('should tell what a project has spent on the account of its user, before it is used', () => {
  const of = (profile: ClusterProfile, owner: 'user' | 'project') =>
    clusterNotes({ name: 'a', profile, owner, path: '/p/reprise.config.json', hides: null })
  assert.deepEqual(of(KUBERNETES, 'user'), [])
  const [note, ...others] = of(KUBERNETES, 'project')
  assert.equal(others.length, 0)
  for (const words of [
    'has tasks submitted as it says: ',
    'namespace ada',
    'secretName bucket-key',
    'serviceAccount runs',
    'image ghcr.io/ada/node@sha256',
    'store.bucket lab-experiments',
    'store.endpoint https://minio.example.org:9000/s3',
    'env OMP_NUM_THREADS',
  ])
    assert.ok(note!.includes(words), `${words}: ${note}`)
  assert.match(of(BATCH, 'project')[0]!, /queue arn:aws:batch:.*jobRole arn:aws:iam::123456789012:role/)
})

test('should speak without TLS only to addresses that no public network has', () => {
  for (const near of [
    ...[
      'localhost',
      '127.0.0.1',
      '127.9.9.9',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '::1',
      'fd00::1',
    ],
    ...[
      'minio',
      'minio.default.svc',
      'minio.default.svc.cluster.local',
      'nas.local',
      'x.internal',
      'x.home.arpa',
    ],
  ])
    assert.equal(isNear(near), true, near)
  for (const far of [
    ...[
      '8.8.8.8',
      '172.32.0.1',
      '192.169.0.1',
      '100.128.0.1',
      '2001:db8::1',
      'example.org',
      'local.example.org',
    ],
    ...['minio.svc.example.org', 'localhost.example.org', '127.0.0.1.nip.io', '0.0.0.0'],
  ])
    assert.equal(isNear(far), false, far)
  const anyName = fc.stringMatching(/^[a-z0-9-]{1,20}(\.[a-z0-9-]{1,20}){0,3}\.(com|org|io|eu)$/)
  fc.assert(
    fc.property(anyName, (name) => lineOf(stored({ endpoint: `http://${name}` })) !== 'taken'),
    { seed: 7, numRuns: 200 },
  )
})
