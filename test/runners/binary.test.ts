/** The executable's digest: that of sha256sum, read once, and again when the file is another. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { binaryDigest } from '../../runners/binary.ts'

const MODULE = new URL('../../runners/binary.js', import.meta.url).href

test('should give what sha256sum gives of the Node that runs this', async (t) => {
  const told = spawnSync('sha256sum', [process.execPath], { encoding: 'utf8' })
  if (told.status !== 0) return t.skip('there is no sha256sum here')
  assert.equal(await binaryDigest(process.execPath), told.stdout.slice(0, 64))
})

test('should read a file anew that has changed, and say null of none', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-test-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'node')
  assert.equal(await binaryDigest(path), null)
  writeFileSync(path, 'abc')
  assert.equal(await binaryDigest(path), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  writeFileSync(path, '')
  assert.equal(await binaryDigest(path), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  assert.equal(await binaryDigest(folder), null)
})

test('should keep digests under what the system says of a file, and never of one that has just changed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-test-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const cache = join(folder, 'cache')
  const inOther = (path: string): string => {
    const script = `const { binaryDigest } = await import(${JSON.stringify(MODULE)}); process.stdout.write(await binaryDigest(${JSON.stringify(path)}, ${JSON.stringify(cache)}))`
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  }
  const right = (await binaryDigest(process.execPath))!
  assert.equal(inOther(process.execPath), right)
  const [name] = readdirSync(cache)
  assert.equal(readFileSync(join(cache, name!), 'utf8'), right)
  writeFileSync(join(cache, name!), '0'.repeat(64)) // that it is read shows by what it says
  assert.equal(inOther(process.execPath), '0'.repeat(64))
  writeFileSync(join(cache, name!), 'nonsense')
  assert.equal(inOther(process.execPath), right)
  const fresh = join(folder, 'node')
  writeFileSync(fresh, 'abc')
  utimesSync(fresh, 0, 0) // the time of change is not the one that a user may set
  assert.equal(inOther(fresh), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.equal(readdirSync(cache).length, 1)
})
