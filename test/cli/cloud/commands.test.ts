/** `cluster add --kubernetes` and `--aws-batch`, `ls` and `plan` for both: nothing is asked of anybody. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { mean, Project } from '../project.ts'

test('should add clusters of the cloud, and tell what a run would cost there', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ points: 2, repetitions: 8, chunk: 4, draws: 10 }) })
  const bucket = ['--bucket', 'lab', '--prefix', 'ada', '--endpoint', 'https://minio.example.org']
  const words = [
    '--context',
    'lab',
    '--namespace',
    'ada',
    '--secret',
    'bucket-key',
    '--cpus',
    '2',
    '--memory',
    '4G',
  ]
  const more = ['--node-selector', 'pool=spot', '--price', '0.04 USD', '--task-time', '60']
  const added = await project.json(0, 'cluster', 'add', 'k', '--kubernetes', ...bucket, ...words, ...more)
  const role = 'arn:aws:iam::123456789012:role/task'
  const queue = [
    '--queue',
    'spot',
    '--job-role',
    role,
    '--region',
    'eu-central-1',
    '--memory',
    '4G',
    '--bucket',
    'lab',
  ]
  await project.json(0, 'cluster', 'add', 'b', '--aws-batch', ...queue)
  const { clusters } = JSON.parse(readFileSync(added.file, 'utf8'))
  const store = { bucket: 'lab', prefix: 'ada', endpoint: 'https://minio.example.org' }
  assert.deepEqual(clusters.k, {
    kind: 'kubernetes',
    context: 'lab',
    namespace: 'ada',
    secretName: 'bucket-key',
    resources: { requests: { cpu: '2', memory: '4Gi' }, limits: { memory: '4Gi' } },
    nodeSelector: { pool: 'spot' },
    taskTime: 60,
    store,
    prices: { coreHour: 0.04, currency: 'USD' },
  })
  assert.deepEqual(clusters.b, {
    kind: 'aws-batch',
    region: 'eu-central-1',
    queue: 'spot',
    jobRole: role,
    memory: 4096,
    store: { bucket: 'lab', region: 'eu-central-1' },
  })
  const listed = await project.reprise('cluster', 'ls')
  assert.match(listed.stdout, /^k {2}kubernetes {2}lab, namespace ada, bucket lab {2}/m)
  assert.match(listed.stdout, /^b {2}aws-batch {3}queue spot, bucket lab {2}/m)
  const planned = await project.json(0, 'plan', 'x.ts', '--runner', 'kubernetes:k', '--pilot', '1')
  assert.equal(planned.money.currency, 'USD')
  assert.equal(planned.money.amount, (planned.coreMs / 3_600_000) * 0.04)
  assert.equal(planned.tasks.cpusEach, 2)

  const refused: [words: string[], expected: RegExp][] = [
    [['x', '--kubernetes'], /--bucket: is missing/],
    [['x', '--aws-batch', '--bucket', 'lab'], /--queue: is missing/],
    [['x', 'node1', '--kubernetes'], /HOST: is for clusters that are reached by ssh/],
    [['x', '--slurm', '--kubernetes'], /--slurm, --kubernetes: are clusters of several kinds/],
    [['x', '--slurm', '--bucket', 'lab'], /--bucket: is for clusters of another kind/],
    [['x', 'node1', '--queue', 'q'], /--queue: is for clusters of another kind\. Say --aws-batch/],
    [
      ['x', '--kubernetes', '--bucket', 'lab', '--endpoint', 'http://s3.example.org'],
      /endpoint: is no address near by/,
    ],
    [['x', '--kubernetes', '--bucket', 'lab', '--kubeconfig', 'k', '--project'], /a project may not say/],
  ]
  for (const [words, expected] of refused) {
    const { code, stderr } = await project.reprise('cluster', 'add', ...words)
    assert.ok((code === 1 || code === 2) && expected.test(stderr), stderr)
  }
})

test('should stop a run on this machine that has taken what it may, and go on with more', async (t) => {
  const slow = `import { experiment } from 'reprise'
export default experiment({ name: 'slow', parameters: { a: [1, 2, 3, 4] }, repetitions: 2, chunk: 1,
  async run({ random }) { await new Promise((go) => setTimeout(go, 400)); return random() } })`
  const project = new Project(t, { 'x.ts': slow })
  const stopped = await project.json(5, 'run', 'x.ts', '--engines', '1', '--max-core-hours', '0.0003')
  assert.equal(stopped.state, 'incomplete')
  assert.ok(stopped.chunksDone < 8, String(stopped.chunksDone))
  const { run } = stopped
  const told = await project.reprise('status', run)
  assert.match(told.stdout, /incomplete.*the run has taken [\d.e-]+ core-hours, and may take 0\.0003/)
  const kept = await project.reprise('resume', run)
  assert.equal(kept.code, 5)
  assert.match(kept.stderr, /it may take 0\.0003 core-hours in all, as was said before: --max-core-hours N/)
  const still = await project.reprise('resume', run, '--max-core-hours', '0.00031')
  assert.equal(still.code, 5)
  assert.match(still.stderr, /may take 0\.00031\. Resume it with --max-core-hours and more of them, or none/)
  const sealed = await project.json(0, 'resume', run, '--max-core-hours', 'none')
  assert.equal(sealed.state, 'sealed')
  const { cost } = await project.json(0, 'show', run)
  assert.deepEqual([cost.of, cost.currency, cost.ahead], ['engines', null, null])
  assert.ok(cost.spent.coreHours > 8 * (0.4 / 3600) * 0.9)
  const wrong = await project.reprise('run', 'x.ts', '--max-core-hours', '0')
  assert.equal(wrong.code, 2)
  const hosts = { kind: 'ssh', hosts: [{ host: 'nowhere.example.org' }] }
  project.write('reprise.config.json', JSON.stringify({ clusters: { far: hosts } }))
  const runs = project.runNames()
  const far = ['--runner', 'ssh:far', '--detach', '--max-core-hours', '1']
  const uncounted = await project.reprise('run', 'x.ts', ...far)
  assert.equal(uncounted.code, 2)
  assert.match(uncounted.stderr, /--max-core-hours 1: is not counted by hosts that work without us/)
  assert.deepEqual(project.runNames(), runs, 'nothing is planned')
})
