/** `reprise cluster …` and `doctor` against real servers: what is refused, what is accepted, what is told of hosts. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { available, Site, type SshServer, startServer } from '../../sshd/server.ts'
import { MAIN, mean, Project } from '../project.ts'
import { configure } from './site.ts'

const skip = !available('commands on clusters')
const PYTHON = spawnSync('python3', ['--version']).status === 0
if (!skip && !PYTHON) console.log('SKIPPING passphrases at a terminal: python3 is not here')
const TERMINAL = fileURLToPath(new URL('../../../../test/cli/terminal.py', import.meta.url))

/** Nothing that could be a login came to it. */
function sawNoLogin(server: SshServer): void {
  assert.equal(server.logins, 0)
  assert.doesNotMatch(server.log(), /userauth|Accepted|Failed|Postponed|publickey/)
  assert.match(server.log(), /Connection from/)
}

test('should add clusters that can be used, and list them', { skip }, async (t) => {
  const project = new Project(t)
  const site = new Site(t)
  const server = await startServer(t, { site })
  const target = `${server.user}@${server.address}:${server.port}`
  const added = await project.json(
    0,
    'cluster',
    'add',
    'lab',
    target,
    '--engines',
    '2',
    '--identity',
    site.identity,
    '--directory',
    join(server.home, 'd'),
  )
  assert.equal(added.file, project.path('home/.config/reprise/config.json'))
  assert.deepEqual(added.hosts, [{ host: server.address, user: server.user, port: server.port, engines: 2 }])
  assert.match(
    (await project.reprise('cluster', 'add', 'lab', 'x')).stderr,
    /there is a cluster lab already.*--replace/,
  )
  await project.json(0, 'cluster', 'add', 'team', 'node1', 'node2', '--project', '--jump', 'gw:2222')
  // Of several who write at once none is lost.
  const names = ['a', 'b', 'c']
  await Promise.all(names.map((name) => project.json(0, 'cluster', 'add', name, 'node1')))
  const path = project.path('home/.config/reprise/config.json')
  const own = JSON.parse(readFileSync(path, 'utf8'))
  assert.deepEqual(Object.keys(own.clusters).sort(), ['a', 'b', 'c', 'lab'])
  for (const name of names) delete own.clusters[name]
  own.clusters.lab.env = { TOKEN: 'canary7Q' } // may be a secret, so only its name is told
  writeFileSync(path, JSON.stringify(own))
  assert.doesNotMatch((await project.reprise('cluster', 'ls', '--json')).stdout, /canary7Q/)
  const { clusters, program } = await project.json(0, 'cluster', 'ls')
  assert.deepEqual(clusters[0].env, ['TOKEN'])
  assert.deepEqual(
    [clusters.map(({ name, owner }: Record<string, string>) => `${name} ${owner}`), program],
    [['lab user', 'team project'], null],
  )
  assert.match(
    (await project.reprise('cluster', 'ls')).stdout,
    /^team\s+ssh\s+node1, node2\s+reprise\.config\.json$/m,
  )
  for (const words of [
    ['cluster', 'add', 'x', '-oProxyCommand=id'],
    ['cluster', 'add', 'a/b', 'node1'],
    ['run', 'x.ts', '--runner', 'ssh:'],
    ['cluster', 'add', 'x', 'a b'],
  ])
    assert.equal((await project.reprise(...words)).code, 2, words.join(' '))
  const missing = await project.json(1, 'run', 'x.ts', '--runner', 'ssh:other')
  assert.match(missing.error.remedy, /There is lab, team/)
  assert.deepEqual(project.runNames(), [])
})

test('should send nothing to a host whose key is another or unknown, and accept the one whose fingerprint is given', {
  skip,
}, async (t) => {
  const project = new Project(t, { 'x.ts': mean({ points: 2 }) })
  const site = new Site(t)
  const changed = await startServer(t, { site, unknown: true })
  const unknown = await startServer(t, { site, unknown: true, address: '127.0.0.2' })
  site.enter({ ...changed.entry, keys: [unknown.hostKey()] })
  const hosts = [changed.host({ engines: 1 }), unknown.host({ engines: 1 })]
  configure(project, { one: site.profile(hosts.slice(0, 1)), lab: site.profile(hosts) })

  const run = await project.start(['run', 'x.ts', '--runner', 'ssh:one']).finished
  assert.equal(run.code, 1)
  assert.match(
    run.stderr,
    new RegExp(`HOST KEY HAS CHANGED.*${changed.fingerprint().replaceAll('+', '\\+')}`),
  )
  sawNoLogin(changed)

  const checked = await project.start(['cluster', 'check', 'lab', '--json']).finished
  assert.equal(checked.code, 1)
  const { hosts: reports } = JSON.parse(checked.stdout)
  assert.deepEqual(
    reports.map(({ state }: { state: string }) => state),
    ['bad', 'bad'],
  )
  const { remedy } = reports[1].checks[0]
  const command = /reprise (cluster accept .*)$/.exec(remedy)
  assert.ok(command !== null, remedy)
  sawNoLogin(unknown)

  const words = command[1]!.split(' ')
  const wrong = await project.json(1, ...words.slice(0, -1), changed.fingerprint())
  assert.match(wrong.error.message, /it shows other keys/)
  const place = words.at(-2)!
  assert.match(
    (
      await project.json(
        1,
        'cluster',
        'accept',
        'lab',
        `${changed.address}:${changed.port}`,
        changed.fingerprint(),
      )
    ).error.message,
    /HAS CHANGED/,
  )
  assert.equal((await project.json(2, 'cluster', 'accept', 'lab', place, 'yes')).error.code, 'usage')
  sawNoLogin(unknown)
  const before = readFileSync(site.knownHosts, 'utf8')
  const accepted = await project.json(0, ...words)
  assert.equal(readFileSync(site.knownHosts, 'utf8'), `${before}${accepted.added}\n`)
  sawNoLogin(unknown)

  // One that can be used is enough for a run, and who cannot is told.
  const half = await project.start(['run', 'x.ts', '--runner', 'ssh:lab', '--json']).finished
  assert.equal(half.code, 0, half.stderr)
  assert.match(half.stderr, /is not used: .*HOST KEY HAS CHANGED/)
  assert.ok(unknown.logins > 0)
  sawNoLogin(changed)
})

