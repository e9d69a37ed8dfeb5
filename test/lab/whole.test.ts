/** Files and folders that are there whole or not at all, and never instead of the user's own. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkFreeFile, checkFreeFolder, writeWholeFile, writeWholeFolder } from '../../lab/whole.ts'
import { temporaryFolder } from './run.ts'

const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

test('should put a folder in its place with everything in it, and say what', (t) => {
  const folder = temporaryFolder(t)
  const target = join(folder, 'made')
  const lines = function* () {
    for (let i = 0; i < 50_000; i++) yield `line ${i} é\n`
  }
  const written = writeWholeFolder(target, (put) => {
    assert.deepEqual(
      readdirSync(folder).filter((name) => !name.startsWith('.')),
      [],
      'nothing is there before all is',
    )
    return [
      put('a/b.bin', new Uint8Array([1, 2, 3])),
      put('text', 'x'),
      put('lines', lines()),
      put('empty', ''),
    ]
  })
  assert.deepEqual(readdirSync(folder), ['made'])
  assert.deepEqual(
    written.map(({ path }) => path),
    ['a/b.bin', 'text', 'lines', 'empty'],
  )
  for (const { path, sha256, bytes } of written) {
    assert.equal(digest(join(target, path)), sha256, path)
    assert.equal(readFileSync(join(target, path)).length, bytes, path)
  }
  assert.equal(readFileSync(join(target, 'lines'), 'utf8'), [...lines()].join(''))
})

test('should leave nothing of a folder that could not be filled', (t) => {
  const folder = temporaryFolder(t)
  const target = join(folder, 'made')
  const broken = function* () {
    yield 'x'.repeat(100_000)
    throw new Error('the results end here')
  }
  assert.throws(() => writeWholeFolder(target, (put) => put('lines', broken())), /the results end here/)
  assert.deepEqual(readdirSync(folder), [])
})

test('should take the place of an empty folder, and of nothing else', (t) => {
  const folder = temporaryFolder(t)
  const [empty, full, file, link] = ['empty', 'full', 'file', 'link'].map((name) => join(folder, name))
  mkdirSync(empty!)
  mkdirSync(full!)
  writeFileSync(join(full!, 'mine'), 'x')
  writeFileSync(file!, 'x')
  symlinkSync('empty', link!)
  checkFreeFolder(empty!)
  writeWholeFolder(empty!, (put) => put('a', 'x'))
  assert.deepEqual(readdirSync(empty!), ['a'])
  for (const target of [full!, file!, link!]) {
    assert.throws(() => checkFreeFolder(target), { code: 'refused', subject: target })
    assert.throws(() => writeWholeFolder(target, (put) => put('a', 'x')), { code: 'storage' })
  }
  assert.deepEqual([readdirSync(full!), readFileSync(file!, 'utf8')], [['mine'], 'x'])
  assert.deepEqual(readdirSync(folder).sort(), ['empty', 'file', 'full', 'link'])
})

test('should replace a file only with force, and never a folder or a link', (t) => {
  const folder = temporaryFolder(t)
  const [file, link, made] = ['file', 'link', 'made'].map((name) => join(folder, name))
  writeFileSync(file!, 'x')
  symlinkSync('nowhere', link!)
  checkFreeFile(made!, false)
  assert.throws(() => checkFreeFile(file!, false), { code: 'refused', remedy: /--force/ })
  checkFreeFile(file!, true)
  for (const force of [true, false]) {
    assert.throws(() => checkFreeFile(link!, force), { code: 'refused' })
    assert.throws(() => checkFreeFile(folder, force), { code: 'refused' })
  }
  const { path, sha256, bytes } = writeWholeFile(file!, 'é\n')
  assert.deepEqual([path, sha256, bytes], ['file', digest(file!), 3])
})
