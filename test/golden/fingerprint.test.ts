/** The checked-in digests of the fingerprint's inputs are what the independent program makes. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { GOLDEN } from './vectors.ts'

const python = spawnSync('python3', ['--version']).status === 0
if (!python) console.error('NOT CHECKED: python3 is missing, so the golden digests were not made again')

test('should find the digests as fingerprint.py makes them', {
  skip: python ? false : 'python3 is missing',
}, () => {
  const script = fileURLToPath(new URL('fingerprint.py', GOLDEN))
  const made = spawnSync('python3', [script, '--check'], { encoding: 'utf8' })
  assert.equal(made.stderr, '')
  assert.equal(made.status, 0)
})
