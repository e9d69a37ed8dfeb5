/** What a submission says of a scheduler is read strictly. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSchedulerManner } from '../../../runners/detached/scheduler-manner.ts'

const WISHES = {
  ...{ partition: 'main', account: 'a', qos: 'q', constraint: 'c', time: '1:00:00', memory: '4G' },
  ...{ cpus: 4, engines: 2, maxTasks: 100, extra: ['--gres=gpu:1'] },
}
const GOOD = { kind: 'slurm', wishes: WISHES, node: '/opt/node', taskMs: 120_000, chunkMs: null }
const STORE = {
  ...{ bucket: 'b', prefix: 'a/b', endpoint: 'http://127.0.0.1:9000', endpointInside: 'https://minio:9000' },
  ...{ region: 'r', profile: 'p', pathStyle: true },
}
const KUBERNETES = {
  kind: 'kubernetes',
  wishes: {
    ...{ kubeconfig: '/k', context: 'c', namespace: 'n', image: 'node:20-slim' },
    resources: { requests: { cpu: '500m' }, limits: { memory: '1Gi' } },
    ...{ parallelism: 5, nodeSelector: { disk: 'ssd' }, serviceAccount: 's', secretName: 't' },
    tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 }],
    template: { spec: { volumes: [{ name: 'x', emptyDir: {} }] } },
    ...{ engines: 2, maxTasks: 10, store: STORE },
  },
  ...{ taskMs: 1, chunkMs: 2 },
}
const BATCH = {
  kind: 'aws-batch',
  wishes: {
    ...{ region: 'r', profile: 'p', endpoint: 'http://[::1]:5', queue: 'q', image: 'i', jobRole: 'arn:a' },
    ...{ executionRole: 'arn:b', platform: 'FARGATE', cpus: 2, memory: 2048, engines: 1, attempts: 3 },
    ...{ maxTasks: 10, store: STORE },
  },
  ...{ taskMs: 1, chunkMs: null },
}

test('should read what is sound, and no more than that', () => {
  const few = { bucket: 'b' }
  for (const good of [
    GOOD,
    { ...GOOD, wishes: {}, node: null, chunkMs: 1.5 },
    { ...GOOD, maxCoreHours: 0.5 },
    KUBERNETES,
    { ...KUBERNETES, wishes: { store: few } },
    BATCH,
    { ...BATCH, wishes: { queue: 'q', store: few } },
  ]) {
    assert.deepEqual(readSchedulerManner({ ...good, other: 1 }), good)
    assert.deepEqual(readSchedulerManner({ ...good, wishes: { ...good.wishes, other: 1 } }), good)
  }
})

test('should refuse what is not', () => {
  const bad: unknown[] = [
    null,
    'slurm',
    [],
    {},
    { ...GOOD, kind: 'pbs' },
    { ...GOOD, node: 'node' },
    { ...GOOD, node: '/a\nb' },
  ]
  for (const taskMs of [0, -1, '1', null, Number.NaN]) bad.push({ ...GOOD, taskMs })
  for (const chunkMs of [-1, '1', undefined]) bad.push({ ...GOOD, chunkMs })
  for (const maxCoreHours of [-1, '1', null, Number.NaN]) bad.push({ ...GOOD, maxCoreHours })
  for (const wishes of [
    null,
    [],
    { cpus: 0 },
    { cpus: 1.5 },
    { time: 5 },
    { partition: 'a\nb' },
    { extra: '--x' },
    { extra: [1] },
  ])
    bad.push({ ...GOOD, wishes })
  for (const one of bad) assert.equal(readSchedulerManner(one), null, JSON.stringify(one))
})

/** A value in place of that at a path, from which all is copied. */
function withAt(value: unknown, [first, ...rest]: readonly string[], put: unknown): unknown {
  if (first === undefined) return put
  const fields = value as Record<string, unknown>
  return { ...fields, [first]: withAt(fields[first], rest, put) }
}

test('should refuse what is not to be asked of a cloud', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)
  const wrong: [string, unknown[]][] = [
    ['store', [null, {}, undefined, 'b', []]],
    ['store.bucket', [1, 'a\nb', 'x'.repeat(5000)]],
    ['store.prefix', ['/a', 'a/', 1]],
    ['store.endpoint', ['minio', 'file:///x', 'https://user:secret@x', 5]],
    ['store.endpointInside', ['ftp://x', null]],
    ['store.pathStyle', ['yes', 1]],
    ['engines', [0, 1.5, '2']],
    ['maxTasks', [-1]],
  ]
  const kubernetes: [string, unknown[]][] = [
    ['image', [5, 'a\tb']],
    ['resources', [[], { requests: { cpu: 1 } }, { limits: 'a' }]],
    ['nodeSelector', [{ a: 1 }, JSON.parse('{"__proto__": "x"}'), []]],
    ['tolerations', [{}, [{ operator: 'In' }], [{ tolerationSeconds: '1' }], [null]]],
    ['template', [null, [], 'x', deep, { a: JSON.parse('{"__proto__": {}}') }, { a: 'x'.repeat(2 ** 18) }]],
  ]
  const batch: [string, unknown[]][] = [
    ['queue', [undefined, null, 'a\n']],
    ['platform', ['LAMBDA']],
    ['attempts', ['3']],
  ]
  const each = (good: object, cases: readonly [string, unknown[]][]) => {
    for (const [place, values] of cases)
      for (const value of values) {
        const bad = withAt(good, ['wishes', ...place.split('.')], value)
        assert.equal(readSchedulerManner(bad), null, `${place}: ${JSON.stringify(value)?.slice(0, 80)}`)
      }
  }
  each(KUBERNETES, [...wrong, ...kubernetes])
  each(BATCH, [...wrong, ...batch])
})
