/** Configurations as people write them, as they break them, and as a project from elsewhere might have them. */
import assert from 'node:assert/strict'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { addCluster } from '../../lab/add-cluster.ts'
import { checkConfig } from '../../lab/check-config.ts'
import { clusterNotes, findCluster, findSshCluster, listClusters } from '../../lab/clusters.ts'
import { labAt } from '../../lab/lab.ts'
import { RepriseError } from '../../lib/errors.ts'
import { isAlive, until } from '../sshd/processes.ts'

/** A project and a user, each with a configuration or none. */
function place(t: TestContext, project: string | null, user: string | null, name = 'reprise.config.json') {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-config-'))
  const before = process.env.XDG_CONFIG_HOME
  process.env.XDG_CONFIG_HOME = join(folder, 'xdg')
  t.after(() => {
    if (before === undefined) delete process.env.XDG_CONFIG_HOME
    else process.env.XDG_CONFIG_HOME = before
    rmSync(folder, { recursive: true, force: true })
  })
  mkdirSync(join(folder, 'project'))
  mkdirSync(join(folder, 'xdg/reprise'), { recursive: true })
  const path = join(folder, 'project', name)
  const own = join(folder, 'xdg/reprise/config.json')
  if (project !== null) writeFileSync(path, project)
  if (user !== null) writeFileSync(own, user)
  return { folder, path, own, lab: labAt(join(folder, 'project/.reprise')) }
}

const HOSTS = [{ host: 'node1' }, { host: 'node2', engines: 8, port: 2222, user: 'ada' }]

const line = (error: unknown) => {
  assert.ok(error instanceof RepriseError, String(error))
  return `${error.code}: ${error.line}`
}

test('should find the user’s clusters before a project’s, and say where both have a name', async (t) => {
  const {
    lab: at,
    path,
    own,
  } = place(
    t,
    JSON.stringify({
      clusters: {
        lab: { kind: 'ssh', hosts: HOSTS, identity: ['keys/id', '~/.ssh/lab'] },
        home: { kind: 'ssh', hosts: [{ host: 'evil' }] },
      },
    }),
    '{"clusters":{"home":{"kind":"ssh","hosts":[{"host":"::1"}],"config":"ssh_config"}}}',
  )
  const { clusters, program } = listClusters(at)
  assert.equal(program, null)
  assert.deepEqual(
    clusters.map(({ name, owner, hides }) => [name, owner, hides]),
    [
      ['home', 'user', path],
      ['lab', 'project', null],
    ],
  )
  const found = await findSshCluster(at, 'lab')
  assert.deepEqual(found.profile.hosts, HOSTS)
  assert.deepEqual(found.profile.identity, [join(path, '../keys/id'), '~/.ssh/lab'])
  assert.match(clusterNotes(found).join('\n'), /^.*private key .*keys\/id/)
  const home = await findSshCluster(at, 'home')
  assert.equal(home.profile.config, join(own, '../ssh_config'))
  assert.match(
    clusterNotes(home).join('\n'),
    /^cluster home is yours.*reprise\.config\.json has one of the same/,
  )
  await assert.rejects(findSshCluster(at, '__proto__'), (error) =>
    /^not-found: ssh:__proto__.*There is home, lab$/.test(line(error)),
  )
})

