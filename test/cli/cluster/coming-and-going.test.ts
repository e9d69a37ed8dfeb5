/** Clusters whose hosts a program says, with real sshd: machines come, vanish and are not what they seem; the root is the local one. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { AskedProfile, HostCommand, SshHost } from '../../../runners/ssh/profile.ts'
import { until } from '../../sshd/processes.ts'
import { available, Site, type SshServer, startServer } from '../../sshd/server.ts'
import { mean, Project } from '../project.ts'
import { configure } from './site.ts'

const skip = !available('hosts that come and go')

const SIZE = { points: 10, repetitions: 20, chunk: 4, draws: 20_000 }
const CHUNKS = 50

/** Points from 5 on wait until there is a file, so that what happens happens in the middle. */
const gated = (gate: string) =>
  mean({
    ...SIZE,
    before: `const { existsSync } = process.getBuiltinModule('node:fs')
    while (point.a >= 5 && !existsSync(${JSON.stringify(gate)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)`,
  })

/** A machine whose key no file of known hosts has: it comes with its name. */
const machine = (t: TestContext, site: Site, name: string) => startServer(t, { site, name, unknown: true })

const listed = (server: SshServer, more: Partial<SshHost> = {}): SshHost =>
  server.host({ engines: 1, hostKey: server.hostKey(), ...more })

/** A project whose user has a cluster `rented`, of the hosts that a file names at the moment. */
function rented(t: TestContext, site: Site, hosts: Partial<HostCommand> = {}) {
  const project = new Project(t)
  const gate = project.path('go')
  project.write('x.ts', gated(gate))
  const profile: AskedProfile = {
    ...site.profile([]),
    hosts: { command: ['cat', 'hosts.json'], every: 1, ...hosts },
  }
  configure(project, { rented: profile })
  const list = (answer: unknown) => {
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
    renameSync(project.write('home/hosts.new', text), project.path('home/hosts.json'))
  }
  const begin = (...words: string[]) => {
    const client = project.start([...words, '--runner', 'ssh:rented', '--json'])
    const told = { text: '' }
    client.child.stderr!.on('data', (bytes) => {
      told.text += bytes
    })
    const hears = (what: RegExp) => until(String(what), () => what.test(told.text))
    return { client, hears, told }
  }
  const open = () => writeFileSync(gate, '')
  return { project, profile, list, begin, open }
}

let root: Promise<string> | null = null

/** Of a run at home, which is the same for all. */
function localRoot(t: TestContext): Promise<string> {
  const local = () => new Project(t, { 'x.ts': mean(SIZE) }).json(0, 'run', 'x.ts')
  root ??= local().then((answer) => answer.root)
  return root
}

test('should give the local root on a list that grows from one host to three and loses the first', {
  skip,
}, async (t) => {
  const site = new Site(t)
  const [first, second, third] = await Promise.all(
    ['one', 'two', 'three'].map((name) => machine(t, site, name)),
  )
  const { project, list, begin, open } = rented(t, site)
  const expected = await localRoot(t)
  const known = readFileSync(site.knownHosts, 'utf8')
  list([listed(first!)])
  const { client, hears, told } = begin('run', 'x.ts')
  await hears(/joined: 1 engine/)
  list({
    sensitive: false,
    type: ['list', 'string'],
    value: [first!, second!, third!].map((each) => listed(each)),
  })
  await hears(/the cluster has 3 hosts now: new 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+\n/)
  await until('three hosts to have joined', () => told.text.match(/ joined: /g)?.length === 3)
  await first!.stop() // sshd, its sessions and all that they started, by kill -9
  await hears(/ is lost /)
  list([second!, third!].map((each) => listed(each)))
  await hears(/the cluster has 2 hosts now: gone /)
  open()
  const { code, stdout, stderr } = await client.finished
  assert.equal(code, 0, stderr)
  const answer = JSON.parse(stdout)
  assert.equal(answer.root, expected)
  assert.equal(answer.chunksDone, CHUNKS)
  assert.equal(answer.traffic.length, 3)
  assert.ok(second!.logins > 0 && third!.logins > 0)
  await until('nothing to be left on the hosts', () =>
    [second!, third!].every((server) => server.processes().length === 0),
  )
  assert.equal(readFileSync(site.knownHosts, 'utf8'), known)
  for (const word of ['127.0.0.1', 'hosts.json', site.folder, second!.hostKey().split(' ')[1]!])
    for (const record of [readFileSync(answer.manifest), readFileSync(join(project.lab, 'ledger.sqlite'))])
      assert.equal(record.includes(word), false, word)
})

