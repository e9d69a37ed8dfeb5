/** Words of ssh's configuration: addresses, paths, and what holds where there is no ssh to ask. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Address, parseAddress, writtenAddress } from '../../../runners/ssh/address.ts'
import { expandPath, splitPaths } from '../../../runners/ssh/expand.ts'
import { here, readSettings, settingsOf } from '../../../runners/ssh/settings.ts'
import { programPath } from '../../sshd/program.ts'
import { Site } from '../../sshd/site.ts'

const skip = programPath('ssh') === null || programPath('ssh-keygen') === null

test('should read addresses as they are written', () => {
  const cases = {
    host: { host: 'host' },
    'me@host:2222': { user: 'me', host: 'host', port: 2222 },
    'DOMAIN\\me@host': { user: 'DOMAIN\\me', host: 'host' },
    'a@b@host': { user: 'a@b', host: 'host' },
    '::1': { host: '::1' },
    'me@[fe80::1%eth0]:22': { user: 'me', host: 'fe80::1%eth0', port: 22 },
    '[host]': { host: 'host' },
  }
  for (const [text, address] of Object.entries(cases)) {
    assert.deepEqual(parseAddress(text), address)
    const { user: _, ...rest } = address as Address
    assert.deepEqual(parseAddress(writtenAddress(address)), rest)
  }
  for (const text of [
    '',
    '-h',
    'a b',
    'h:',
    'h:0',
    'h:65536',
    'h:1x',
    '@h',
    '-u@h',
    'u;v@h',
    "h'",
    'h\n',
    '*',
    '[a',
    'h,i',
  ])
    assert.throws(() => parseAddress(text), { code: 'usage' }, JSON.stringify(text))
})

test('should expand paths as ssh does, or leave them out', () => {
  const tokens = {
    home: '/home/me',
    localUser: 'me',
    localHost: 'laptop.example.org',
    uid: 7,
    written: 'box',
    hostname: 'box.example.org',
    keyAlias: 'alias',
    port: 22,
    user: 'her',
    env: { A: '$&' },
  }
  assert.equal(
    expandPath('~/.ssh/%n %h %r@%u %p %L %l %k %i %%d', tokens),
    '/home/me/.ssh/box box.example.org her@me 22 laptop laptop.example.org alias 7 %d',
  )
  assert.equal(expandPath(`${'$'}{A}/%d`, tokens), '$&//home/me')
  assert.equal(expandPath('/a~/x', tokens), '/a~/x')
  for (const path of ['%z', '%', `${'$'}{B}`]) assert.equal(expandPath(path, tokens), null)
  assert.deepEqual(splitPaths('/a b/c ~/d /e none'), ['/a b/c', '~/d', '/e'])
})

test("should have ssh's own defaults where there is no ssh", { skip }, async (t) => {
  const config = new Site(t).path('empty')
  writeFileSync(config, '')
  const asked = await settingsOf({ host: 'Box.example' }, config)
  const { env } = process
  const path = env.PATH
  t.after(() => {
    env.PATH = path
  })
  env.PATH = ''
  const alone = await settingsOf({ host: 'Box.example' }, undefined)
  await assert.rejects(settingsOf({ host: 'box' }, config), {
    code: 'usage',
    message: /there is no ssh here/,
  })
  env.PATH = path
  assert.deepEqual(
    { ...alone, identities: [], hostname: alone.hostname.toLowerCase() },
    { ...asked, identities: [] },
  )
  for (const identity of alone.identities) assert.ok(asked.identities.includes(identity), identity)
})

test('should read what ssh says with care', () => {
  const read = (said: string) =>
    readSettings(said, { host: 'box' }, { ...here(), env: { SSH_AUTH_SOCK: '/s', F: '/f' } })
  assert.equal(read('').agent, '/s')
  assert.equal(read('identityagent none').agent, null)
  assert.equal(read('identityagent $F').agent, '/f')
  assert.equal(read('identityagent /x/%n').agent, '/x/box')
  assert.throws(() => read('hostname -oProxyCommand=x'), { code: 'usage' })
  assert.throws(() => read('proxycommand nc %h %p'), { code: 'usage' })
  assert.deepEqual(read('proxycommand none\nproxyjump none').jumps, [])
  assert.deepEqual(read('proxyjump a@b:33,c@[::1]:44,dd').jumps, [
    { user: 'a', host: 'b', port: 33 },
    { user: 'c', host: '::1', port: 44 },
    { host: 'dd' },
  ])
})