test('should say of a wrong configuration which file, where in it, and what is allowed', () => {
  const cases: [content: unknown, expected: RegExp][] = [
    [[], /^usage: c\.json: must be an object such as/],
    [{ cluster: {} }, /c\.json: has no field "cluster"; it may have clusters$/],
    [
      { clusters: { 'a b': { kind: 'ssh' } } },
      /clusters: has the name "a b"; a name must be at most 64 letters/,
    ],
    [{ clusters: { '-rf': { kind: 'ssh' } } }, /has the name "-rf"/],
    [JSON.parse('{"clusters":{"__proto__":{"kind":"ssh"}}}'), /has the name "__proto__"/],
    [{ clusters: { a: {} } }, /clusters\.a: lacks the field "kind"/],
    [
      { clusters: { a: { kind: 'pbs' } } },
      /clusters\.a\.kind: must be one of "ssh", "slurm", "kubernetes", "aws-batch"$/,
    ],
    [
      { clusters: { a: { kind: 'ssh' } } },
      /clusters\.a: lacks the field "hosts"; it must be an object such as/,
    ],
    [
      { clusters: { a: { kind: 'ssh', hosts: [] } } },
      /clusters\.a\.hosts: must be a list of 1 to 1000 hosts/,
    ],
    [
      { clusters: { a: { kind: 'ssh', hosts: HOSTS, hots: 1 } } },
      /clusters\.a: has no field "hots"; it may have kind, hosts/,
    ],
    [of({ hosts: ['node1'] }), /clusters\.a\.hosts\[0\]: must be an object such as/],
    [of({ hosts: [{ host: 'n', port: 0 }] }), /hosts\[0\]\.port: must be a whole number from 1 to 65535/],
    [
      of({ hosts: [{ host: 'n', engines: 1.5 }] }),
      /hosts\[0\]\.engines: must be a whole number from 0 to 1024/,
    ],
    [of({ hosts: [{ host: 'n', engines: 0 }] }), /hosts: have no room for an engine/],
    [of({ hosts: [HOSTS[0], { host: 'node1', port: 22 }] }), /hosts\[1\]: is there already/],
    [of({ head: 'other' }), /clusters\.a\.head: must be one of the hosts: node1, node2/],
    [of({ identity: 7 }), /clusters\.a\.identity: must be a path, or a list/],
    [of({ directory: 'a\0b' }), /clusters\.a\.directory: must be a path/],
    [
      of({ env: { 'A=B': '1' } }),
      /clusters\.a\.env: has the name "A=B"; a name must be letters, digits and _/,
    ],
    [of({ env: { A: 1 } }), /clusters\.a\.env\.A: must be a text/],
  ]
  for (const [content, expected] of cases) {
    assert.throws(
      () => checkConfig(content, 'c.json', 'user'),
      (error) => {
        assert.match(line(error), expected)
        return true
      },
      JSON.stringify(content),
    )
  }
})

const of = (more: object) => ({ clusters: { a: { kind: 'ssh', hosts: HOSTS, ...more } } })

test('should take no name that ssh or a shell would read as anything but a name', () => {
  const hostile = [
    '-oProxyCommand=id',
    '$(id)',
    '`id`',
    'a b',
    'a;b',
    "a'b",
    'a\nb',
    'a|b',
    'ä',
    '',
    '*',
    'a,b',
    '../a',
  ]
  for (const word of hostile) {
    for (const more of [
      { hosts: [{ host: word }] },
      { user: word },
      { jump: [word] },
      { jump: ['good', `${word}@good`] },
      { jump: [`good:${word}`] },
    ])
      assert.throws(() => checkConfig(of(more), 'c.json', 'user'), RepriseError, JSON.stringify(more))
  }
  // What is no name is carried as it is.
  const free = '$(touch PWN) a\'b\n-rf "ä"'
  const { a } = Object.fromEntries(
    checkConfig(of({ directory: free, node: free, env: { A: free } }), 'c.json', 'user'),
  )
  assert.ok(a?.kind === 'ssh')
  assert.deepEqual([a.directory, a.node, a.env], [free, free, { A: free }])
  for (const good of ['ada@gateway:22', '[fe80::1%eth0]:22', 'gateway', 'LAB\\ada@gateway'])
    assert.equal(checkConfig(of({ jump: [good] }), 'c.json', 'project').size, 1, good)
})

test('should believe a project less: no trust, no ssh configuration, no code loaded by variables', () => {
  const refused = [
    { config: 'x' },
    { knownHosts: 'x' },
    { node: './deploy.sh' },
    { directory: '~' },
    { hosts: [{ host: 'n', node: '/usr/bin/make' }] },
    { hosts: [{ host: 'n', directory: '/shared' }] },
    { env: { NODE_OPTIONS: '-r x' } },
    { env: { A: '1', LD_PRELOAD: 'x' } },
  ]
  for (const more of refused) {
    assert.equal(checkConfig(of(more), 'c.json', 'user').size, 1)
    assert.throws(
      () => checkConfig(of(more), 'c.json', 'project'),
      (error) => /^refused: c\.json: clusters\.a\.\w.*a project may not .*\. /.test(line(error)),
    )
  }
})

