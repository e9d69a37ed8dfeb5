/** The manifest of a Job: its text, and what holds for all that may be wished. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RepriseError } from '../../../lib/errors.ts'
import { abilitiesOf } from '../../../runners/kubernetes/abilities.ts'
import { jobManifest } from '../../../runners/kubernetes/job.ts'
import type { KubernetesWishes } from '../../../runners/kubernetes/profile.ts'

const container = {
  command: ['node', '-e', 'a$$b'],
  env: { REPRISE_ARRAY: '3', GREETING: '$(HOME)' },
}
const of = (gitVersion: string) => abilitiesOf({ gitVersion })!
const store = { bucket: 'none' }
const run = '20260101T000000000-00abcd'
const manifest = (
  wishes: Partial<KubernetesWishes>,
  version = 'v1.31.2',
  name = 'reprise-0123abcd-3-00112233aabb',
) =>
  jobManifest(
    { name, array: 3, count: 500 },
    { wishes: { store, image: 'node:20-slim', ...wishes }, run, container, abilities: of(version) },
  )

test('should be as it is', () => {
  const wishes = {
    resources: { requests: { cpu: '2' }, limits: { memory: '4Gi' } },
    parallelism: 100,
    nodeSelector: { pool: 'batch' },
    tolerations: [{ key: 'spot', operator: 'Exists' as const }],
    serviceAccount: 'runner',
    secretName: 'keys',
  }
  const labels = {
    'app.kubernetes.io/managed-by': 'reprise',
    'reprise.dev/run': run,
    'reprise.dev/array': '3',
  }
  assert.deepEqual(JSON.parse(JSON.stringify(manifest(wishes))), {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'reprise-0123abcd-3-00112233aabb', labels },
    spec: {
      completionMode: 'Indexed',
      completions: 500,
      parallelism: 100,
      backoffLimitPerIndex: 1,
      maxFailedIndexes: 500,
      podFailurePolicy: {
        rules: [
          { action: 'FailIndex', onExitCodes: { operator: 'In', values: [78], containerName: 'task' } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: {
        metadata: { labels, annotations: {} },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: 'Never',
          securityContext: {
            ...{ runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, runAsNonRoot: true },
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'task',
              image: 'node:20-slim',
              command: ['node', '-e', 'a$$$$b'],
              workingDir: '/tmp',
              env: [
                { name: 'HOME', value: '/tmp' },
                { name: 'TMPDIR', value: '/tmp' },
                { name: 'REPRISE_ARRAY', value: '3' },
                { name: 'GREETING', value: '$$(HOME)' },
                { name: 'REPRISE_NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
                { name: 'REPRISE_JOB', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              ],
              envFrom: [{ secretRef: { name: 'keys' } }],
              resources: { requests: { cpu: '2' }, limits: { memory: '4Gi' } },
              volumeMounts: [{ name: 'reprise-tmp', mountPath: '/tmp' }],
              securityContext: {
                ...{ readOnlyRootFilesystem: true, runAsNonRoot: true, privileged: false },
                ...{ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              },
            },
          ],
          volumes: [{ name: 'reprise-tmp', emptyDir: {} }],
          nodeSelector: { pool: 'batch' },
          tolerations: [{ key: 'spot', operator: 'Exists' }],
          serviceAccountName: 'runner',
        },
      },
    },
  })
})

test('should ask for no more than the server has', () => {
  const specs = ['v1.25.16', 'v1.28.3', 'v1.29.0+k3s1'].map((version) => manifest({}, version).spec!)
  assert.deepEqual(
    specs.map(({ backoffLimit, backoffLimitPerIndex, podFailurePolicy }) => [
      ...[backoffLimit, backoffLimitPerIndex],
      podFailurePolicy?.rules.map(({ action }) => action).join(' '),
    ]),
    [
      [1000, undefined, undefined],
      [1000, undefined, 'Ignore'],
      [undefined, 1, 'FailIndex Ignore'],
    ],
  )
})

test('should ask for one CPU and 1 GiB, of which there is no word', () => {
  const resourcesOf = (resources?: KubernetesWishes['resources']) =>
    manifest(resources === undefined ? {} : { resources }).spec!.template.spec!.containers[0]!.resources
  assert.deepEqual(resourcesOf(), { requests: { cpu: '1', memory: '1Gi' } })
  assert.deepEqual(resourcesOf({ limits: { cpu: '500m' } }), {
    requests: { memory: '1Gi' },
    limits: { cpu: '500m' },
  })
})

test('should take from a template what it adds and what it may loosen', () => {
  const template = {
    metadata: { labels: { team: 'x', 'reprise.dev/run': 'other' }, annotations: { a: 'b' } },
    spec: {
      ...{ priorityClassName: 'low', automountServiceAccountToken: true, activeDeadlineSeconds: 60 },
      securityContext: { runAsUser: 2000 },
      volumes: [{ name: 'big', emptyDir: { sizeLimit: '9Gi' } }],
      initContainers: [{ name: 'first', image: 'busybox' }],
      containers: [
        {
          name: 'task',
          env: [
            { name: 'REPRISE_X', value: '1' },
            { name: 'GREETING', value: 'other' },
          ],
          volumeMounts: [{ name: 'big', mountPath: '/tmp' }],
          securityContext: { readOnlyRootFilesystem: false },
        },
      ],
    },
  }
  const { metadata, spec } = manifest({ template }).spec!.template
  assert.equal(metadata?.labels?.team, 'x')
  assert.equal(metadata?.labels?.['reprise.dev/run'], run)
  assert.deepEqual(
    [spec?.priorityClassName, spec?.activeDeadlineSeconds, spec?.securityContext?.runAsUser],
    ['low', 60, 2000],
  )
  const [task] = spec!.containers
  assert.equal(task?.securityContext?.readOnlyRootFilesystem, false)
  assert.equal(task?.securityContext?.allowPrivilegeEscalation, false)
  assert.deepEqual(task?.volumeMounts, [{ name: 'big', mountPath: '/tmp' }])
  assert.deepEqual(
    task?.env?.filter(({ name }) => name === 'GREETING'),
    [{ name: 'GREETING', value: '$$(HOME)' }],
  )
  assert.deepEqual(spec?.initContainers?.[0]?.securityContext?.capabilities, { drop: ['ALL'] })
})

test('should refuse a template that lets a task out of its container, or takes what is ours', () => {
  const task = (more: object) => ({ spec: { containers: [{ name: 'task', ...more }] } })
  const security = (securityContext: object) => task({ securityContext })
  const cases: readonly (readonly [object, string])[] = [
    [{ spec: { hostNetwork: true } }, 'spec.hostNetwork'],
    [{ spec: { hostPID: true } }, 'spec.hostPID'],
    [{ spec: { hostIPC: true } }, 'spec.hostIPC'],
    [{ spec: { restartPolicy: 'Always' } }, 'spec.restartPolicy'],
    [{ spec: { volumes: [{ name: 'x', hostPath: { path: '/' } }] } }, 'spec.volumes[0].hostPath'],
    [{ spec: { securityContext: { runAsUser: 0 } } }, 'spec.securityContext'],
    [
      { spec: { initContainers: [{ name: 'x', securityContext: { privileged: true } }] } },
      'spec.initContainers[0].securityContext.privileged',
    ],
    [{ spec: { containers: [{ name: 'other' }] } }, 'spec.containers[0]'],
    [{ spec: { containers: [] }, status: {} }, 'status'],
    [{ spec: [] }, 'spec'],
    [task({ command: ['sh'] }), 'spec.containers[0].command'],
    [task({ image: 'other' }), 'spec.containers[0].image'],
    [task({ env: [{ name: 'REPRISE_STORE', value: 'x' }] }), 'spec.containers[0].env[0].name'],
    [task({ env: [{ name: 'AWS_SECRET_ACCESS_KEY', value: 'x' }] }), 'spec.containers[0].env[0].value'],
    [security({ privileged: true }), 'spec.containers[0].securityContext.privileged'],
    [
      security({ allowPrivilegeEscalation: true }),
      'spec.containers[0].securityContext.allowPrivilegeEscalation',
    ],
    [
      security({ capabilities: { add: ['SYS_ADMIN'] } }),
      'spec.containers[0].securityContext.capabilities.add',
    ],
    [security({ runAsNonRoot: false }), 'spec.containers[0].securityContext'],
    [security({ seccompProfile: { type: 'Unconfined' } }), 'spec.containers[0].securityContext'],
  ]
  for (const [template, at] of cases)
    assert.throws(
      () => manifest({ template: template as Record<string, unknown> }),
      (error) => error instanceof RepriseError && error.code === 'usage' && error.subject.startsWith(at),
      at,
    )
})

test('should never give a privilege or change a name, whatever the template says', () => {
  const word = fc.constantFrom('privileged', 'allowPrivilegeEscalation', 'runAsNonRoot', 'runAsUser', 'capabilities', 'readOnlyRootFilesystem', 'seLinuxOptions') // biome-ignore format: a list of words
  const value = fc.oneof(
    fc.boolean(),
    fc.nat(2000),
    fc.constant({}),
    fc.constant({ drop: [] }),
    fc.constant(null),
  )
  const security = fc.dictionary(word, value)
  const labels = fc.dictionary(fc.constantFrom('reprise.dev/run', 'reprise.dev/array', 'own'), fc.string())
  const template = fc.record({
    metadata: fc.record({ labels }),
    spec: fc.record({
      securityContext: security,
      initContainers: fc.array(fc.record({ name: fc.constant('x'), securityContext: security }), {
        maxLength: 2,
      }),
      containers: fc.array(fc.record({ name: fc.constant('task'), securityContext: security }), {
        maxLength: 1,
      }),
    }),
  })
  let taken = 0
  fc.assert(
    fc.property(template, (template) => {
      let job: ReturnType<typeof manifest>
      try {
        job = manifest({ template })
      } catch (error) {
        assert.ok(error instanceof RepriseError && error.code === 'usage', `${error}`)
        return
      }
      taken++
      const { metadata, spec } = job.spec!.template
      assert.equal(metadata?.labels?.['reprise.dev/run'], run)
      assert.equal(spec?.restartPolicy, 'Never')
      assert.notEqual(spec?.securityContext?.runAsUser, 0)
      assert.equal(spec?.securityContext?.runAsNonRoot, true)
      for (const { securityContext } of [...spec!.containers, ...(spec?.initContainers ?? [])]) {
        const { privileged, allowPrivilegeEscalation, capabilities, runAsNonRoot, runAsUser } =
          securityContext!
        assert.deepEqual([privileged, allowPrivilegeEscalation, runAsNonRoot], [false, false, true])
        assert.deepEqual(capabilities, { drop: ['ALL'] })
        assert.notEqual(runAsUser, 0)
      }
    }),
    { seed: 7, numRuns: 500 },
  )
  assert.ok(taken > 50, `${taken} were taken`)
})

test('should refuse names for which Kubernetes has no room', () => {
  for (const name of ['x'.repeat(60), 'Upper', '-x', 'x-', ''])
    assert.throws(() => manifest({}, 'v1.31.0', name), /cannot be the name of a Job/)
})
