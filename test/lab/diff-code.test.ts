/** Code as single facts: what is known today, and what a later version may record. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf } from '../../lab/diff-code.ts'
import type { Manifest } from '../../provenance/manifest.ts'

function facts(run: object): Record<string, unknown> {
  const usual = {
    code: { commit: null, reason: 'none' },
    packages: [],
    lock: null,
    inputs: {},
    reprise: '0.2.0',
  }
  return codeOf({ capsule: { sha256: 'c' }, run: { ...usual, ...run } } as unknown as Manifest)
}

test('should tell packages by name with all their versions, and inputs by digest', () => {
  const packages = [
    { name: 'a', version: '1.0.0' },
    { name: 'b', version: '3.0.0' },
    { name: 'a', version: '2.0.0' },
  ]
  const found = facts({ packages, inputs: { table: 'd' }, lock: { file: 'package-lock.json', sha256: 'e' } })
  assert.deepEqual(found, {
    capsule: 'c',
    commit: null,
    reason: 'none',
    lock: 'e',
    reprise: '0.2.0',
    math: 'native',
    guard: 'off',
    'package a': '1.0.0, 2.0.0',
    'package b': '3.0.0',
    'input table': 'd',
  })
})

test('should tell every fact of a commit by its own name', () => {
  const code = {
    commit: 'f00',
    changes: [' M x.ts'],
    remotes: [{ name: 'origin', url: 'https://example.org/x.git' }],
    swhids: { revision: 'swh:1:rev:f00', content: 'swh:1:cnt:b0b' },
    patch: { sha256: 'p', bytes: 12 },
    untracked: [{ path: 'lib/s.ts', sha256: 's' }],
    nothing: null,
  }
  const { commit, changes, nothing, ...found } = facts({ code })
  assert.deepEqual([commit, changes, nothing], ['f00', [' M x.ts'], null])
  assert.deepEqual(
    ['remote origin', 'experiment file', 'patch', 'untracked lib/s.ts'].map((name) => found[name]),
    ['https://example.org/x.git', 'swh:1:cnt:b0b', 'p', 's'],
  )
})
