/** The package lock that is recorded with a run. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { nearestLock } from '../../provenance/package-lock.ts'
import { Trees } from './tree.ts'

const trees = new Trees()
after(() => trees.remove())

test('should find the nearest lock above the experiment', () => {
  const root = trees.plant({
    'package-lock.json': '{}',
    'a/pnpm-lock.yaml': 'x: 1',
    'a/b/main.ts': '',
    'c/main.ts': '',
  })
  const digest = (text: string) => createHash('sha256').update(text).digest('hex')
  assert.deepEqual(nearestLock(join(root, 'a/b/main.ts')), { file: 'pnpm-lock.yaml', sha256: digest('x: 1') })
  assert.deepEqual(nearestLock(join(root, 'c/main.ts')), { file: 'package-lock.json', sha256: digest('{}') })
})

test('should say when there is none', () => {
  const root = trees.plant({ 'main.ts': '' })
  const found = nearestLock(join(root, 'main.ts'))
  assert.ok(found === null || !found.file.includes('/'))
})
