/** What is wrong with a cluster of the cloud: one line each, what and what to do; nothing is planned, and nothing is left running. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../sshd/processes.ts'
import { mean } from '../project.ts'
import { batchSite, kubernetesSite, PREFIX, refused } from './site.ts'

const SMALL = mean({ points: 1, repetitions: 4, chunk: 2, draws: 10 })

test('should say in a line what keeps a run from Kubernetes, and plan nothing', async (t) => {
  const site = await kubernetesSite(t)
  const { endpoint } = site.s3
  const store = { bucket: 'lab', endpoint, prefix: PREFIX }
  const RUN = ['run', 'x.ts', '--runner', 'kubernetes:lab']
  const files = { 'x.ts': SMALL }
  const wrong = site.cluster.writeKubeconfig('wrong', { token: 'not-that-one' })
  const cases: [what: Parameters<typeof site.project>[1], expected: RegExp][] = [
    [{ kubeconfig: wrong }, /credentials|Unauthorized|Sign in/i],
    [{ kubeconfig: site.cluster.folder.concat('/none') }, /kubeconfig/i],
    [{ context: 'nowhere' }, /nowhere/],
    [{ namespace: 'nowhere' }, /namespace.*nowhere|nowhere.*namespace/],
    [{ store: { ...store, bucket: 'nowhere' } }, /s3:\/\/nowhere|bucket/],
  ]
  for (const [more, expected] of cases) {
    const project = site.project(files, more)
    const { code, line } = await refused(project, ...RUN)
    assert.ok(code === 1 || code === 2, `${code}: ${line}`)
    assert.match(line, expected)
    assert.match(line, /\. [A-Z`].{5,}/, 'it says what to do')
    assert.deepEqual(project.runNames(), [])
  }
  site.cluster.rules = [{ verbs: ['get', 'list', 'watch'], resources: ['*'] }]
  const forbidden = site.project(files)
  const checked = await forbidden.reprise('cluster', 'check', 'lab')
  assert.equal(checked.code, 1, checked.stdout)
  assert.match(checked.stdout, /create.*jobs|jobs.*create/i)
  assert.deepEqual([site.cluster.jobs.length, site.cluster.processes.length], [0, 0])
})

test('should end a run whose image is not there, with a line that says so, and leave no pod', async (t) => {
  const site = await kubernetesSite(t)
  const project = site.project({ 'x.ts': SMALL }, { image: 'nowhere.example.org/none:1' })
  const { code, stderr } = await project.start(['run', 'x.ts', '--runner', 'kubernetes:lab'], {
    patience: 200_000,
  }).finished
  assert.ok(code !== 0, stderr)
  const [run] = project.runNames().filter((name) => /^\d/.test(name))
  const told = await project.reprise('status', run!)
  assert.match(told.stdout, /nowhere\.example\.org\/none:1/)
  await until('nothing to be left', () => site.cluster.pods.length === 0)
})

test('should check a cluster that is well, line by line', async (t) => {
  const site = await kubernetesSite(t)
  const project = site.project()
  const { code, stdout } = await project.reprise('cluster', 'check', 'kubernetes:lab', '--image')
  assert.equal(code, 0, stdout)
  assert.match(stdout, /^ {2}bucket +s3:\/\/lab\/ada at http:.* can be read and written$/m)
  assert.match(stdout, /namespace|rights/)
  assert.match(stdout, /^ {2}image +node:\S+ was had, and has Node v\d+\.\d+\.\d+$/m)
  assert.equal(site.cluster.jobs.length, 0)
  const listed = await project.reprise('cluster', 'ls')
  assert.match(listed.stdout, /^lab {2}kubernetes {2}current context, bucket lab {2}/)
})

test('should say in a line what keeps a run from AWS Batch, and plan nothing', async (t) => {
  const site = await batchSite(t)
  const RUN = ['run', 'x.ts', '--runner', 'aws-batch:lab']
  const nowhere = site.project({ 'x.ts': SMALL }, { queue: 'nowhere' })
  const queue = await refused(nowhere, ...RUN)
  assert.match(queue.line, /nowhere/)
  const project = site.project({ 'x.ts': SMALL })
  const env = { AWS_SECRET_ACCESS_KEY: 'not-that-one' }
  const { code, stderr } = await project.start(RUN, { env }).finished
  assert.ok(code === 1 || code === 2, stderr)
  assert.match(stderr.trim().split('\n').at(-1)!, /credentials|signature|key/i)
  assert.doesNotMatch(stderr, /not-that-one/)
  assert.deepEqual([nowhere.runNames(), project.runNames()], [[], []])
})
