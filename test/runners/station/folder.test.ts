/** The folder on a host: whose it must be, what a full disk leaves, and what is removed of it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { digestOf } from '../../conformance/workshop.ts'
import { filesIn, folderFor, keepText, stationFor } from './shell.ts'

const isRoot = process.getuid?.() === 0

test('should make its folder for its user alone, and refuse one that others may write to', async (t) => {
  const folder = folderFor(t)
  const station = await stationFor(t, { directory: join(folder, 'new/deep') })
  await keepText(station, 'x', folder)
  for (const name of ['.', 'capsules', 'stations', 'scratch'])
    assert.equal(statSync(join(folder, 'new/deep', name)).mode & 0o777, 0o700)
  const cases: Record<string, (path: string) => void> = {
    writable: (path) => chmodSync(path, 0o770),
    'its stations writable': (path) =>
      mkdirSync(join(path, 'stations')) ?? chmodSync(join(path, 'stations'), 0o707),
    'its stations elsewhere': (path) => symlinkSync(folder, join(path, 'stations')),
    'its scratch elsewhere': (path) => symlinkSync(folder, join(path, 'scratch')),
    'its id elsewhere': (path) => symlinkSync(folder, join(path, 'id')),
    'with an id of other things': (path) => writeFileSync(join(path, 'id'), '42'),
    'with other things': (path) => writeFileSync(join(path, 'thesis.txt'), 'mine'),
    ...(isRoot ? { 'of somebody else': (path: string) => chownSync(path, 65534, 65534) } : {}),
  }
  for (const [how, spoil] of Object.entries(cases)) {
    const directory = join(folder, how)
    mkdirSync(directory)
    spoil(directory)
    const before = readdirSync(directory)
    await assert.rejects(stationFor(t, { directory }), { code: 'refused' }, how)
    for (const name of before) assert.ok(readdirSync(directory).includes(name), how)
  }
  const outside = join(folder, 'outside')
  mkdirSync(outside)
  const directory = join(folder, 'links')
  mkdirSync(directory)
  symlinkSync(outside, join(directory, 'capsules'))
  const linked = await stationFor(t, { directory })
  await assert.rejects(keepText(linked, 'x', folder), { code: 'refused' })
  assert.deepEqual(filesIn(outside), [])
})

test('should leave alone what lies in its folders under other names, however old', async (t) => {
  const directory = join(folderFor(t), 'kept')
  await (await stationFor(t, { directory })).close()
  const others = ['scratch/thesis/results.csv', 'scratch/notes', 'capsules/.draft.part']
  mkdirSync(join(directory, 'scratch/thesis'), { recursive: true, mode: 0o700 })
  mkdirSync(join(directory, 'capsules'), { recursive: true, mode: 0o700 })
  for (const name of [...others, 'scratch/thesis', 'scratch']) {
    if (others.includes(name)) writeFileSync(join(directory, name), 'mine')
    utimesSync(join(directory, name), 1, 1)
  }
  const station = await stationFor(t, { directory })
  await station.clean()
  await station.close()
  for (const name of others) assert.equal(readFileSync(join(directory, name), 'utf8'), 'mine', name)
})

test('should not follow a link of somebody else’s, nor work below a folder that all may write to', async (t) => {
  const folder = folderFor(t)
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
  symlinkSync(join(folder, 'home'), join(folder, 'link'))
  assert.ok(await stationFor(t, { directory: join(folder, 'link') }), 'one’s own link')
  mkdirSync(join(folder, 'open/kept'), { recursive: true, mode: 0o700 })
  chmodSync(join(folder, 'open'), 0o777)
  await assert.rejects(stationFor(t, { directory: join(folder, 'open/kept') }), { code: 'refused' })
  chmodSync(join(folder, 'open'), 0o1777)
  assert.ok(await stationFor(t, { directory: join(folder, 'open/kept') }), 'as in /tmp')
  if (!isRoot) return
  lchownSync(join(folder, 'link'), 65534, 65534)
  await assert.rejects(stationFor(t, { directory: join(folder, 'link') }), { code: 'refused' })
})

test('should not take a link for what is kept, nor write through it', async (t) => {
  const folder = folderFor(t)
  const station = await stationFor(t)
  const [path, digest] = [join(folder, 'evil'), digestOf('good')]
  writeFileSync(path, 'evil')
  mkdirSync(join(station.facts.directory, 'capsules'), { mode: 0o700 })
  symlinkSync(path, join(station.facts.directory, 'capsules', `${digest}.mjs`))
  await keepText(station, 'good', folder)
  assert.equal(readFileSync(path, 'utf8'), 'evil')
  assert.equal(readFileSync(join(station.facts.directory, 'capsules', `${digest}.mjs`), 'utf8'), 'good')
})

/** A disk of so many bytes; null where none can be made. */
function smallDisk(t: TestContext, bytes: number): string | null {
  const path = mkdtempSync(join(tmpdir(), 'reprise-disk-'))
  t.after(() => {
    spawnSync('umount', ['-l', path])
    rmSync(path, { recursive: true, force: true })
  })
  const mounted =
    isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', path]).status === 0
  if (!mounted) console.log('SKIPPING what needs a full disk: only root can mount one')
  return mounted ? path : null
}

