/** Keys, passphrases and agents, at real servers: what is tried, in which order, who is asked, and what is said when nothing fits. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { until } from '../../sshd/processes.ts'
import { output } from '../../sshd/program.ts'
import { available, Site, type SshServer, startServer } from '../../sshd/server.ts'
import { refusal, said, scriptOn, shellsOf } from './shells.ts'

const skip = !available('tests of ssh: keys and agents')

/** A server that takes the keys of these files of the site's, and the site's configuration without a key. */
async function serverFor(t: TestContext, names: readonly string[], site = new Site(t)) {
  const keys = site.path('authorized')
  writeFileSync(keys, names.map((name) => `${site.publicKey(name)}\n`).join(''))
  return startServer(t, { site, lines: [`AuthorizedKeysFile ${keys}`] })
}

async function startAgent(t: TestContext, site: Site): Promise<string> {
  const socket = site.path('agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  t.after(() => agent.kill('SIGKILL'))
  await until('the agent', () => existsSync(socket))
  return socket
}

function add(socket: string, key: string): void {
  const { status, stderr } = spawnSync('ssh-add', ['-q', key], {
    env: { ...process.env, SSH_AUTH_SOCK: socket },
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
}

const offers = (server: SshServer) =>
  [...server.log().matchAll(/userauth_pubkey: publickey test .*? (SHA256:\S+)/g)].map(([, found]) => found)

test('should open keys of every kind', { skip }, async (t) => {
  const site = new Site(t)
  const names = ['ed', 'rsa', 'ec', 'pem']
  site.newKey('ed')
  site.newKey('rsa', { type: 'rsa', bits: 2048 })
  site.newKey('ec', { type: 'ecdsa', bits: 521 })
  output('ssh-keygen', '-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '', '-f', site.path('pem'))
  const server = await serverFor(t, names, site)
  for (const name of names) {
    rmSync(site.path('only.pub'), { force: true })
    copyFileSync(site.path(name), site.path('only')) // without its public half beside it
    chmodSync(site.path('only'), 0o600)
    const { out } = await scriptOn(t, { ...server.profile(), identity: site.path('only') })
    assert.equal(out, `${server.home}\n`, name)
  }
  assert.doesNotMatch(server.log(), /Accepted publickey for \S+ from .* ssh2: ssh-rsa/)
})

test('should ask for a passphrase once, only when the key is wanted, and not after a wrong host key', {
  skip,
}, async (t) => {
  const site = new Site(t)
  const locked = site.newKey('locked', { passphrase: 'correct horse' })
  const old = site.path('old')
  output('ssh-keygen', '-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'battery', '-f', old)
  const first = await serverFor(t, ['locked'], site)
  const second = await startServer(t, { site, lines: [`AuthorizedKeysFile ${site.path('authorized')}`] })
  const open = await startServer(t, { site })
  const strange = await startServer(t, { site, unknown: true })
  const profile = site.profile([first.host(), second.host(), open.host(), strange.host()], {
    identity: [site.identity, locked],
  })
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return asked.length === 1 ? 'wrong' : 'correct horse'
  }
  assert.equal((await scriptOn(t, profile, 'echo in\n', { ask }, 2)).out, 'in\n') // by the first key
  assert.equal((await refusal(t, profile, { ask }, 3)).code, 'refused')
  assert.deepEqual(asked, [])
  const shells = shellsOf(t, profile, { ask })
  const channels = await Promise.all([0, 1].map((nth) => shells.shell(profile.hosts[nth]!)))
  for (const channel of channels) assert.equal((await said(channel, 'echo in\n')).out, 'in\n')
  assert.deepEqual(asked, [
    `Passphrase of the key ${locked}: `,
    `That does not open it. Passphrase of the key ${locked}: `,
  ])
  first.breakSessions()
  assert.equal((await said(await shells.shell(profile.hosts[0]!), 'echo again\n')).out, 'again\n')
  assert.equal(asked.length, 2)

  writeFileSync(site.path('authorized'), readFileSync(`${old}.pub`))
  rmSync(`${old}.pub`)
  const pem = { ...profile, identity: old }
  assert.equal((await scriptOn(t, pem, 'echo in\n', { ask: async () => 'battery' })).out, 'in\n')
})

test('should say what was tried and what to do when no key is taken', { skip }, async (t) => {
  const site = new Site(t)
  const locked = site.newKey('locked', { passphrase: 'correct horse' })
  const loose = site.newKey('loose')
  chmodSync(loose, 0o644)
  const missing = site.path('missing')
  const server = await serverFor(t, ['locked'], site)
  const profile = { ...server.profile(), identity: [locked, loose, missing] }
  const error = await refusal(t, profile)
  assert.equal(error.code, 'refused')
  assert.match(error.message, new RegExp(`^\\S+ is not let in: offered were ${locked}, ${site.identity};`))
  assert.match(error.message, new RegExp(`${loose} \\(others may read it; chmod 600 ${loose}\\)`))
  assert.match(error.message, new RegExp(`${missing} \\(it is not there\\)`))
  assert.match(
    error.message,
    new RegExp(`${locked} \\(it is encrypted, and nobody can be asked; ssh-add ${locked}\\)`),
  )
  assert.match(error.remedy, /ssh-add/)
  assert.match(
    (await refusal(t, profile, { ask: async () => null })).message,
    /locked \(its passphrase was not given\)/,
  )
  for (const ask of [
    async () => 'secret-that-is-wrong',
    async () => Promise.reject(new Error('no terminal')),
  ])
    assert.doesNotMatch((await refusal(t, profile, { ask })).line, /secret-that-is-wrong/)
  writeFileSync(
    site.path('junk'),
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA/////w==\n-----END',
  )
  chmodSync(site.path('junk'), 0o600)
  assert.match((await refusal(t, { ...profile, identity: site.path('junk') })).message, /junk \(it is no key/)
})

test('should use the agent: for locked keys without asking, and for its own unless told not to', {
  skip,
}, async (t) => {
  const site = new Site(t)
  const socket = await startAgent(t, site)
  const locked = site.newKey('locked')
  const loose = site.newKey('loose')
  const rsa = site.newKey('rsa', { type: 'rsa', bits: 2048 })
  for (const key of [loose, rsa, locked]) add(socket, key)
  output('ssh-keygen', '-q', '-p', '-N', 'correct horse', '-f', locked)
  const ask = async () => assert.fail('nobody is to be asked')
  const fingerprints = [locked, loose, rsa].map(
    (key) => output('ssh-keygen', '-l', '-f', `${key}.pub`).split(' ')[1]!,
  )
  site.configure(`IdentityAgent ${socket}`)

  const first = await serverFor(t, ['locked'], site)
  const profile = { ...first.profile(), identity: locked }
  assert.equal((await scriptOn(t, profile, 'echo in\n', { ask })).out, 'in\n')
  assert.deepEqual(new Set(offers(first)), new Set([fingerprints[0]]))

  const only = await serverFor(t, ['rsa'], site) // IdentitiesOnly yes: the agent's others are not offered
  assert.match((await refusal(t, { ...only.profile(), identity: locked }, { ask })).message, /is not let in/)
  assert.ok(!offers(only).includes(fingerprints[2]))
  site.configure('IdentitiesOnly no')
  const error = await refusal(t, { ...(await serverFor(t, [], site)).profile(), identity: locked }, { ask })
  assert.match(
    error.message,
    /offered were \S+locked, \S+client, agent: loose SHA256:\S+, agent: rsa SHA256:/,
  )
  const any = await serverFor(t, ['rsa'], site)
  assert.equal((await scriptOn(t, { ...any.profile(), identity: [] }, 'echo in\n', { ask })).out, 'in\n')
  rmSync(locked)
  copyFileSync(`${locked}.pub`, locked) // a common habit: the public key alone, and the private one in the agent
  const named = await serverFor(t, ['locked'], site)
  assert.equal(
    (await scriptOn(t, { ...named.profile(), identity: locked }, 'echo in\n', { ask })).out,
    'in\n',
  )
})

test('should give no password and forward no agent', { skip }, async (t) => {
  const site = new Site(t)
  const socket = await startAgent(t, site)
  add(socket, site.identity)
  site.configure(`IdentityAgent ${socket}\nForwardAgent yes\nPreferredAuthentications password`)
  const server = await startServer(t, { site })
  assert.equal((await scriptOn(t, server.profile(), 'echo "<$SSH_AUTH_SOCK>"\n')).out, '<>\n')
  const strict = await startServer(t, {
    site,
    lines: ['AuthenticationMethods publickey,keyboard-interactive', 'KbdInteractiveAuthentication yes'],
  })
  const error = await refusal(t, strict.profile(), { ask: async () => assert.fail('nobody is to be asked') })
  assert.match(error.message, /knows the key \S+client of \S+ and lets nobody in with a key alone/)
  const password = await startServer(t, {
    site,
    lines: ['AuthenticationMethods password', 'PasswordAuthentication yes'],
  })
  assert.match((await refusal(t, password.profile())).message, /is not let in/)
  assert.doesNotMatch(password.log(), /method (password|keyboard-interactive)/)
})
