/** Runs on real hosts as the user has them: the root of a local run, whatever breaks on the way. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../sshd/processes.ts'
import { available, Site, startServer } from '../../sshd/server.ts'
import { mean, Project } from '../project.ts'
import { configure } from './site.ts'

const skip = !available('runs on a cluster, by the command line')

test('should give the local root on three hosts, one behind a jump host, though sessions and the client are killed', {
  skip,
}, async (t) => {
  const project = new Project(t)
  const gate = project.path('go')
  // Points from 5 on wait, so that what is killed is killed in the middle.
  const wait = `const { existsSync } = process.getBuiltinModule('node:fs')
    while (point.a >= 5 && !existsSync(${JSON.stringify(gate)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)`
  project.write('x.ts', mean({ points: 10, repetitions: 20, chunk: 4, draws: 20_000, before: wait }))
  const local = new Project(t, { 'x.ts': mean({ points: 10, repetitions: 20, chunk: 4, draws: 20_000 }) })
  const { root } = await local.json(0, 'run', 'x.ts')

  const site = new Site(t)
  const gateway = await startServer(t, { site, name: 'gateway' })
  const servers = [
    await startServer(t, { site, name: 'alpha-host', address: '127.0.0.2' }),
    await startServer(t, { site, name: 'beta-host', address: '127.0.0.3' }),
    await startServer(t, { site, name: 'gamma-host', address: '127.0.0.4' }),
  ]
  site.configure('Host gamma-host\n  ProxyJump gateway')
  const hosts = ['alpha-host', 'beta-host', 'gamma-host'].map((host, i) => ({
    host,
    engines: 1,
    directory: join(servers[i]!.home, 'cache'),
  }))
  configure(project, { lab: site.profile(hosts) })

  const client = project.start(['run', 'x.ts', '--runner', 'ssh:lab'])
  let said = ''
  client.child.stderr!.on('data', (bytes) => {
    said += bytes
  })
  const id = await project.firstRun()
  const done = async (): Promise<number> => (await project.json(0, 'status', id)).chunksDone
  await until('all that does not wait to be done', async () => (await done()) === 25)
  await until('all hosts to have joined', () => hosts.every(({ host }) => said.includes(`${host} joined`)))
  servers[1]!.breakSessions()
  await until(
    'the host to be lost and to come back',
    () => /beta-host is lost/.test(said) && /beta-host is back/.test(said),
  )
  client.child.kill('SIGKILL')
  await client.finished
  await until('nothing to be left on the hosts', () =>
    servers.every((server) => server.processes().length === 0),
  )
  const kept = await done()
  assert.ok(kept >= 25)
  assert.ok(gateway.logins > 0)
  assert.equal(servers.reduce((n, { logins }) => n + logins, 0) > 3, true)

  writeFileSync(gate, '')
  const resumed = await project.start(['resume', id, '--runner', 'ssh:lab', '--json']).finished
  assert.equal(resumed.code, 0, resumed.stderr)
  const answer = JSON.parse(resumed.stdout)
  assert.equal(answer.root, root)
  assert.match(resumed.stderr, new RegExp(`${50 - kept} of 50 chunks are missing`))
  assert.deepEqual(answer.traffic.map(({ host }: { host: string }) => host).sort(), [
    'alpha-host',
    'beta-host',
    'gamma-host',
  ])
  for (const { sent, received } of answer.traffic)
    assert.ok(sent > 0 && sent < 200_000 && received > 0, `the capsule was there: ${sent}`)
  const manifest = JSON.parse(readFileSync(answer.manifest, 'utf8'))
  assert.deepEqual(
    manifest.run.sessions.map(({ runner, engines }: { runner: string; engines: number }) => [
      runner,
      engines,
    ]),
    [
      ['ssh', 3],
      ['ssh', 3],
    ],
  )
  // Whose machines they are is nobody's business.
  for (const word of ['alpha-host', 'gamma-host', 'gateway', '127.0.0.', site.folder, 'ssh:lab'])
    for (const record of [readFileSync(answer.manifest), readFileSync(join(project.lab, 'ledger.sqlite'))])
      assert.equal(record.includes(word), false, word)
  assert.equal(
    (await project.json(0, 'rerun', id, '--runner', 'ssh:lab', '--engines', '2')).verdict,
    'identical',
  )
})

test('should carry every parameter, path and name unchanged, and execute nothing of them', {
  skip,
}, async (t) => {
  const hostile = [
    '$(touch PWN)',
    '`touch PWN`',
    "a'b",
    'a"b',
    'a\nb',
    '-rf',
    '; touch PWN',
    '*',
    '\\',
    ' ',
    'ä€',
    '%h',
    '~',
  ]
  const name = `-rf $(touch PWN)'"\n;&`
  const project = new Project(t)
  const file = project.write(
    `${name}/-rf.ts`,
    `import { experiment } from 'reprise'
export default experiment({ name: 'hostile', parameters: { word: ${JSON.stringify(hostile)} }, repetitions: 1,
  run: ({ point }) => ({ word: point.word }) })`,
  )
  const site = new Site(t)
  const server = await startServer(t, { site })
  const folder = join(server.home, name)
  const node = join(server.home, `${name} node`)
  spawnSync('ln', ['-s', '--', process.execPath, node])
  assert.ok(existsSync(node))
  configure(project, {
    lab: site.profile([server.host({ directory: folder, node, engines: 2 })], { env: { WORD: name } }),
  })
  const answer = await project.json(0, 'run', '--runner', 'ssh:lab', file)
  const lines = (await project.reprise('results', answer.run)).stdout.trim().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).result.word),
    hostile,
  )
  assert.ok(existsSync(join(folder, 'capsules')))
  for (const place of [project.folder, site.folder])
    assert.deepEqual(
      readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((path) => /(^|\/)PWN/.test(path)),
      [],
    )
  await project.json(0, 'cluster', 'check', 'lab')
  await project.json(0, 'cluster', 'clean', 'lab')
  assert.equal(existsSync(folder), false)
})