test('should tell of each host what it is, what it computes, and which share a folder; and clean up', {
  skip,
}, async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const site = new Site(t)
  const first = await startServer(t, { site, name: 'alpha-host' })
  await startServer(t, { site, name: 'beta-host', address: '127.0.0.2' })
  const dead = await startServer(t, { site, name: 'gamma-host', address: '127.0.0.3' })
  await dead.stop()
  const directory = join(first.home, 'shared')
  configure(project, {
    lab: site.profile([{ host: 'alpha-host' }, { host: 'beta-host' }, { host: 'gamma-host' }], { directory }),
    pair: site.profile(
      [
        { host: 'alpha-host', engines: 1 },
        { host: 'beta-host', engines: 1 },
      ],
      { directory },
    ),
    led: site.profile(
      [
        { host: 'gamma-host', engines: 0 },
        { host: 'alpha-host', engines: 1 },
        { host: 'beta-host', engines: 1 },
      ],
      { directory },
    ),
    nodeless: site.profile([{ host: 'alpha-host', node: '/nowhere/node' }], { directory }),
  })
  const { well, hosts } = await project.json(1, 'doctor', 'ssh:lab')
  assert.equal(well, false)
  const own = await project.json(0, 'doctor')
  for (const [i, other] of [
    [0, 'beta-host'],
    [1, 'alpha-host'],
  ] as const) {
    const { state, facts, checks, fingerprint, differing, clockOffsetMs } = hosts[i]
    assert.notEqual(state, 'bad')
    assert.deepEqual([facts.node, fingerprint, differing], [process.version, own.fingerprint, []])
    assert.ok(Math.abs(clockOffsetMs) < 2_000, `${clockOffsetMs}`)
    const found = Object.fromEntries(
      checks.map((check: { name: string; found: string }) => [check.name, check.found]),
    )
    assert.match(found.arithmetic, /the same bits/)
    assert.match(found.folder, new RegExp(other))
  }
  assert.deepEqual([hosts[2].state, hosts[2].facts], ['bad', null])
  assert.match(hosts[2].checks[0].found, /gamma-host/)
  const told = await project.reprise('doctor', 'pair')
  assert.equal(told.code, 0, told.stderr)
  assert.match(told.stdout, /^ +Math\.sin +[0-9a-f]{16}$/m)
  assert.match(told.stdout, /2 hosts of 2 can be used/)
  const nodeless = await project.json(1, 'cluster', 'check', 'nodeless')
  assert.match(JSON.stringify(nodeless.hosts[0].checks), /\/nowhere\/node/)

  const { traffic } = await project.json(0, 'run', 'x.ts', '--runner', 'ssh:led')
  const sent = traffic.map((host: { sent: number }) => host.sent).sort((a: number, b: number) => a - b)
  assert.ok(sent[0] < 100_000 && sent[1] > 100_000, `the capsule went to one of the two: ${sent}`)
  const cleaned = await project.json(1, 'cluster', 'clean', 'lab')
  assert.deepEqual(
    cleaned.hosts.map((host: { sharedWith: string | null }) => host.sharedWith),
    [null, 'alpha-host', null],
  )
  assert.equal(cleaned.hosts[2].error.code, 'engine')
  assert.equal(existsSync(directory), false)
})

test('should ask for a key’s passphrase at a terminal, show nothing of it, and ask nobody elsewhere', {
  skip: skip || !PYTHON,
}, async (t) => {
  const project = new Project(t)
  const site = new Site(t)
  const identity = site.newKey('locked', { passphrase: 'open sésame' })
  const server = await startServer(t, { site, lines: [`AuthorizedKeysFile ${identity}.pub`] })
  const config = site.path('bare_config') // the site's own has its open key
  writeFileSync(config, `Host *\n  IdentitiesOnly yes\n  IdentityAgent none\n`)
  configure(project, { lab: site.profile([server.host()], { identity, config }) })
  const refused = await project.json(1, 'cluster', 'check', 'lab')
  assert.match(JSON.stringify(refused), /encrypted, and nobody can be asked/)
  const typed = (answers: string[]) =>
    spawnSync(
      'python3',
      [
        TERMINAL,
        'Passphrase.*: $',
        JSON.stringify(answers),
        process.execPath,
        MAIN,
        'cluster',
        'check',
        'lab',
      ],
      {
        cwd: project.folder,
        env: {
          PATH: process.env.PATH,
          HOME: project.path('home'),
          TMPDIR: project.path('tmp'),
          NO_COLOR: '1',
        },
        encoding: 'utf8',
        timeout: 120_000,
      },
    )
  const opened = typed(['wrong\r', 'open sessx\x7f\x7f\x7f\x7fésame\r'])
  assert.equal(opened.status, 0, opened.stdout)
  assert.match(opened.stdout, /Passphrase of the key .*locked/)
  assert.match(opened.stdout, /That does not open it/)
  assert.match(opened.stdout, /1 host of 1 can be used/)
  assert.doesNotMatch(opened.stdout, /ésame|sessx|wrong/)
  const left = typed(['\x03'])
  assert.equal(left.status, 1, left.stdout)
  assert.match(left.stdout, /passphrase was not given/)
})
