/**
 * That a host whose key is not the known one gets nothing from us: what real servers log of the attempt, and what is said
 * to the user. And the way to trust a key, which takes its fingerprint.
 */
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { acceptKey } from '../../../runners/ssh/accept.ts'
import { hashedName } from '../../../runners/ssh/known-lines.ts'
import { until } from '../../sshd/processes.ts'
import { available, Site, type SshServer, startServer } from '../../sshd/server.ts'
import { refusal, scriptOn } from './shells.ts'

const skip = !available('tests of ssh: host keys')

/** What the server's log must have of a client that went away on seeing the key, and must not have. */
async function sawNothing(server: SshServer) {
  await until('the connection to end', () =>
    /^(Connection closed|Disconnected|Connection reset)/m.test(server.log()),
  )
  assert.match(server.log(), /^Connection from 127/m)
  assert.doesNotMatch(server.log(), /userauth-request|Accepted|Failed|Postponed|authenticating user/)
}

test('should send nothing to a host whose key is not the known one', { skip }, async (t) => {
  const other = (await startServer(t)).hostKey()
  const salt = Buffer.from('salt of twenty bytes').toString('base64')
  const cases: readonly (readonly [string, (here: string, key: string) => string, RegExp, RegExp])[] = [
    ['unknown', () => '', /host key is not known: ED25519 KEY$/, /reprise cluster accept lab HOST KEY$/],
    [
      'changed',
      (here) => `\n${here} ${other}`,
      /HAS CHANGED: it showed ED25519 KEY.*\(FILE:2\)/,
      /ssh-keygen -R/,
    ],
    [
      'hashed',
      (here) => `${hashedName(here, salt)} ${other}`,
      /HAS CHANGED.*\(FILE:1\)/,
      /ssh-keygen -R '\[127\.0\.0\.1\]:\d+' -f 'FILE'/,
    ],
    [
      'revoked',
      (here, key) => `${here} ${key}\n@revoked * ${key}`,
      /is revoked: ED25519 KEY \(FILE:2\)/,
      /owner/,
    ],
    [
      'authority',
      () => `@cert-authority * ${other}`,
      /authority .*\(FILE:1\).*not supported/,
      /accept lab HOST KEY$/,
    ],
  ]
  for (const [name, text, message, remedy] of cases) {
    const server = await startServer(t, { unknown: true })
    const { knownHosts } = server.site
    writeFileSync(knownHosts, text(`[127.0.0.1]:${server.port}`, server.hostKey()))
    const filled = ({ source }: RegExp) =>
      new RegExp(
        source
          .replaceAll('KEY', server.fingerprint().replaceAll('+', '\\+'))
          .replaceAll('HOST', `127.0.0.1:${server.port}`)
          .replaceAll('FILE', knownHosts),
      )
    const error = await refusal(t, server.profile())
    assert.equal(error.code, 'refused', name)
    assert.equal(error.subject, `ssh host 127.0.0.1:${server.port}`)
    assert.match(error.message, filled(message), name)
    assert.match(error.remedy, filled(remedy), name)
    if (!error.remedy.includes('accept')) assert.doesNotMatch(error.line, /cluster accept/)
    await sawNothing(server)
  }
})

test('should heed RevokedHostKeys, and refuse where it cannot', { skip }, async (t) => {
  const server = await startServer(t)
  const { site } = server
  const list = site.path('revoked')
  site.configure(`RevokedHostKeys ${list}`)
  writeFileSync(list, `# lost\n${server.hostKey()}\n`)
  assert.match((await refusal(t, server.profile())).message, /is revoked.*revoked:2\)/)
  await sawNothing(server)
  writeFileSync(list, 'SSHKRL\n\0')
  assert.match((await refusal(t, server.profile())).message, /cannot be heeded: it is a binary list/)
  for (const line of [`127.0.0.1 ${server.hostKey()}`, server.hostKey().slice(0, 60), server.fingerprint()]) {
    writeFileSync(list, `# lost\n\n${line}\n`)
    const { message } = await refusal(t, server.profile())
    assert.match(message, /revoked cannot be heeded: line 3 is no public key/, line)
  }
  writeFileSync(list, '# none\n')
  assert.equal((await scriptOn(t, server.profile())).out, `${server.home}\n`)
  assert.match(server.log(), /userauth-request/) // which the log does say of who is let in
})

test('should ask for the type of key that is known', { skip }, async (t) => {
  const server = await startServer(t, { unknown: true, hostKeys: ['ed25519', 'rsa', 'ecdsa'] })
  for (const type of ['rsa', 'ecdsa', 'ed25519']) {
    writeFileSync(server.site.knownHosts, `[127.0.0.1]:${server.port} ${server.hostKey(type)}\n`)
    assert.equal((await scriptOn(t, server.profile())).out, `${server.home}\n`, type)
  }
  assert.match(server.log(), /rsa-sha2-512/)
})

test('should accept the key whose fingerprint is given, and no other', { skip }, async (t) => {
  const site = new Site(t)
  const server = await startServer(t, { site, unknown: true, hostKeys: ['ed25519', 'rsa'] })
  const label = `127.0.0.1:${server.port}`
  const knownHosts = site.path('new/known_hosts')
  const profile = { ...server.profile(), knownHosts }
  const wrong = server.fingerprint().replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  await assert.rejects(acceptKey(profile, label, wrong), {
    code: 'refused',
    message: `it shows other keys than ${wrong}: ED25519 ${server.fingerprint()}, RSA ${server.fingerprint('rsa')}`,
  })
  await assert.rejects(acceptKey(profile, label, 'yes'), { code: 'usage' })
  await assert.rejects(acceptKey(profile, 'elsewhere', wrong), { code: 'usage', remedy: new RegExp(label) })
  await sawNothing(server)

  const accepted = await acceptKey(profile, label, server.fingerprint('rsa'))
  assert.deepEqual(accepted, {
    file: knownHosts,
    line: `[127.0.0.1]:${server.port} ${server.hostKey('rsa')}`,
    key: `RSA ${server.fingerprint('rsa')}`,
  })
  assert.equal(statSync(knownHosts).mode & 0o777, 0o600)
  assert.equal((await scriptOn(t, profile)).out, `${server.home}\n`)
  assert.equal((await acceptKey(profile, '127.0.0.1', server.fingerprint('rsa'))).line, null)
  await assert.rejects(acceptKey(profile, label, server.fingerprint()), { message: /HAS CHANGED/ }) // there is another

  site.configure('HashKnownHosts yes')
  writeFileSync(knownHosts, '# no end of line')
  await acceptKey(profile, label, server.fingerprint())
  assert.match(readFileSync(knownHosts, 'utf8'), /^# no end of line\n\|1\|\S+\|\S+ ssh-ed25519 \S+\n$/)
  assert.equal((await scriptOn(t, profile)).out, `${server.home}\n`)
})
