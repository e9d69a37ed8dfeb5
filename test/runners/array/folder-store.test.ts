/**
 * A folder as a store: what is put stays and is whole, whoever puts at once, is killed or meets a disk that says no; and no key,
 * prefix or link leads out of it.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderStore } from '../../../runners/array/folder-store.ts'
import { isStorage, testStore, text } from '../../conformance/stores.ts'
import { Workshop } from '../../conformance/workshop.ts'
import { canTrace, faulty } from '../../faults.ts'

const workshop = new Workshop()
after(() => workshop.close())

const PUTTER = fileURLToPath(new URL('putter.js', import.meta.url))
if (!canTrace) console.log('SKIPPING what a store does at a bad disk: strace is not here, or may not trace')

/** What a putter said, line by line, through another program perhaps. */
function put(folder: string, key: string, what: string, times = 1, through: readonly string[] = []) {
  const [program, ...words] = [
    ...through,
    process.execPath,
    PUTTER,
    ...[folder, key, what, String(times)],
  ] as const
  const child = spawn(program!, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    said += piece
  })
  const ended = new Promise<string[]>((resolve) => {
    child.on('close', () => resolve(said.split('\n').filter((line) => line !== '')))
  })
  return { child, ended }
}

/** Everything below a folder, hidden or not. */
function allIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

testStore(
  'a folder',
  () => {
    const folder = workshop.path('store')
    return () => folderStore(folder)
  },
  { draws: 150 },
)

test('should leave nothing but what was put, for its owner alone', async () => {
  const folder = workshop.path('store')
  const store = folderStore(folder)
  assert.equal(await store.put('a/b/c.1', Buffer.from('first')), true)
  assert.equal(await store.put('a/b/c.1', Buffer.from('second')), false)
  assert.equal(await store.put('a/empty', Buffer.alloc(0)), true)
  assert.deepEqual(allIn(folder), ['a', 'a/b', 'a/b/c.1', 'a/empty'])
  assert.equal(statSync(join(folder, 'a/b')).mode & 0o777, 0o700)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(statSync(join(folder, 'a/b/c.1')).mode & 0o777, 0o600)
  await assert.rejects(store.put('a/empty/x', Buffer.alloc(1)), isStorage)
  await assert.rejects(store.put('a'.repeat(300), Buffer.from('x')), /ENAMETOOLONG/)
})

test('should follow no link out of the folder', async () => {
  const [folder, outside] = [workshop.path('store'), workshop.path('outside')]
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret'), 'secret')
  const store = folderStore(folder)
  await store.put('a/b', Buffer.from('x'))
  symlinkSync(outside, join(folder, 'out'))
  symlinkSync(join(outside, 'secret'), join(folder, 'a/link'))
  symlinkSync(join(outside, 'new'), join(folder, 'a/dangling'))
  spawnSync('mkfifo', [join(folder, 'a/pipe')])
  assert.deepEqual(await store.list(''), ['a/b'])
  assert.deepEqual(await store.list('out/'), [])
  assert.equal(await store.get('out/secret'), null)
  for (const key of ['a/link', 'a/pipe']) await assert.rejects(store.get(key), isStorage, key)
  await assert.rejects(store.put('out/new', Buffer.from('x')), /leads out of the store/)
  await assert.rejects(store.put('out/deep/new', Buffer.from('x')), /leads out of the store/)
  assert.equal(await store.put('a/dangling', Buffer.from('x')), false)
  await store.remove('out/')
  await store.remove('out/sec')
  await store.remove('')
  assert.deepEqual(allIn(outside), ['secret'])
  assert.equal(readFileSync(join(outside, 'secret'), 'utf8'), 'secret')
  const through = join(workshop.path('way'))
  symlinkSync(folder, through) // the way to the store itself may be what it likes
  await folderStore(through).put('c/d', Buffer.from('y'))
  assert.equal(text(await store.get('c/d')), 'y')
})

test('should tell one of many processes who put a key at once that it was the first', async () => {
  const folder = workshop.path('store')
  const texts = ['a', 'b', 'c', 'd', 'e', 'f']
  const said = await Promise.all(texts.map((what) => put(folder, 'deep/er/key', what, 20).ended))
  const store = folderStore(folder)
  for (let n = 0; n < 20; n++) {
    const first = texts.filter((_, i) => said[i]![n] === 'true')
    assert.equal(first.length, 1, `key ${n}`)
    assert.equal(text(await store.get(`deep/er/key${n}`)), first[0]!.repeat(1_000))
  }
  assert.equal(allIn(folder).length, 22, 'no temporary file is left')
})

