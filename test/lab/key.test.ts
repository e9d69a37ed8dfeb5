/**
 * The user’s key: made once, kept from others, changed with its own word; and what the ledger tells of it.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { configFolder, importKey, keyPath, ownKey, ownPublicKeys, rotateKey } from '../../lab/key.ts'
import { demandLedger, readLedger } from '../../lab/ledger.ts'
import { acceptKey } from '../../lab/remembered.ts'
import { trustOf } from '../../lab/trusted.ts'
import { verifierKeyText } from '../../lib/note.ts'
import { isRefusal, refused } from '../lib/refusal.ts'
import { add, assertWhole, freshLab, verified } from './ledgers.ts'
import { temporaryFolder } from './run.ts'

test('should record changes of key with the old key’s word, all of them', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  const first = ownKey().key
  rotateKey(new Date())
  rotateKey(new Date())
  add(lab, 'two')
  const { entries } = readLedger(lab)!
  assert.deepEqual(
    entries.map(({ kind }) => kind),
    ['ledger-opened', 'note', 'key-rotated', 'key-rotated', 'note'],
  )
  const { valid, unchecked, trusted } = verified(lab)
  assert.ok(valid && trusted && !unchecked.some((words) => words.includes('changed the key')))
  assert.deepEqual(
    ownPublicKeys().some(({ id }) => id === first.id),
    true,
    'what it signed is still trusted',
  )
  assert.equal(verified(lab, [first]).valid, false, 'the old key does not sign any more')
})

test('should tell when another user goes on with it, whose key nobody named', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  const first = ownKey().key
  process.env.XDG_CONFIG_HOME = temporaryFolder(t)
  refused(() => add(lab, 'two'), 'refused', { subject: 'ledger' })
  assert.equal(readLedger(lab)!.entries.length, 2, 'nothing is signed over what nobody vouches for')
  acceptKey(readLedger(lab)!.head.origin, verifierKeyText(first))
  add(lab, 'two')
  const { entries } = readLedger(lab)!
  assert.deepEqual(
    entries.map(({ kind }) => kind),
    ['ledger-opened', 'note', 'key-rotated', 'note'],
  )
  const { valid, unchecked } = verified(lab)
  assert.ok(valid && unchecked.some((words) => words.startsWith('who changed the key at entry 2')))
  assert.ok(verified(lab, [first]).problems.some(({ where }) => where === 'signature'))
})

test('should keep the key from others, and refuse one that others can read', (t) => {
  const lab = freshLab(t)
  add(lab, 'one')
  const path = keyPath()
  const before = readFileSync(path)
  for (const mode of [0o644, 0o640, 0o604, 0o620]) {
    chmodSync(path, mode)
    refused(() => ownKey(), 'refused', { subject: path })
    refused(() => add(lab, 'x'), 'refused')
  }
  const elsewhere = join(temporaryFolder(t), 'key.pem')
  writeFileSync(elsewhere, before, { mode: 0o644 })
  rmSync(path)
  symlinkSync(elsewhere, path)
  refused(() => ownKey(), 'refused', { subject: path })
  chmodSync(elsewhere, 0o600)
  add(lab, 'two')
  assertWhole(lab)
})

test('should refuse what is no key, and say where it is looked for', (t) => {
  const lab = freshLab(t)
  mkdirSync(configFolder(), { recursive: true })
  for (const text of ['', 'x', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n']) {
    writeFileSync(keyPath(), text, { mode: 0o600 })
    refused(() => add(lab, 'x'), 'not-intact', { subject: keyPath() })
  }
  rmSync(keyPath())
  mkdirSync(keyPath(), { mode: 0o700 })
  assert.throws(
    () => add(lab, 'x'),
    (error: { code?: string }) => ['storage', 'refused'].includes(error.code ?? ''),
  )
  process.env.XDG_CONFIG_HOME = '/dev/null/nowhere'
  assert.throws(
    () => demandLedger(lab),
    isRefusal('storage', { subject: '/dev/null/nowhere/reprise/key.pem' }),
  )
  assert.equal(existsSync(lab.ledger), false)
})

test('should take keys from openssl, and not replace one', (t) => {
  freshLab(t)
  const file = join(temporaryFolder(t), 'own.pem')
  const { status } = spawnSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', file])
  if (status !== 0) return t.skip('openssl is not here')
  const key = importKey(file)
  assert.deepEqual(ownKey().key, key)
  assert.deepEqual(importKey(file), key, 'the same again')
  const other = join(temporaryFolder(t), 'other.pem')
  spawnSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', other])
  refused(() => importKey(other), 'refused', { subject: keyPath() })
  spawnSync('openssl', ['genpkey', '-algorithm', 'x25519', '-out', other])
  refused(() => importKey(other), 'not-intact', { subject: other })
  refused(() => importKey('/nowhere.pem'), 'not-found')
})

test('should name a damaged statement of an old key by its file', (t) => {
  freshLab(t)
  rotateKey(new Date())
  const folder = join(configFolder(), 'rotations')
  const path = join(folder, readdirSync(folder)[0]!)
  writeFileSync(path, 'x')
  refused(() => trustOf([], () => {}), 'not-intact', { subject: path })
})

test('should not believe a key that others can read, and say so, where only public keys are needed', (t) => {
  freshLab(t)
  const own = ownKey().key
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  assert.deepEqual([trustOf([], say), lines], [{ keys: [own], demanded: false }, []])
  chmodSync(keyPath(), 0o644)
  assert.deepEqual(trustOf([], say), { keys: [], demanded: false })
  assert.match(lines.join(), /your own key is not believed: .*chmod 600/)
  assert.deepEqual(trustOf([verifierKeyText(own)], say), { keys: [own], demanded: true })
})
