/** Remotes: what may be told of an address, and what may not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicUrl, remotesOf } from '../../provenance/remotes.ts'

const TOLD: Readonly<Record<string, string>> = {
  'https://example.org/a/b.git': 'https://example.org/a/b.git',
  'https://sesame@example.org/a.git': 'https://example.org/a.git',
  'https://user:sesame@example.org:8443/a.git': 'https://example.org:8443/a.git',
  'https://user:ses@me@example.org/a.git': 'https://example.org/a.git',
  'https://x-access-token:sesame@example.org/a.git?private_token=sesame#sesame': 'https://example.org/a.git',
  'HTTPS://user:sesame@Example.org': 'https://Example.org',
  'ssh://git:sesame@example.org:22/a.git': 'ssh://example.org:22/a.git',
  'git+ssh://git@example.org/a.git': 'git+ssh://example.org/a.git',
  'ssh://git@[::1]:22/~u/a.git': 'ssh://[::1]:22/~u/a.git',
  'git://example.org/a.git': 'git://example.org/a.git',
  'git@example.org:a/b.git': 'example.org:a/b.git',
  'user:sesame@example.org:a/b.git': 'example.org:a/b.git',
  'git@example.org:a/b@c.git?sesame': 'example.org:a/b@c.git',
  'git@[::1]:a.git': '[::1]:a.git',
  'example.org:a.git': 'example.org:a.git',
  ' https://user:sesame@example.org/a.git\n': 'https://example.org/a.git',
}

const UNTOLD = [
  '',
  '/home/sesame/a.git',
  '../sesame',
  './a:b',
  'sesame',
  'file:///home/sesame/a.git',
  'C:\\sesame\\a.git',
  'C:/sesame/a.git',
  'ext::sh -c sesame',
  'helper::https://user:sesame@example.org/a.git',
  'unknown://user:sesame@example.org/a.git',
  'https://user:sesame@/a.git',
  'https://user:1?sesame@example.org/a.git',
  'https://user:1#sesame@example.org',
  'https://example.org\\sesame/a.git',
  'https://a:b:sesame/a.git',
  `https://example.org/${'a'.repeat(2_000)}`,
]

test('should tell where an address leads, without user, password, token, query and fragment', () => {
  for (const [address, told] of Object.entries(TOLD)) assert.equal(publicUrl(address), told, address)
})

test('should tell nothing of paths of this machine, of commands and of what it does not know', () => {
  for (const address of UNTOLD) assert.equal(publicUrl(address), null, address)
})

test('should list remotes by name, each address once, and not without end', () => {
  const settings = [
    ['remote.b.url', 'https://u@example.org/b'],
    ['remote.a.x.url', 'https://example.org/a'],
    ['remote.b.url', 'https://v@example.org/b'],
    ['remote.b.url', 'git@example.org:b'],
    ['remote.b.pushurl', 'https://example.org/push'],
    ['remote.here.url', '/home/u/a.git'],
    ['branch.b.url', 'https://example.org/no'],
  ] as const
  assert.deepEqual(remotesOf(settings), [
    { name: 'a.x', url: 'https://example.org/a' },
    { name: 'b', url: 'example.org:b' },
    { name: 'b', url: 'https://example.org/b' },
  ])
  const many = Array.from({ length: 99 }, (_, i) => [`remote.${i}.url`, 'https://example.org/a'] as const)
  assert.equal(remotesOf(many).length, 20)
})
