/** New projects: there whole or not at all, over nothing that is there, with names that npm takes. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { newProject, TEMPLATES } from '../../lab/new-project.ts'
import { temporaryFolder } from './run.ts'

const TYPESCRIPT = TEMPLATES.typescript!

test('should write over nothing, and name all that is there', async (t) => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'walk', 'test'), { recursive: true })
  writeFileSync(join(folder, 'walk', 'README.md'), 'mine')
  symlinkSync('nowhere', join(folder, 'walk', 'model.ts'))
  await assert.rejects(newProject(join(folder, 'walk'), TYPESCRIPT), {
    code: 'refused',
    message: 'there already: README.md, model.ts',
  })
  assert.deepEqual(readdirSync(join(folder, 'walk')).sort(), ['README.md', 'model.ts', 'test'])
  assert.equal(readFileSync(join(folder, 'walk', 'README.md'), 'utf8'), 'mine')
})

test('should write into a folder that is there beside what is in it, and never through a link', async (t) => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'walk'))
  writeFileSync(join(folder, 'walk', 'notes.txt'), 'mine')
  const { git, files } = await newProject(join(folder, 'walk'), TYPESCRIPT)
  assert.equal(git, 'made')
  for (const file of [...files, 'notes.txt']) readFileSync(join(folder, 'walk', file))

  mkdirSync(join(folder, 'other', 'linked'), { recursive: true })
  symlinkSync('linked', join(folder, 'other', 'test'))
  await assert.rejects(newProject(join(folder, 'other'), TYPESCRIPT), { message: 'there already: test' })
  assert.deepEqual(readdirSync(join(folder, 'other')).sort(), ['linked', 'test'])
})

test('should make no repository in a repository', async (t) => {
  const folder = temporaryFolder(t)
  await newProject(join(folder, 'outer'), TYPESCRIPT)
  assert.equal((await newProject(join(folder, 'outer', 'inner'), TYPESCRIPT)).git, 'there')
})

test('should take only names that npm takes', async (t) => {
  const folder = temporaryFolder(t)
  for (const name of [
    'Walk',
    'my walk',
    '.walk',
    '-x',
    'reprise',
    'node_modules',
    '',
    'a/b',
    "a'b",
    'ü',
    'x'.repeat(101),
    'a\nb',
  ])
    await assert.rejects(
      newProject(join(folder, 'walk'), TYPESCRIPT, name),
      { code: 'usage' },
      JSON.stringify(name),
    )
  await assert.rejects(newProject(join(folder, 'My Walk'), TYPESCRIPT), { code: 'usage', remedy: /--name/ })
  await assert.rejects(newProject(join(folder, 'no', 'walk'), TYPESCRIPT), { code: 'storage' })
  assert.deepEqual(readdirSync(folder), [])
  assert.equal((await newProject(join(folder, 'My Walk'), TYPESCRIPT, 'my-walk_2.0')).name, 'my-walk_2.0')
})
