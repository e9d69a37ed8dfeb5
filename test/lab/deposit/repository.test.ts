/** Where a token may go, and where it may come from. */
import assert from 'node:assert/strict'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readToken, repositoryAddress } from '../../../lab/deposit/repository.ts'
import { temporaryFolder } from '../run.ts'

test('should take the address of a repository in every form in which people have it', () => {
  for (const text of [
    'https://zenodo.org',
    'https://zenodo.org/',
    'https://zenodo.org/api',
    'https://zenodo.org/api/records/',
  ])
    assert.equal(repositoryAddress(text).href, 'https://zenodo.org/')
  assert.equal(repositoryAddress('https://example.org/data').href, 'https://example.org/data/')
})

test('should send a token nowhere without TLS but to this machine', () => {
  for (const text of ['http://127.0.0.1:5000', 'http://localhost:5000', 'http://[::1]:5000'])
    repositoryAddress(text)
  for (const text of [
    ...[
      'http://zenodo.org',
      'http://127.0.0.1.example.org',
      'http://localhost.example.org',
      'ftp://127.0.0.1',
    ],
    ...[
      'https://jane:secret@zenodo.org',
      'https://zenodo.org/?access_token=x',
      'zenodo.org',
      '',
      'javascript:x',
    ],
  ])
    assert.throws(() => repositoryAddress(text), { code: 'usage' }, text)
})

test('should take a token from a file that nobody else can read, and show none in what it says', (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'token')
  writeFileSync(path, ' abc.DEF-123 \n', { mode: 0o600 })
  assert.equal(readToken(path, 'other'), 'abc.DEF-123')
  assert.equal(readToken(undefined, 'other'), 'other')
  chmodSync(path, 0o640)
  assert.throws(() => readToken(path, undefined), { code: 'refused', remedy: /chmod 600/ })
  symlinkSync(path, join(folder, 'link'))
  for (const odd of [join(folder, 'none'), folder, join(folder, 'link')])
    assert.throws(() => readToken(odd, undefined), { code: 'usage' })
  for (const text of ['two words', 'line\nbreak', 'ü', '\x07'])
    assert.throws(
      () => readToken(undefined, text),
      (error: Error & { line: string }) => !error.line.includes(text),
    )
  assert.throws(() => readToken(undefined, ''), { code: 'usage', message: /no token/ })
})
