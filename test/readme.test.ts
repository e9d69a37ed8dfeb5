/** What README.md and REPRODUCE.md tell the reader to type is typed, in a fresh copy of the repository. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freshCopy, freshFolder, typeBlocks } from './documents.ts'

test('should do what README.md and REPRODUCE.md say', { timeout: 900_000 }, async (t) => {
  const world = freshFolder('readme')
  t.after(() => rmSync(world, { recursive: true, force: true }))
  const folder = freshCopy(world)
  if (folder === null) {
    console.error(
      'SKIPPING the README: this is no git repository, so it cannot be told which files belong to it',
    )
    return t.skip('not a git repository')
  }
  const run = await typeBlocks(t, ['README.md', 'REPRODUCE.md'], { folder, home: join(world, 'home') })
  assert.ok(run > 0, 'README.md has a block that is run')
})