test('should keep the last list where the answer is none, wait while it is empty, and end resumably', {
  skip,
}, async (t) => {
  const site = new Site(t)
  const server = await machine(t, site, 'one')
  const { project, profile, list, begin, open } = rented(t, site)
  const expected = await localRoot(t)
  list([]) // no machine is there yet
  const { client, hears } = begin('run', 'x.ts')
  await hears(/waiting for up to 15 minutes for new machines; what is done is safe\n/)
  list([listed(server)])
  await hears(/the cluster has 1 host now: new /)
  await hears(/ joined: /)
  list([{ host: '\u001b[2J; rm -rf ~' }])
  await hears(
    /the last list stays: the hosts of cluster rented, by cat hosts\.json: hosts\[0\]\.host: must be the name/,
  )
  const id = await project.firstRun()
  await until(
    'all that does not wait to be done',
    async () => (await project.json(0, 'status', id)).chunksDone >= 25,
  )
  list([])
  await hears(/the cluster has 0 hosts now: gone /)
  await until('its engines to end', () => server.processes().length === 0)
  client.child.kill('SIGINT')
  assert.equal((await client.finished).code, 130)

  configure(project, { rented: { ...profile, hosts: { ...profile.hosts, wait: 1 } } })
  const { client: vain } = begin('resume', id)
  const { code, stderr } = await vain.finished
  assert.notEqual(code, 0)
  assert.match(stderr, /no host of the cluster could be reached for 1 s: the list of them is empty/)
  configure(project, { rented: profile })
  open()
  const { client: last, hears: hearsAgain } = begin('resume', id)
  await hearsAgain(/waiting for up to 15 minutes/)
  list([listed(server)])
  const resumed = await last.finished
  assert.equal(resumed.code, 0, resumed.stderr)
  assert.equal(JSON.parse(resumed.stdout).root, expected)
})

test('should send nothing to a host that has another key than came with its name', { skip }, async (t) => {
  const site = new Site(t)
  const impostor = await machine(t, site, 'one')
  const right = await startServer(t, { site, name: 'two' })
  const { project, list, begin, open } = rented(t, site, { wait: 3 })
  // A key that known_hosts has for it does not help, either.
  site.enter({ ...impostor.entry })
  list([listed(impostor, { hostKey: right.hostKey() }), listed(right)])
  const { client, hears } = begin('run', 'x.ts')
  await hears(
    /is not used: ssh host 127.*host key is not the one that came with its name: it showed ED25519 SHA256:.*Nothing was sent/,
  )
  await hears(/ joined: /)
  open()
  assert.equal((await client.finished).code, 0)
  assert.equal(impostor.logins, 0)
  assert.doesNotMatch(impostor.log(), /userauth|Accepted|Failed|Postponed|publickey/)
  list([listed(impostor, { hostKey: right.hostKey() })])
  const checked = await project.json(1, 'cluster', 'check', 'rented')
  assert.match(checked.hosts[0].checks[0].found, /not the one that came with its name/)
  list([listed(impostor), listed(right)])
  assert.equal((await project.json(0, 'cluster', 'check', 'rented')).hosts.length, 2)
})

test('should tell before a project has a program executed, and execute it for nothing but use', {
  skip,
}, async (t) => {
  const site = new Site(t)
  const server = await startServer(t, { site })
  const project = new Project(t)
  const mark = project.path('EXECUTED')
  project.write(
    'hosts.mjs',
    `import { writeFileSync } from 'node:fs'
writeFileSync('EXECUTED', '')
console.log(process.argv[2])`,
  )
  const say = (answer: unknown) => [process.execPath, 'hosts.mjs', JSON.stringify(answer)]
  const enter = (command: readonly string[]) =>
    project.write(
      'reprise.config.json',
      JSON.stringify({
        clusters: { theirs: { kind: 'ssh', hosts: { command }, identity: site.identity } },
      }),
    )
  enter(say([{ host: server.address, port: server.port, hostKey: server.hostKey(), engines: 1 }]))
  project.write('x.ts', mean(SIZE))
  assert.match((await project.reprise('cluster', 'ls')).stdout, /theirs +ssh +as said by .*hosts\.mjs/)
  for (const words of [
    ['clean', 'theirs'],
    ['accept', 'theirs', '127.0.0.1', server.fingerprint()],
  ]) {
    const { code, stderr } = await project.reprise('cluster', ...words)
    assert.equal(code, 1)
    assert.match(
      stderr,
      /cluster theirs: has hosts that a program of the project says.*is not executed for this/,
    )
  }
  const { code, stderr } = await project.reprise('run', 'x.ts', '--runner', 'ssh:theirs', '--detach')
  assert.equal(code, 2)
  assert.match(stderr, /^reprise: .*cluster theirs: has hosts that come and go.*Leave out --detach.*\n$/m)
  assert.deepEqual(project.runNames(), [])
  assert.equal(existsSync(mark), false)
  const checked = await project.reprise('cluster', 'check', 'theirs')
  assert.equal(checked.code, 0, checked.stderr)
  assert.match(
    checked.stderr,
    /reprise\.config\.json has .*hosts\.mjs.* executed: it says which hosts there are/,
  )
  assert.ok(existsSync(mark))

  enter(say([]))
  const none = await project.reprise('cluster', 'check', 'theirs')
  assert.equal(none.code, 1)
  assert.match(none.stdout, /it has no hosts now/)
  assert.deepEqual(project.runNames(), [])
})