test('should say that the disk said no, with nothing half made', { skip: !canTrace }, async () => {
  // Folders are made durable first, then the file, then its name.
  for (const [fault, named] of [
    ['mkdir:error=ENOSPC', false],
    ['fsync:error=EIO:when=1', false],
    ['fsync:error=ENOSPC:when=3', false],
    ['link:error=EIO', false],
    ['fsync:error=EIO:when=4', true],
  ] as const) {
    const folder = workshop.path('store')
    const said = await put(folder, 'some/key', 'x', 1, faulty(fault)).ended
    const { code, message, remedy } = JSON.parse(said[0]!)
    assert.deepEqual([code, said.length], ['storage', 1], fault)
    assert.match(message, /EIO|ENOSPC/)
    assert.match(remedy, /shared folder has room/)
    const there = text(await folderStore(folder).get('some/key'))
    assert.equal(there, named ? 'x'.repeat(1_000) : null, fault)
    if (fault !== 'mkdir:error=ENOSPC')
      assert.deepEqual(
        allIn(folder).filter((name) => /tmp$/.test(name)),
        [],
        'the temporary file is gone',
      )
    assert.deepEqual(await put(folder, 'some/key', 'x').ended, [String(!named)])
  }
})

test('should say on a disk that is really full that it is', async (t) => {
  const disk = workshop.path('disk')
  mkdirSync(disk)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk]).status !== 0)
    return console.log('SKIPPING a disk that is really full: no file system may be mounted here')
  t.after(() => spawnSync('umount', [disk]))
  const store = folderStore(join(disk, 'store'))
  await store.put('a', Buffer.alloc(30_000, 'a'))
  await assert.rejects(
    store.put('b', Buffer.alloc(50_000, 'b')),
    (error) => isStorage(error) && /ENOSPC/.test((error as Error).message),
  )
  assert.deepEqual(allIn(disk), ['store', 'store/a'])
  assert.equal(await store.put('b', Buffer.alloc(10_000, 'b')), true, 'there is room for less')
  assert.equal((await store.get('a'))!.length, 30_000)
})

test('should hold what is whole and nothing else when it was killed', { skip: !canTrace }, async () => {
  const folder = workshop.path('store')
  const store = folderStore(folder)
  for (const [n, fault] of ['write', 'fsync', 'link', 'unlink', 'close'].entries()) {
    const before = await store.list('')
    // The later the call, the more keys are put before.
    for (const when of n === 0 ? [1, 3] : [4, 9, 14]) {
      const path = join(folder, `k-${fault}-${when}`)
      mkdirSync(path, { recursive: true })
      await put(folder, `k-${fault}-${when}/key`, 'xyz', 10, faulty(`${fault}:signal=KILL:when=${when}`))
        .ended
    }
    const keys = await store.list('')
    for (const key of keys) assert.equal((await store.get(key))!.length, 3_000, key)
    assert.ok(keys.length >= before.length)
  }
  assert.ok((await store.list('')).length > 10, 'some came to be')
  await store.remove('k-')
  assert.deepEqual(allIn(folder), [], 'what was half made is removed with the rest')
})

test('should tell the first where links are not supported', { skip: !canTrace }, async () => {
  const folder = workshop.path('store')
  const texts = ['a', 'b', 'c']
  const noLinks = faulty('link,linkat:error=EPERM')
  const said = await Promise.all(texts.map((what) => put(folder, 'key', what, 10, noLinks).ended))
  const store = folderStore(folder)
  for (let n = 0; n < 10; n++) {
    const first = texts.filter((_, i) => said[i]![n] === 'true')
    assert.equal(first.length, 1, `key ${n}: ${JSON.stringify(said)}`)
    assert.equal(text(await store.get(`key${n}`)), first[0]!.repeat(1_000))
  }
  assert.equal(allIn(folder).length, 10, 'neither claims nor temporary files are left')
  mkdirSync(join(folder, '.late.claim'))
  spawnSync('touch', ['-d', '2 minutes ago', join(folder, '.late.claim')])
  assert.deepEqual(await put(folder, 'late', 'x', 1, noLinks).ended, ['true'], 'who claimed it is dead')
})

test('should list a hundred thousand keys of one folder within moments', async () => {
  const folder = workshop.path('store')
  const store = folderStore(folder)
  await store.put('parts/1/first', Buffer.alloc(0))
  const many = join(folder, 'parts/1')
  const name = (n: number) => `${n}.0123456789abcdef.000000.${'0'.repeat(64)}`
  for (let n = 0; n < 100_000; n++) writeFileSync(join(many, name(n)), '')
  const began = performance.now()
  const all = await store.list('parts/1/')
  const one = await store.list('parts/1/77.')
  const ms = performance.now() - began
  assert.equal(all.length, 100_001)
  assert.deepEqual(one, [`parts/1/${name(77)}`])
  assert.ok(ms < 20_000, `${ms} ms`)
  chmodSync(many, 0o700)
})
