/** What programs say of hosts, as they should, as they break, and as whoever is hostile might have them. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { ConfigOwner } from '../../lab/check-config.ts'
import { checkConfig } from '../../lab/check-config.ts'
import type { Cluster } from '../../lab/clusters.ts'
import { readHosts } from '../../lab/host-answer.ts'
import { askHosts, demandFixed, settled, shownCommand } from '../../lab/host-list.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { AskedProfile } from '../../runners/ssh/profile.ts'
import { isAlive, until } from '../sshd/processes.ts'

const KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString('base64')}`

const line = (error: unknown) => {
  assert.ok(error instanceof RepriseError, String(error))
  assert.doesNotMatch(error.line, /[\p{C}]/u)
  return `${error.code}: ${error.line}`
}

function clusterOf(
  command: readonly string[],
  path: string,
  owner: ConfigOwner = 'project',
): Cluster<AskedProfile> {
  return { name: 'rented', profile: { kind: 'ssh', hosts: { command } }, owner, path, hides: null }
}

/** A cluster whose hosts this code says, in a project's folder. */
function said(t: TestContext, code: string): Cluster<AskedProfile> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-hosts-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return clusterOf(
    [process.execPath, '-e', code, '$(touch PWN)', '; touch PWN'],
    join(folder, 'reprise.config.json'),
  )
}

const read = (text: string, owner: ConfigOwner = 'user') =>
  readHosts(text, { profile: { kind: 'ssh', hosts: { command: ['x'] }, port: 2200 }, owner, subject: 'x' })

test('should read texts, hosts, and what terraform makes of them', () => {
  const hosts = [{ host: 'a', user: 'ada', port: 22 }, { host: '::1' }]
  assert.deepEqual(read('["ada@a:22", "::1"]'), hosts)
  assert.deepEqual(read(JSON.stringify({ sensitive: false, type: ['tuple', []], value: hosts })), hosts)
  assert.deepEqual(read('\ufeff[]'), [])
  const unborn = ['', null, { host: '' }, { host: null, user: 'ada' }]
  assert.deepEqual(read(JSON.stringify([...unborn, ...hosts])), hosts, 'machines that have no address yet')
  const whole = [
    { host: 'a', engines: 0, user: 'u', port: 1, directory: '/d', node: '/n', hostKey: `${KEY} root@a\n` },
  ]
  assert.deepEqual(read(JSON.stringify(whole)), whole)
})

test('should say of an answer that is none what is wrong with it, in a line', () => {
  const cases: [answer: unknown, expected: RegExp][] = [
    [{}, /^usage: x: hosts: must be a list of at most 1000 hosts/],
    [{ value: 'a' }, /x: value: must be a list/],
    [null, /must be a list/],
    [
      Array(1001)
        .fill('a')
        .map((a, i) => a + i),
      /must be a list of at most 1000/,
    ],
    [[{}], /hosts\[0\]: lacks the field "host"/],
    [['a b'], /hosts\[0\]: must be of the form \[user@\]host/],
    [['-oProxyCommand=x'], /hosts\[0\]: must be of the form/],
    [['', '-l'], /hosts\[1\]: must be of the form/],
    [[{ host: '-oProxyCommand=x' }], /hosts\[0\]\.host: must be the name or address/],
    [[{ host: 'a\u001b[2J' }], /hosts\[0\]\.host/],
    [[{ host: 'a', user: '-l' }], /hosts\[0\]\.user/],
    [[{ host: 'a', '\u001b[2J': 1 }], /hosts\[0\]: has no field "\\u001b\[2J"/],
    [[{ host: 'a', '\u202eb': 1 }], /has no field "�b"/],
    [JSON.parse('[{"host":"a","__proto__":{"node":"x"}}]'), /has no field "__proto__"/],
    [[{ host: 'a', knownHosts: '/x' }], /has no field "knownHosts"/],
    [['a', { host: 'a', port: 2200 }], /hosts\[1\]: is there already/],
    [[{ host: 'a', user: 'x' }, 'a'], /hosts\[1\]: is there already/],
    [[{ host: 'a', hostKey: 'ssh-dss AAAA' }], /hosts\[0\]\.hostKey: must be a public host key/],
    [[{ host: 'a', hostKey: `${KEY.slice(0, -4)}` }], /hosts\[0\]\.hostKey: must be a public host key/],
    [[{ host: 'a', hostKey: KEY.replace('ssh-ed25519', 'ssh-rsa') }], /hosts\[0\]\.hostKey/],
  ]
  for (const [answer, expected] of cases)
    assert.throws(
      () => read(JSON.stringify(answer)),
      (error) => expected.test(line(error)) || assert.fail(line(error)),
    )
  for (const text of ['', '\n', 'No outputs found', '{', `${'['.repeat(2 ** 19)}`])
    assert.throws(
      () => read(text),
      (error) => /^usage: x: is (no JSON|empty)/.test(line(error)),
    )
  for (const field of ['node', 'directory'])
    assert.throws(
      () => read(JSON.stringify([{ host: 'a', [field]: '/tmp/x' }]), 'project'),
      (error) => /^refused: x: hosts\[0\]\.\w+: a project may not say/.test(line(error)),
    )
})

