/** What is wrong with a cluster, or with how it is named: one line each, with what to do, and nothing is left running. */
import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { refused } from '../../kubernetes/engine-suite.ts'
import { startKubernetes } from '../../kubernetes/server.ts'
import { engineAt, submitted } from '../../kubernetes/stage.ts'

test('should say in one line why a cluster cannot be used', async (t) => {
  const cluster = await startKubernetes(t, { minor: 34 })
  const at = (wishes: object) => engineAt(t, { wishes: { kubeconfig: cluster.kubeconfig } }, wishes)
  const with_ = (name: string, words: Parameters<typeof cluster.writeKubeconfig>[1]) =>
    at({ kubeconfig: cluster.writeKubeconfig(name, words) })

  const wrong = await refused(
    with_('wrong', { token: 'wrong' }).probe(),
    'engine',
    /^does not take these credentials: Unauthorized$/,
  )
  assert.match(wrong.remedy, /^Sign in anew/)
  assert.equal(wrong.subject, 'kubernetes (context tests)')
  assert.doesNotMatch(wrong.line, /wrong|token-of/)
  const gone = await refused(
    at({ namespace: 'none' }).probe(),
    'usage',
    /^cannot use namespace none: namespaces "none" not found$/,
  )
  assert.match(gone.remedy, /`namespace` of the profile/)
  await refused(at({ context: 'none' }).probe(), 'usage', /^the kubeconfig has no context none$/)
  await refused(
    at({ kubeconfig: join(cluster.folder, 'none') }).probe(),
    'usage',
    /^the kubeconfig cannot be read: ENOENT/,
  )
  const other = await startKubernetes(t)
  await refused(
    with_('authority', { authority: other.authority }).probe(),
    'engine',
    /^the certificate of https:\/\/127\.0\.0\.1:\d+ is not trusted: /,
  )
  await refused(
    with_('closed', { server: 'https://127.0.0.1:9' }).probe(),
    'engine',
    /^https:\/\/127\.0\.0\.1:9 does not answer: .*ECONNREFUSED/,
  )
  await refused(with_('plain', { server: 'http://127.0.0.1:9' }).probe(), 'engine', /is not encrypted$/)
  await refused(
    with_('elsewhere', { server: `${cluster.url}/elsewhere` }).probe(),
    'engine',
    /is no API of Kubernetes|does not say its version/,
  )
  assert.equal(cluster.jobs.length, 0)
})

test('should say what it may not', async (t) => {
  const cluster = await startKubernetes(t)
  const engine = engineAt(t, { wishes: { kubeconfig: cluster.kubeconfig } })
  cluster.rules = [{ verbs: ['get', 'list', 'watch'], resources: ['*'] }]
  await engine.probe()
  const error = await refused(
    submitted(engine),
    'usage',
    /^forbids it: .*cannot create resource "jobs" in API group "batch" in the namespace "default"$/,
  )
  assert.match(error.remedy, /cluster check/)
  cluster.rules = [{ verbs: ['*'], resources: ['jobs'] }]
  await engine.probe() // namespaces need not be seen
  const handle = await submitted(engine)
  await refused(
    engine.status([handle]),
    'engine',
    /^forbids it: pods is forbidden: .*cannot list resource "pods"/,
  )
  cluster.rules = []
  await refused(engine.probe(), 'usage', /^forbids it: /)
})

test('should say that it is not answered in time, and go on when it is', async (t) => {
  const cluster = await startKubernetes(t)
  const engine = engineAt(
    t,
    { wishes: { kubeconfig: cluster.kubeconfig } },
    {},
    { patience: { ask: 300, sync: 300, backoff: 50 } },
  )
  const handle = await submitted(engine)
  cluster.freeze()
  await refused(engine.find(handle), 'engine', /does not answer: no answer within 0 s|does not answer/)
  await refused(engine.status([handle]), 'engine', /./)
  cluster.thaw()
  assert.equal(await engine.find(handle), handle)
})

test('should say what a template may not, and what the cluster does not take of it', async (t) => {
  const cluster = await startKubernetes(t)
  const at = (template: object) =>
    engineAt(
      t,
      { wishes: { kubeconfig: cluster.kubeconfig } },
      { template: template as Record<string, unknown> },
    )
  const own = await refused(
    submitted(at({ spec: { hostNetwork: true } })),
    'usage',
    /^cannot be said in a pod template: /,
  )
  assert.equal(own.subject, 'spec.hostNetwork')
  await refused(
    submitted(at({ spec: { noSuchField: 1 } })),
    'usage',
    /^does not take it: .*unknown field "spec\.template\.spec\.noSuchField"/,
  )
  await refused(submitted(at({ spec: { priorityClassName: 7 } })), 'usage', /^does not take it: /)
  assert.equal(cluster.jobs.length, 0)
})

test('should say that the program is not there, or fails, by which credentials are had', async (t) => {
  const cluster = await startKubernetes(t)
  const folder = mkdtempSync(join(tmpdir(), 'reprise-exec-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const program = join(folder, 'gives')
  const path = join(folder, 'kubeconfig')
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: program, interactiveMode: 'Never' }
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'own' },
    clusters: [
      {
        name: 'own',
        cluster: {
          server: cluster.url,
          'certificate-authority-data': Buffer.from(cluster.authority).toString('base64'),
        },
      },
    ],
    users: [{ name: 'own', user: { exec } }],
    contexts: [{ name: 'own', context: { cluster: 'own', user: 'own' } }],
  }
  writeFileSync(path, JSON.stringify(config))
  const engine = engineAt(t, { wishes: { kubeconfig: path } })
  const missing = await refused(
    engine.probe(),
    'engine',
    /gives, by which credentials are had, is not there$/,
  )
  assert.match(missing.remedy, /^Install it/)
  writeFileSync(program, '#!/bin/sh\necho "your session has expired" >&2\nexit 1\n')
  chmodSync(program, 0o755)
  await refused(engine.probe(), 'engine', /^no credentials could be had: your session has expired$/)
  const credential = { apiVersion: exec.apiVersion, kind: 'ExecCredential', status: { token: cluster.token } }
  writeFileSync(program, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`)
  assert.match((await engine.probe()).version, /^v1\./)
})
