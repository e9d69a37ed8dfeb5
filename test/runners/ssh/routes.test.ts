/** The way to a host: what ssh's configuration says of it, jump hosts, and what is said where there is no way. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { test } from 'node:test'
import { acceptKey } from '../../../runners/ssh/accept.ts'
import type { SshProfile } from '../../../runners/ssh/profile.ts'
import { namespaces, startChain } from '../../sshd/chain.ts'
import { available, Site, startServer } from '../../sshd/server.ts'
import { refusal, said, scriptOn, shellsOf } from './shells.ts'

const skip = !available('tests of ssh: routes')
const alone = skip || !namespaces('tests of ssh: hosts behind jump hosts')

test('should go through jump hosts, one connection each for all that lie behind', {
  skip: alone,
}, async (t) => {
  const site = new Site(t)
  const [outer, inner, worker] = await startChain(t, [{}, {}, {}], site)
  const hosts = [worker.host(), inner.host()]
  const jump = [`${outer.user}@${outer.address}`, `${inner.address}:22`]
  const profile = site.profile(hosts, { jump })
  const shells = shellsOf(t, profile)
  const channels = await Promise.all([1, 2, 3].map(() => shells.shell(worker.host())))
  for (const channel of channels) assert.equal((await said(channel, 'echo $HOME\n')).out, `${worker.home}\n`)
  assert.deepEqual([outer.logins, inner.logins, worker.logins], [1, 1, 1])

  const one = site.profile([inner.host()], { jump: [outer.address] })
  assert.equal((await scriptOn(t, one)).out, `${inner.home}\n`)
  assert.equal((await refusal(t, { ...profile, jump: [] })).code, 'engine') // from here there is no way
  assert.equal(worker.logins, 1)

  const channel = await shells.shell(worker.host())
  channel.stdin.write('exec sleep 600\n')
  inner.breakSessions()
  assert.equal((await channel.ended).unreachable, true)
  assert.equal((await said(await shells.shell(worker.host()), 'echo back\n')).out, 'back\n')

  writeFileSync(
    site.knownHosts,
    `${outer.address} ${outer.hostKey()}\n${worker.address} ${worker.hostKey()}\n`,
  )
  const before = [inner.log().match(/userauth-request/g)?.length, worker.logins]
  const error = await refusal(t, profile)
  assert.equal(error.subject, `ssh host ${inner.address}:22`)
  assert.match(error.remedy, new RegExp(`reprise cluster accept lab ${inner.address}:22 SHA256:`))
  assert.deepEqual([inner.log().match(/userauth-request/g)?.length, worker.logins], before)
  await acceptKey(profile, `${inner.address}:22`, inner.fingerprint())
  assert.equal((await scriptOn(t, profile)).out, `${worker.home}\n`)
})

test("should mean by a host what ssh's configuration means", { skip: alone }, async (t) => {
  const site = new Site(t)
  const key = site.newKey('special')
  const [outer, inner, worker] = await startChain(
    t,
    [{}, {}, { lines: [`AuthorizedKeysFile ${key}.pub`] }],
    site,
  )
  writeFileSync(site.path('included'), `Host w*er\n  IdentityFile ${site.folder}/%n-${'$'}{SPECIAL}\n`)
  process.env.SPECIAL = 'key'
  t.after(() => delete process.env.SPECIAL)
  writeFileSync(site.path('worker-key'), '', { mode: 0o600 })
  site.configure(`Include ${site.path('included')}
Host outer
  HostName ${outer.address}
Host inner
  HostName ${inner.address}
  ProxyJump outer
Host worker
  HostName ${worker.address}
  User ${userInfo().username}
  Port 22
  HostKeyAlias the-worker
  ProxyJump inner
  IdentityFile ${key}
Match host inner
  User ${userInfo().username}
`)
  const profile: SshProfile = { kind: 'ssh', hosts: [{ host: 'worker' }], config: site.config }
  const unknown = await refusal(t, profile)
  assert.equal(unknown.subject, 'ssh host worker')
  assert.match(unknown.remedy, / accept lab worker SHA256:/)
  const { line } = await acceptKey(profile, 'worker', worker.fingerprint())
  assert.equal(line, `the-worker ${worker.hostKey()}`)
  assert.equal((await scriptOn(t, profile)).out, `${worker.home}\n`)
  assert.match(outer.log(), /Accepted/)
  assert.match(inner.log(), /Accepted/)
  // what the profile says wins
  const elsewhere = await refusal(t, { ...profile, jump: ['outer'], port: 22 })
  assert.match(elsewhere.line, /outer does not connect to .* port 22/)
})

test('should share no connection with a host that is trusted or entered otherwise', { skip }, async (t) => {
  const site = new Site(t)
  const server = await startServer(t, { site })
  site.configure(`Host alias
  HostName ${server.address}
  Port ${server.port}
  HostKeyAlias another
Host keyless
  HostName ${server.address}
  Port ${server.port}
  IdentityFile /nowhere/key
`)
  const shells = shellsOf(t, site.profile([]))
  assert.equal((await said(await shells.shell(server.host()), 'echo in\n')).out, 'in\n')
  await assert.rejects(shells.shell({ host: 'alias' }), { code: 'refused', message: /host key is not known/ })
  const other = await shells.shell({ host: 'keyless' })
  assert.equal((await said(other, 'echo in\n')).out, 'in\n')
  assert.equal(server.logins, 2)
})

test('should say why there is no way to a host, and what to do', { skip }, async (t) => {
  const site = new Site(t)
  const server = await startServer(t, { site, name: 'door', lines: ['AllowTcpForwarding no'] })
  site.configure(`Host commanded
  ProxyCommand touch ${site.path('PWN')}
Host round
  ProxyJump about
Host about
  ProxyJump round
Host slow
  HostName 127.0.0.1
  Port ${server.port}
  ConnectTimeout 1
`)
  const why = (more: Partial<SshProfile>, host: string) => refusal(t, site.profile([{ host }], more))
  const cases: readonly (readonly [string, Partial<SshProfile>, string, RegExp])[] = [
    [
      'engine',
      {},
      'no-such-host.invalid',
      /there is no address for the name no-such-host\.invalid\. .*ssh -G/,
    ],
    ['engine', { port: 1 }, '127.0.0.1', /nothing listens on 127\.0\.0\.1 port 1\. .*sshd/],
    ['engine', { jump: ['door'] }, '127.0.0.9', /door does not connect to 127\.0\.0\.9.*AllowTcpForwarding/],
    ['usage', {}, 'commanded', /ProxyCommand.*ProxyJump/],
    ['usage', {}, 'round', /jump hosts lead in a circle/],
    ['usage', {}, '-oProxyCommand=touch PWN', /is not the name of a host/],
    ['usage', {}, 'a b', /is not the name of a host/],
    ['usage', {}, 'a\nb', /is not the name of a host/],
    ['usage', {}, '$(touch PWN)', /is not the name of a host/],
    ['usage', { user: '-lroot' }, 'host', /is not the name of a user/],
    ['usage', { jump: ['u@-h'] }, 'host', /is not the name of a host/],
    ['usage', { jump: ['h:99999'] }, 'host', /is not a port/],
    ['usage', { config: site.path('missing') }, 'host', /ssh's configuration cannot be used: Can't open/],
  ]
  for (const [code, more, host, line] of cases) {
    const error = await why(more, host)
    assert.match(error.line, line)
    assert.equal(error.code, code, error.line)
  }
  server.freezeDaemon()
  t.after(() => server.thawDaemon())
  const silent = await why({}, 'slow')
  server.thawDaemon()
  assert.match(silent.line, /did not answer within 1 s/)
})

test('should connect anew when a server lost patience while a passphrase was typed', { skip }, async (t) => {
  const site = new Site(t)
  const locked = site.newKey('locked', { passphrase: 'correct horse' })
  const server = await startServer(t, {
    site,
    lines: [`AuthorizedKeysFile ${locked}.pub`, 'LoginGraceTime 1'],
  })
  const ask = async () => {
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    return 'correct horse'
  }
  assert.equal(
    (await scriptOn(t, { ...server.profile(), identity: locked }, 'echo in\n', { ask })).out,
    'in\n',
  )
  assert.equal(server.log().match(/^Connection from /gm)?.length, 2)
})
