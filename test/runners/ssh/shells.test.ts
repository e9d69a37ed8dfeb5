/** Shells through real servers: what arrives, how they end, and how many connections it takes. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { test } from 'node:test'
import { until } from '../../sshd/processes.ts'
import { programPath } from '../../sshd/program.ts'
import { available, Site, startServer } from '../../sshd/server.ts'
import { refusal, said, scriptOn, shellsOf } from './shells.ts'

const skip = !available('tests of ssh: shells')

test('should run scripts in any login shell, under noisy profiles and a banner', { skip }, async (t) => {
  const site = new Site(t)
  const files = {
    '.bashrc': 'echo noise; echo noise >&2\n',
    '.cshrc': 'echo noise\n',
    '.config/fish/config.fish': 'echo noise; echo noise >&2\n',
  }
  for (const name of ['sh', 'bash', 'csh', 'fish']) {
    const path = programPath(name)
    if (path === null) {
      console.log(`SKIPPING login shell ${name}: it is not here`)
      continue
    }
    const server = await startServer(t, { site, shell: path, files, banner: 'KEEP OUT\n\x1b[31m' })
    const script = "printf '<%s>' \"$HOME\" 'a  b' '$(touch PWN)' \"a'b\" '-rf'; echo >&2 err; exit 7\n"
    const { how, unreachable, out, err } = await scriptOn(t, server.profile(), script)
    assert.deepEqual({ how, unreachable }, { how: 'exit code 7', unreachable: false }, name)
    assert.ok(out.endsWith(`<${server.home}><a  b><$(touch PWN)><a'b><-rf>`), `${name}: ${out}`)
    assert.ok(err.endsWith('err\n'), `${name}: ${err}`)
  }
})

test('should carry bytes both ways unchanged, and many at once over one connection', { skip }, async (t) => {
  const server = await startServer(t)
  const shells = shellsOf(t, server.profile())
  const bytes = randomBytes(8 << 20)
  const digests = await Promise.all(
    [1, 2, 3].map(async () => {
      const channel = await shells.shell(server.host())
      const hash = createHash('sha256')
      channel.stdin.write('echo go; exec cat\n') // a shell reads ahead: what cat is to have must come later
      await once(channel.stdout, 'data')
      channel.stdout.on('data', (data) => hash.update(data))
      channel.stdin.end(bytes)
      const { how } = await channel.ended
      assert.equal(how, 'exit code 0')
      return hash.digest('hex')
    }),
  )
  assert.deepEqual(new Set(digests), new Set([createHash('sha256').update(bytes).digest('hex')]))
  assert.equal(server.logins, 1)
})

test('should open another connection where a server opens no more sessions', { skip }, async (t) => {
  const server = await startServer(t, { lines: ['MaxSessions 2'] })
  const shells = shellsOf(t, server.profile())
  const channels = await Promise.all([1, 2, 3, 4, 5].map(() => shells.shell(server.host())))
  assert.equal(server.logins, 3)
  const texts = await Promise.all(channels.map((channel) => said(channel, 'echo here\n')))
  assert.deepEqual(new Set(texts.map(({ out }) => out)), new Set(['here\n']))
})

test('should say that the way broke, end what hangs in it, and connect again', { skip }, async (t) => {
  const server = await startServer(t)
  const shells = shellsOf(t, server.profile())
  const channel = await shells.shell(server.host())
  channel.stdin.write('exec sleep 600\n')
  await until('sleep', () => server.processes().length > 0)
  server.breakSessions()
  const { unreachable } = await channel.ended
  assert.equal(unreachable, true)
  channel.stdin.write('nobody hears this') // and nothing throws
  await server.stop()
  await assert.rejects(shells.shell(server.host()), { code: 'engine', message: /nothing listens/ })
  await server.start()
  assert.equal((await said(await shells.shell(server.host()), 'echo back\n')).out, 'back\n')
})

test('should find a peer that does not answer, though its TCP does, and also behind a jump host', {
  skip,
}, async (t) => {
  const site = new Site(t)
  const server = await startServer(t, { site })
  const door = await startServer(t, { site, name: 'door' })
  for (const jump of [[], ['door']]) {
    const shells = shellsOf(t, { ...server.profile(), jump }, { pulse: { everyMs: 300, missed: 3 } })
    const channel = await shells.shell(server.host())
    channel.stdin.write('echo here; exec cat\n')
    await once(channel.stdout, 'data')
    server.freeze()
    t.after(() => server.thaw())
    const { how, unreachable } = await channel.ended
    server.thaw()
    assert.deepEqual({ how, unreachable }, { how: 'Keepalive timeout', unreachable: true })
    assert.equal((await said(await shells.shell(server.host()), 'echo back\n')).out, 'back\n')
  }
  assert.equal(door.logins, 1)
})

test('should speak no algorithm that is known to be weak', { skip }, async (t) => {
  const site = new Site(t)
  for (const [line, words] of [
    ['HostKeyAlgorithms ssh-rsa', /host key/],
    ['Ciphers aes128-cbc,aes256-cbc,3des-cbc', /cipher/],
    ['MACs hmac-sha1,hmac-sha1-etm@openssh.com\nCiphers aes128-ctr', /MAC/],
    ['KexAlgorithms diffie-hellman-group14-sha1,diffie-hellman-group1-sha1', /key exchange/],
  ] as const) {
    const server = await startServer(t, {
      site,
      lines: [line],
      hostKeys: [line.includes('ssh-rsa') ? 'rsa' : 'ed25519'],
    })
    const error = await refusal(t, server.profile())
    assert.match(error.message, /^it and Reprise have no .* in common$/)
    assert.match(error.message, words)
    assert.doesNotMatch(server.log(), /userauth-request/)
  }
})

test('should end a command when it is killed from here', { skip }, async (t) => {
  const server = await startServer(t)
  const shells = shellsOf(t, server.profile())
  const channel = await shells.shell(server.host())
  channel.stdin.write('exec cat\n')
  await until('cat', () => server.processes().length > 0)
  channel.kill()
  assert.equal((await channel.ended).unreachable, false)
  await until('cat to end', () => server.processes().length === 0)
  assert.equal((await said(await shells.shell(server.host()), 'echo there\n')).out, 'there\n')
})