test('should say when a disk is full, and leave nothing half-written', async (t) => {
  const tiny = smallDisk(t, 32_768)
  const small = tiny && smallDisk(t, 1_048_576)
  if (tiny === null || small === null) return t.skip()
  await assert.rejects(stationFor(t, { directory: join(tiny, 'kept') }), {
    code: 'storage',
    message: /no room is left/,
  })
  const station = await stationFor(t, { directory: join(small, 'kept') })
  const path = join(folderFor(t), 'big')
  const bytes = Buffer.alloc(3_000_000, 'b')
  writeFileSync(path, bytes)
  const big = { kind: 'input', sha256: digestOf(bytes), path } as const
  await assert.rejects(station.keep([big]), { code: 'storage', message: /no room is left/ })
  assert.deepEqual(filesIn(join(small, 'kept/inputs')), [])
  await keepText(station, 'small', folderFor(t)) // the station goes on
})

test('should remove what it keeps and nothing else, and nothing that is in use', async (t) => {
  const directory = join(folderFor(t), 'kept')
  const station = await stationFor(t, { directory })
  const needed = await keepText(station, 'needed', folderFor(t))
  await keepText(station, 'x'.repeat(100_000), folderFor(t))
  const files: Record<string, string> = {
    'mine.txt': 'mine',
    'runs/done/ended': '',
    'runs/done/journal': 'x'.repeat(50_000),
    'runs/going/submission.json': JSON.stringify({ capsule: needed }),
    'capsules/mine.txt': 'mine',
    'inputs/.0123456789abcdef.part': 'half',
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true, mode: 0o700 })
    writeFileSync(join(directory, name), text)
  }
  symlinkSync('/etc', join(directory, 'runs/done/link'))
  const other = await stationFor(t, { directory })
  await assert.rejects(station.clean(), { code: 'busy' })
  await other.close()
  assert.ok((await station.clean()) >= 150_000)
  assert.deepEqual(
    filesIn(directory).filter((name) => !/^stations\//.test(name)),
    [
      'capsules',
      `capsules/${needed}.mjs`,
      'capsules/mine.txt',
      'id',
      'mine.txt',
      'runs',
      'runs/going',
      'runs/going/submission.json',
      'stations',
    ],
  )
  assert.ok(existsSync('/etc/passwd'))
  for (const name of ['mine.txt', 'capsules/mine.txt']) spawnSync('rm', [join(directory, name)])
  writeFileSync(join(directory, 'runs/going/ended'), '')
  await station.clean()
  assert.ok(!existsSync(directory))
  await keepText(station, 'again', folderFor(t)) // and it can be used again
})

test('should keep a run that has something elsewhere, until it is said that it has it no more', async (t) => {
  const directory = join(folderFor(t), 'kept')
  const station = await stationFor(t, { directory })
  for (const name of [
    'both/ended',
    'both/elsewhere.aa',
    'both/elsewhere.bb',
    'one/ended',
    'one/elsewhere.aa',
  ]) {
    mkdirSync(join(directory, 'runs', name, '..'), { recursive: true, mode: 0o700 })
    writeFileSync(join(directory, 'runs', name), '')
  }
  writeFileSync(join(directory, 'runs/one/journal'), 'x'.repeat(50_000))
  const left = () => filesIn(join(directory, 'runs')).filter((name) => name.includes('/'))
  const all = left()
  await station.clean()
  await station.clean(false, 'cc')
  assert.deepEqual(left(), all)
  assert.ok((await station.clean(true, 'aa')) >= 50_000)
  assert.deepEqual(left(), all)
  assert.ok((await station.clean(false, 'aa')) >= 50_000)
  assert.deepEqual(left(), ['both/elsewhere.bb', 'both/ended'])
  await station.clean(false, 'bb')
  assert.ok(!existsSync(directory))
})