test('should read no link, pipe or folder in a project, and no text that is no JSON', async (t) => {
  const { lab: at, path, own } = place(t, null, null)
  assert.deepEqual(listClusters(at).clusters, [])
  symlinkSync('/dev/zero', path)
  assert.throws(
    () => listClusters(at),
    (error) => /^refused: .*no plain file of the project/.test(line(error)),
  )
  rmSync(path)
  mkdirSync(path)
  assert.throws(
    () => listClusters(at),
    (error) => /^refused/.test(line(error)),
  )
  rmSync(path, { recursive: true })
  const broken = [
    ['{"clusters":\n\n{,}}', /is no JSON: line 3: /],
    [
      '{"clusters":{"a":{"kind":"ssh","hosts":[{"host":"x"}]},"a":{"kind":"ssh","hosts":[{"host":"y"}]}}}',
      /the name "a" is there twice/,
    ],
    ['', /is no JSON/],
    [`{"clusters":{}${' '.repeat(2 ** 20)}}`, /is no file of at most 1048576 bytes/],
  ] as const
  for (const [text, expected] of broken) {
    writeFileSync(own, text)
    assert.throws(
      () => listClusters(at),
      (error) => expected.test(line(error)) && line(error).includes('Correct it'),
    )
  }
})

test('should execute a project’s program only when a cluster is asked for that no plain file names', async (t) => {
  const {
    lab: at,
    path,
    folder,
  } = place(
    t,
    `import { writeFileSync } from 'node:fs'
import { hosts } from './hosts.ts'
writeFileSync('executed', 'yes')
console.log('to nobody’s stdout')
interface Config { clusters: object }
export default { clusters: { lab: { kind: 'ssh', hosts, directory: undefined } } } satisfies Config
`,
    '{"clusters":{"home":{"kind":"ssh","hosts":[{"host":"x"}]}}}',
    'reprise.config.ts',
  )
  writeFileSync(
    join(folder, 'project/hosts.ts'),
    "export const hosts = [1, 2].map((n) => ({ host: 'node' + n }))\n",
  )
  const listed = listClusters(at)
  assert.deepEqual([listed.program, listed.clusters.map(({ name }) => name)], [path, ['home']])
  assert.equal(existsSync(join(folder, 'project/executed')), false)
  assert.equal((await findCluster(at, 'home')).owner, 'user')
  await assert.rejects(findSshCluster(at, 'lab', { execute: false }), (error) =>
    /^refused: ssh:lab: .*reprise\.config\.ts may name it/.test(line(error)),
  )
  assert.equal(existsSync(join(folder, 'project/executed')), false)
  const told: string[] = []
  const { profile, owner } = await findSshCluster(at, 'lab', { tell: (line) => told.push(line) })
  assert.match(told.join('\n'), /^.*reprise\.config\.ts is executed/)
  assert.deepEqual([profile.hosts, owner], [[{ host: 'node1' }, { host: 'node2' }], 'project'])
  assert.equal(existsSync(join(folder, 'project/executed')), true)
  const broken = [
    ['export default 7n', /^usage: .*reprise\.config\.ts: it could not be executed, exit code 1: TypeError/],
    ['export const a = 1', /No matching export|no object that JSON can hold/],
    ['export default {', /line 1: /],
    ['process.exit(3)\nexport default {}', /exit code 3/],
    [
      'export default { clusters: { lab: { kind: "ssh", hosts: [{ host: "-x" }] } } }',
      /clusters\.lab\.hosts\[0\]\.host: must be/,
    ],
    [
      'export default { clusters: { lab: { kind: "ssh", hosts: [{ host: "x" }], knownHosts: "k" } } }',
      /^refused: /,
    ],
  ] as const
  for (const [text, expected] of broken) {
    writeFileSync(path, text)
    await assert.rejects(findCluster(at, 'lab'), (error) => {
      assert.match(line(error), expected)
      return true
    })
  }
  // One that leaves a process behind, which holds all that it was given, and says more than is heard.
  const behind = (rest: string) => `import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
const child = spawn('sleep', ['600'], { stdio: ['ignore', 'inherit', 'inherit', 3] })
writeFileSync('left', String(child.pid))
child.unref()
${rest}
export default { clusters: { lab: { kind: 'ssh', hosts: [{ host: 'x' }] } } }`
  writeFileSync(path, behind(''))
  assert.deepEqual((await findSshCluster(at, 'lab')).profile.hosts, [{ host: 'x' }])
  const left = Number(readFileSync(join(folder, 'project/left'), 'utf8'))
  await until('what it left to end', () => !isAlive(left))
  writeFileSync(path, behind("writeFileSync(3, ' '.repeat(2 ** 21))"))
  await assert.rejects(findCluster(at, 'lab'), (error) => /no object that JSON/.test(line(error)))
  writeFileSync(join(folder, 'project/reprise.config.json'), '{}')
  assert.throws(
    () => listClusters(at),
    (error) => /beside reprise\.config\.json.*Keep one/.test(line(error)),
  )
})

