/** The checked-in values of the mathematical functions are what the independent program makes with mpmath. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { GOLDEN } from './vectors.ts'

/** The Python that has mpmath: Debian's own may not be the first in the path. */
const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import mpmath']).status === 0,
)
if (python === undefined) console.error('NOT CHECKED: no python3 has mpmath, so math.json was not made again')

test('should find the values as math.py makes them', {
  skip: python === undefined ? 'no python3 has mpmath' : false,
}, () => {
  const script = fileURLToPath(new URL('math.py', GOLDEN))
  const made = spawnSync(python!, [script, '--check'], { encoding: 'utf8' })
  assert.equal(made.stderr, '')
  assert.equal(made.status, 0)
})