test('should give hosts or one line, whatever is said', () => {
  const host = fc.record(
    {
      host: fc.oneof(fc.constant('a'), fc.string()),
      port: fc.oneof(fc.integer(), fc.anything()),
      hostKey: fc.string(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.array(fc.oneof(host, fc.string())).map((all) => JSON.stringify(all)),
      ),
      (text) => {
        try {
          for (const each of read(text)) assert.match(each.host, /^[A-Za-z0-9_:.][A-Za-z0-9_.:%-]*$/)
        } catch (error) {
          line(error)
        }
      },
    ),
    { seed: 7, numRuns: 300 },
  )
})

test('should execute the program by no shell, in the folder that names it, and heed its end', async (t) => {
  const well = said(
    t,
    "require('node:fs').writeFileSync('IN', process.argv.slice(1).join()); console.log('[\"a\"]')",
  )
  assert.deepEqual(await askHosts(well), [{ host: 'a' }])
  const folder = well.path.replace('/reprise.config.json', '')
  assert.equal(readFileSync(join(folder, 'IN'), 'utf8'), '$(touch PWN),; touch PWN')
  assert.equal(existsSync(join(folder, 'PWN')), false)

  const cases: [code: string, expected: RegExp][] = [
    ['console.log(\'["a"]\'); process.exit(3)', /exit code 3\. Execute it in /],
    [
      "console.error('\\n│ \\u001b[31mError: no state'); process.exit(1)",
      /exit code 1: +\[31mError: no state\. Execute it in /,
    ],
    ['process.kill(process.pid, "SIGKILL")', /killed by SIGKILL/],
    ['console.log("x".repeat(2 ** 21))', /its answer is longer than 1048576 characters/],
    ['', /-e .*: is empty\. It must be a list of hosts in JSON/],
  ]
  for (const [code, expected] of cases)
    await assert.rejects(
      askHosts(said(t, code)),
      (error) => expected.test(line(error)) || assert.fail(line(error)),
    )
  const none = clusterOf(['no-such-program-7', '-x'], well.path)
  await assert.rejects(askHosts(none), (error) =>
    /no-such-program-7 -x: there is no such program/.test(line(error)),
  )
})

test('should end it and what it started when it is not wanted any more', async (t) => {
  const cluster = said(
    t,
    `const { spawn } = require('node:child_process')
    const child = spawn('sleep', ['600'], { stdio: 'inherit' })
    require('node:fs').writeFileSync('LEFT', String(child.pid))`,
  )
  const folder = cluster.path.replace('/reprise.config.json', '')
  const stop = new AbortController()
  const asking = askHosts(cluster, stop.signal)
  const left = await until(
    'what it starts',
    () => existsSync(join(folder, 'LEFT')) && Number(readFileSync(join(folder, 'LEFT'))),
  )
  stop.abort()
  await assert.rejects(asking, { name: 'AbortError' })
  await until('what it started to end', () => !isAlive(left))
})

test('should be told before where it is a project’s, and say who leads', async (t) => {
  const cluster = said(t, 'console.log(\'["a"]\')')
  const told: string[] = []
  const { profile } = await settled(cluster, { tell: (line) => told.push(line) })
  assert.deepEqual(profile.hosts, [{ host: 'a' }])
  assert.equal(told.length, 1)
  assert.match(told[0]!, /reprise\.config\.json has .* executed: it says which hosts there are/)
  await assert.rejects(settled(cluster, { execute: false }), (error) =>
    /^refused: cluster rented/.test(line(error)),
  )
  assert.throws(
    () => demandFixed(cluster),
    (error) => /^usage: cluster rented: has hosts that come and go/.test(line(error)),
  )
  assert.doesNotMatch(shownCommand(clusterOf(['a\nb', '\u001b[2J'], 'x').profile), /\p{C}/u)
})

test('should have in a configuration a program and its words, and no head', () => {
  const check = (hosts: unknown, more: object = {}) => {
    try {
      checkConfig({ clusters: { a: { kind: 'ssh', hosts, ...more } } }, 'c.json', 'user')
      return 'well'
    } catch (error) {
      return line(error)
    }
  }
  const command = ['x', '']
  assert.equal(check({ command, every: 5, wait: 60 }), 'well')
  assert.match(check({}), /clusters\.a\.hosts: lacks the field "command"/)
  assert.match(check({ command: 'x y' }), /hosts\.command: must be a program and its words.*no shell/)
  assert.match(check({ command: [] }), /hosts\.command: must be/)
  assert.match(check({ command: [''] }), /hosts\.command\[0\]: must be the name or path of a program/)
  assert.match(check({ command: ['a', 1] }), /hosts\.command\[1\]: must be a text/)
  assert.match(check({ command, every: 0 }), /hosts\.every: must be a whole number of seconds from 1 to 3600/)
  assert.match(
    check({ command, shell: true }),
    /hosts: has no field "shell"; it may have command, every, wait/,
  )
  assert.match(check({ command }, { head: 'a' }), /clusters\.a\.head: is for hosts that stay/)
  assert.match(check('x'), /hosts: must be a list of 1 to 1000 hosts, or an object such as/)
})
