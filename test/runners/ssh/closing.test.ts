/** That nothing is waited for without end: not a server, an agent or a person that says nothing, and not when all is closed. */
import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { SshHost, SshProfile } from '../../../runners/ssh/profile.ts'
import { openShells } from '../../../runners/ssh/shells.ts'
import { until } from '../../sshd/processes.ts'
import { available, startServer } from '../../sshd/server.ts'
import { refusal, scriptOn } from './shells.ts'
import { startSilent } from './silent.ts'

const skip = !available('tests of ssh: silence')

/** An agent that takes connections and says nothing. */
async function silentAgent(t: TestContext, path: string) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => void sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return () => sockets.size > 0
}

test('should close at once whatever is being waited for', { skip }, async (t) => {
  const tcp = await startSilent(t, 'tcp')
  const ssh = await startSilent(t)
  const { site, host } = ssh
  const locked = site.newKey('locked', { passphrase: 'correct horse' })
  const person = { asked: false, takenBack: false }
  const ask = (_: string, signal?: AbortSignal) => {
    person.asked = true
    signal?.addEventListener('abort', () => {
      person.takenBack = true
    })
    return new Promise<null>(() => {})
  }
  const agent = site.path('agent')
  const isAgentAsked = await silentAgent(t, agent)
  const cases: [what: string, profile: SshProfile, isWaiting: () => boolean][] = [
    ['a greeting', tcp.site.profile([tcp.host]), () => tcp.asked.includes('connect')],
    ['a session', site.profile([host]), () => ssh.asked.includes('exec')],
    [
      'a way on',
      site.profile([{ host: 'worker.example', port: 22 }], { jump: [`127.0.0.1:${host.port}`] }),
      () => ssh.asked.includes('forward'),
    ],
    ['a person', site.profile([host], { identity: locked }), () => person.asked],
  ]
  const closes = async (what: string, profile: SshProfile, isWaiting: () => boolean) => {
    const shells = openShells(profile, { name: 'lab', ask })
    const waiting = assert.rejects(shells.shell(profile.hosts[0]!), { code: 'interrupted' }, what)
    await until(`waiting for ${what}`, isWaiting)
    const since = performance.now()
    await shells.close()
    assert.ok(performance.now() - since < 10_000, what) // of one connection 1 s, and the machine may be busy
    await waiting
    await assert.rejects(shells.shell(profile.hosts[0]!), { code: 'interrupted' })
  }
  for (const each of cases) await closes(...each)
  assert.equal(person.takenBack, true)
  site.configure(`IdentityAgent ${agent}`)
  await closes('an agent', site.profile([host]), isAgentAsked)
})

test('should wait for a channel as long as for a connection, and then take a fresh one', {
  skip,
}, async (t) => {
  const ssh = await startSilent(t)
  const { site, host } = ssh
  site.configure('ConnectTimeout 1')
  const shells = openShells(site.profile([host]), { name: 'lab' })
  t.after(() => shells.close())
  const silent = { code: 'engine', message: /opens no session: it did not answer within 1 s/ }
  await assert.rejects(shells.shell(host), silent)
  await assert.rejects(shells.shell(host), silent)
  assert.equal(ssh.connections(), 2)
  const behind: SshHost = { host: 'worker.example', port: 22 }
  const error = await refusal(t, site.profile([behind], { jump: [`127.0.0.1:${host.port}`] }))
  assert.match(error.line, /does not connect to worker\.example port 22: it did not answer within 1 s/)
})

test('should do without an agent that does not answer', { skip }, async (t) => {
  const server = await startServer(t)
  const agent = server.site.path('agent')
  await silentAgent(t, agent)
  server.site.configure(`IdentityAgent ${agent}`)
  assert.equal((await scriptOn(t, server.profile())).out, `${server.home}\n`)
  const strict = await startServer(t, { site: server.site, lines: ['AuthorizedKeysFile none'] })
  const nothing = await refusal(t, strict.profile())
  assert.match(nothing.message, /not usable: agent .* \(it does not answer\)/)
})