test('should add a cluster and keep all that is there, of links too', (t) => {
  const { lab: at, own, path, folder } = place(t, null, null)
  const elsewhere = join(folder, 'dotfiles.json')
  writeFileSync(
    elsewhere,
    '{ "$schema": "x", "clusters": { "old": { "kind": "ssh", "hosts": [{ "host": "o" }] } } }',
  )
  symlinkSync(elsewhere, own)
  const profile = {
    kind: 'ssh' as const,
    hosts: [{ host: 'n' }],
    identity: [join(folder, 'project/key'), '~/k', '/k'],
  }
  assert.equal(addCluster(at, 'user', { name: 'new', profile, replace: false }), own)
  assert.ok(lstatSync(own).isSymbolicLink())
  const written = JSON.parse(readFileSync(elsewhere, 'utf8'))
  assert.deepEqual(Object.keys(written), ['$schema', 'clusters'])
  assert.deepEqual(Object.keys(written.clusters), ['old', 'new'])
  const add = (name: string, replace = false, owner: 'user' | 'project' = 'user', more = {}) =>
    addCluster(at, owner, { name, profile: { ...profile, ...more }, replace })
  assert.throws(
    () => add('old'),
    (error) => /^refused: .*cluster old already.*--replace/.test(line(error)),
  )
  add('old', true)
  assert.deepEqual(JSON.parse(readFileSync(elsewhere, 'utf8')).clusters.old, profile)
  assert.throws(
    () => add('../x'),
    (error) => /^usage/.test(line(error)),
  )
  assert.throws(
    () => add('y', false, 'project', { knownHosts: '/k' }),
    (error) => /^refused/.test(line(error)),
  )
  assert.equal(existsSync(path), false)
  add('y', false, 'project')
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')).clusters.y.identity, ['key', '~/k', '/k'])
  writeFileSync(own, '{"clusters": 7}')
  assert.throws(
    () => add('z'),
    (error) => /^usage: .*clusters: must be/.test(line(error)),
  )
  assert.equal(readFileSync(own, 'utf8'), '{"clusters": 7}')
})

test('should find a kubeconfig beside the file that names it, and leave the home to whoever reads it', (t) => {
  const named = (kubeconfig: string) => ({ kind: 'kubernetes', kubeconfig, store: { bucket: 'lab' } })
  const clusters = { beside: named('k/config'), home: named('~/.kube/x'), far: named('/etc/k') }
  const { own, lab } = place(t, null, JSON.stringify({ clusters }))
  const found = listClusters(lab).clusters.map(
    ({ profile }) => (profile as { kubeconfig?: string }).kubeconfig,
  )
  assert.deepEqual(found.toSorted(), ['/etc/k', join(own, '../k/config'), '~/.kube/x'].toSorted())
})
