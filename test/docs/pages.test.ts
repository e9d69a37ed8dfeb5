/**
 * What the tutorial and the how-tos of docs/ tell the reader to type is typed, by one reader, who begins with the
 * tutorial and has the repository beside the folder that it makes.
 */
import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freshCopy, freshFolder, ROOT, typeBlocks } from '../documents.ts'

const pagesIn = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
    .sort()

test('should do what docs/ says', { timeout: 900_000 }, async (t) => {
  const world = freshFolder('docs')
  t.after(() => rmSync(world, { recursive: true, force: true }))
  if (freshCopy(world) === null) {
    console.error('SKIPPING docs/: this is no git repository, so it cannot be told which files belong to it')
    return t.skip('not a git repository')
  }
  const home = join(world, 'home')
  assert.ok((await typeBlocks(t, ['docs/tutorial.md'], { folder: world, home })) > 5)
  const others = pagesIn('docs').filter((page) => page !== 'docs/tutorial.md')
  assert.ok((await typeBlocks(t, others, { folder: join(world, 'ruin'), home })) > 5)
})
