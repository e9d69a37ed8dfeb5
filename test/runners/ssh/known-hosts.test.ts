/**
 * Known hosts judged as OpenSSH judges them: what `ssh` with strict checking makes of a file, against a real server with
 * this key; and what `ssh-keygen -F` finds in it.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { fingerprintOf, hostKeyOf } from '../../../runners/ssh/host-key.ts'
import { judgeKey, knownTypes } from '../../../runners/ssh/known-hosts.ts'
import { hashedName, knownLines } from '../../../runners/ssh/known-lines.ts'
import { available, Site, startServer } from '../../sshd/server.ts'

const skip = !available('tests of ssh: known hosts against OpenSSH')

const blobOf = (key: string) => Buffer.from(key.split(' ')[1]!, 'base64')

test('should judge every file as ssh does', { skip }, async (t) => {
  const site = new Site(t)
  const server = await startServer(t, { site, unknown: true })
  const { port } = server
  const key = server.hostKey()
  site.newKey('other')
  site.newKey('rsa', { type: 'rsa', bits: 2048 })
  const other = site.publicKey('other').split(' ').slice(0, 2).join(' ')
  const rsa = site.publicKey('rsa').split(' ').slice(0, 2).join(' ')
  const here = `[127.0.0.1]:${port}`
  const salt = Buffer.from('salt of twenty bytes').toString('base64')
  const kinds: readonly (readonly [string, string])[] = [
    ['trusted', `${here} ${key}`],
    ['trusted', `  \t${here}\t${key} some comment # more`],
    ['trusted', `127.0.0.1 ${key}`],
    ['trusted', `${hashedName(here, salt)} ${key}`],
    ['trusted', `${hashedName('127.0.0.1', salt)} ${key}`],
    ['trusted', `elsewhere,${here},[127.0.0.2]:22 ${key}`],
    ['trusted', `[127.0.0.?]:* ${key}`],
    ['trusted', `* ${key}`],
    ['trusted', `${here} ${other}\n${here} ${key}`],
    ['trusted', `${here} ${rsa}\n${here} ${key}`],
    ['trusted', `@cert-authority * ${other}\n${here} ${key}`],
    ['trusted', `@revoked * ${other}\n${here} ${key}`],
    ['trusted', `not a line\n@strange ${here} ${other}\n${here} ssh-rsa AAAA\n${here} ${key}\n`],
    ['trusted', `127.0.0.1 ${other}\n${here} ${key}`],
    ['unknown', ''],
    ['unknown', `# ${here} ${key}`],
    ['trusted', `*,!${here} ${key}`], // as the host on its usual port
    ['unknown', `*,!${here},!127.0.0.1 ${key}`],
    ['unknown', `[127.0.0.1]:1${port} ${key}`],
    ['unknown', `[127.0.0.1] ${key}`],
    ['unknown', `127.0.0.1:${port} ${key}`],
    ['unknown', `${hashedName('127.0.0.2', salt)} ${key}`],
    ['unknown', `${here} ${key.split(' ')[1]}`],
    ['unknown', `${here} ssh-rsa ${key.split(' ')[1]}`],
    ['unknown', `127.0.0.1 ${other}`],
    ['changed', `${here} ${other}`],
    ['changed', `${here} ${rsa}`],
    ['changed', `${hashedName(here, salt)} ${other}`],
    ['changed', `@cert-authority * ${key}\n* ${other}`],
    ['changed', `127.0.0.1 ${other}\n${here} ${other}`],
    ['revoked', `@revoked * ${key}`],
    ['revoked', `${here} ${key}\n@revoked ${here} ${key}`],
    ['revoked', `@revoked ${hashedName(here, salt)} ${key}\n${here} ${key}`],
    ['authority', `@cert-authority * ${other}`],
    ['authority', `@cert-authority ${here} ${key}`],
  ]
  const path = site.path('judged')
  for (const [kind, text] of kinds) {
    const judged = judgeKey([{ path, text }], { name: here, plain: '127.0.0.1' }, hostKeyOf(blobOf(key)))
    assert.equal(judged.kind, kind, text)
    writeFileSync(path, text)
    const words = ['-F', site.config, '-o', `UserKnownHostsFile=${path}`, '-o', 'StrictHostKeyChecking=yes']
    const ssh = spawnSync('ssh', [...words, '-p', String(port), '127.0.0.1', 'true'], { encoding: 'utf8' })
    assert.equal(ssh.status === 0, kind === 'trusted', `${text}\n${ssh.stderr}`)
    assert.equal(
      /HOST IDENTIFICATION HAS CHANGED/.test(ssh.stderr),
      kind === 'changed',
      `${text}\n${ssh.stderr}`,
    )
    assert.equal(/REVOKED HOST KEY/i.test(ssh.stderr), kind === 'revoked', `${text}\n${ssh.stderr}`)
  }
})

test('should take a key that is revoked for a host as revoked on all its ports', { skip }, (t) => {
  const site = new Site(t)
  site.newKey('lost')
  const key = site.publicKey('lost').split(' ').slice(0, 2).join(' ')
  for (const text of ['', `[host]:2222 ${key}\n`, `* ${key}\n`]) {
    const known = [{ path: 'known', text: `${text}@revoked host ${key}\n` }]
    const judged = judgeKey(known, { name: '[host]:2222', plain: 'host' }, hostKeyOf(blobOf(key)))
    assert.equal(judged.kind, 'revoked', text)
  }
})

test('should find the lines that ssh-keygen finds, and count them alike', { skip }, (t) => {
  const site = new Site(t)
  site.newKey('one')
  site.newKey('two', { type: 'ecdsa' })
  const keys = ['one', 'two'].map((name) => site.publicKey(name).split(' ').slice(0, 2).join(' '))
  const names = ['host', 'host.example.org', '[host]:2222', '10.0.0.1', '2001:db8::1', '[2001:db8::1]:2222']
  const lines = names.flatMap((name) => keys.map((key) => `${name} ${key}`))
  const patterns = ['*.example.org', 'h?st', '!host,*', 'HOST', '[host]:*', 'other,host', '10.0.*']
  const path = site.path('found')
  writeFileSync(path, [...lines, '', '# comment', ...patterns.map((each) => `${each} ${keys[0]}`)].join('\n'))
  const compare = () => {
    const text = spawnSync('cat', [path], { encoding: 'utf8' }).stdout
    for (const name of [...names, 'h.st', 'a.example.org', '[host]:22', 'none']) {
      const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', path], { encoding: 'utf8' })
      const found = [...stdout.matchAll(/^# Host .* found: line (\d+)/gm)].map(([, line]) => Number(line))
      const ours = knownLines([{ path, text }], name).map(({ line }) => line)
      assert.deepEqual(ours, found, name)
    }
  }
  compare()
  writeFileSync(path, lines.join('\n'))
  assert.equal(spawnSync('ssh-keygen', ['-H', '-f', path]).status, 0)
  compare()
  const text = spawnSync('cat', [path], { encoding: 'utf8' }).stdout
  assert.match(text, /^\|1\|/)
  assert.deepEqual(knownTypes([{ path, text }], { name: '[host]:2222' }), [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
  ])
  assert.deepEqual(knownTypes([{ path, text }], { name: '[none]:22', plain: 'host' }).length, 2)
  const { stdout } = spawnSync('ssh-keygen', ['-l', '-f', site.path('one.pub')], { encoding: 'utf8' })
  assert.equal(fingerprintOf(blobOf(keys[0]!)), stdout.split(' ')[1])
})

test('should not be slowed down by patterns that are made for it', () => {
  const text = `${'*a'.repeat(2_000)}b ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==\n`
  assert.deepEqual(knownLines([{ path: 'hostile', text }], 'a'.repeat(255)), [])
})
