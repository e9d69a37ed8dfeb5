/** What every store must do, whatever it is made of: what is put stays, is whole, and is listed; and no key leads elsewhere. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { RepriseError } from '../../lib/errors.ts'
import type { FileStore, Store } from '../../runners/array/store.ts'
import type { Workshop } from './workshop.ts'

/** Another opening of the same store, which knows nothing of the others. */
export type Open<S extends Store> = () => S

export interface StoreOptions {
  /** Times that keys are drawn; each is some dozen questions. */
  readonly draws?: number
  /** Whether of those who put a key at once only one is told that it was first. */
  readonly exact?: boolean
}

const SEED = 20_261_127

export const text = (bytes: Buffer | null) => bytes?.toString('utf8') ?? null
export const isStorage = (error: unknown) => error instanceof RepriseError && error.code === 'storage'

/** Runs the tests over stores that `fresh` makes, each with nothing in it. */
export function testStore(
  name: string,
  fresh: () => Open<Store>,
  { draws = 20, exact = true }: StoreOptions = {},
): void {
  test(`${name} should give back what was put, once, to whoever asks`, async () => {
    const open = fresh()
    const store = open()
    assert.deepEqual([await store.get('a/b'), await store.list(''), await store.list('a/')], [null, [], []])
    assert.equal(await store.put('a/b/c.1', Buffer.from('first')), true)
    assert.equal(await store.put('a/b/c.1', Buffer.from('second')), false)
    assert.equal(await open().put('a/b/c.1', Buffer.from('first')), false, 'the same bytes are put once too')
    assert.equal(await store.put('a/empty', Buffer.alloc(0)), true)
    assert.equal(await store.put('a/empty', Buffer.alloc(0)), false)
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n))
    assert.equal(await store.put('a/bytes', bytes.subarray(1)), true)
    const other = open()
    assert.equal(text(await other.get('a/b/c.1')), 'first')
    assert.equal((await other.get('a/empty'))!.length, 0)
    assert.deepEqual(await other.get('a/bytes'), bytes.subarray(1))
    assert.equal(await other.get('a/b'), null, 'what keys are below is no key')
    assert.equal(await other.get('a/b/c.1/d'), null)
    assert.deepEqual(await other.list(''), ['a/b/c.1', 'a/bytes', 'a/empty'])
  })

  test(`${name} should list the keys that begin so, in the order of their bytes, and remove them`, async () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'b', 'B', '0', '1', '-', '_', '.'),
      minLength: 1,
      maxLength: 3,
    })
    const parts = part.filter((one) => !one.startsWith('.'))
    const key = fc.array(parts, { minLength: 1, maxLength: 3 }).map((all) => all.join('/'))
    const everything = fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 12 }),
      key,
      fc.nat(12),
      async (keys, one, cut) => {
        const store = fresh()()
        const there = new Set<string>()
        for (const each of keys) {
          try {
            if (await store.put(each, Buffer.from(each))) there.add(each)
          } catch (error) {
            assert.ok(isStorage(error)) // where keys are paths: a folder's name, or below a file's
          }
        }
        const beginning = one.slice(0, cut)
        const expected = [...there].filter((each) => each.startsWith(beginning)).sort()
        assert.deepEqual(await store.list(beginning), expected)
        for (const each of there) assert.equal(text(await store.get(each)), each)
        await store.remove(beginning)
        const rest = [...there].filter((each) => !each.startsWith(beginning)).sort()
        assert.deepEqual(await store.list(''), rest)
        if (expected.length > 0) assert.equal(await store.put(expected[0]!, Buffer.from('new')), true)
      },
    )
    await fc.assert(everything, { numRuns: draws, seed: SEED })
  })

  test(`${name} should refuse keys and beginnings that lead elsewhere`, async () => {
    const store = fresh()()
    for (const key of [
      ...['', '/', '/etc/passwd', '..', '../x', 'a/../../x', 'a/./b', 'a//b', 'a/', '.hidden', 'a/.hidden'],
      ...['a\0b', 'a\nb', 'a b', 'a\\b', 'ä', 'a/\n', 'a\n'],
    ]) {
      await assert.rejects(store.put(key, Buffer.from('x')), isStorage, JSON.stringify(key))
      await assert.rejects(store.get(key), isStorage, JSON.stringify(key))
    }
    for (const prefix of ['/', '..', '../', 'a/../', './', 'a//', '.h', 'a/.h', 'a\0'])
      for (const ask of [store.list(prefix), store.remove(prefix)])
        await assert.rejects(ask, isStorage, JSON.stringify(prefix))
    assert.deepEqual(await store.list(''), [])
  })

  if (exact)
    test(`${name} should tell one of many who put a key at once that it was the first`, async () => {
      const open = fresh()
      const texts = ['a', 'b', 'c', 'd', 'e', 'f']
      for (let n = 0; n < 5; n++) {
        const told = await Promise.all(texts.map((what) => open().put(`deep/er/key${n}`, Buffer.from(what))))
        const first = texts.filter((_, i) => told[i])
        assert.equal(first.length, 1, `key ${n}`)
        assert.equal(text(await open().get(`deep/er/key${n}`)), first[0])
      }
    })
}

/** The same for files, one of them `large` bytes long. */
export function testFiles(
  name: string,
  fresh: () => Open<FileStore>,
  workshop: Workshop,
  large: number,
): void {
  test(`${name} should put and get files whole, once`, async () => {
    const store = fresh()()
    for (const [key, size] of [
      ['empty', 0],
      ['small', 1_000],
      ['large', large],
    ] as const) {
      const bytes = Buffer.alloc(size, `content of ${key}, `)
      const path = workshop.file('content', bytes)
      assert.equal(await store.putFile(key, path), true, key)
      writeFileSync(path, 'something else')
      assert.equal(await store.putFile(key, path), false, key)
      const got = workshop.path('got')
      assert.equal(await store.getFile(key, got), true)
      assert.equal(Buffer.compare(readFileSync(got), bytes), 0, key)
      assert.deepEqual(readdirSync(dirname(got)), ['got'], 'and nothing else')
    }
    const none = workshop.path('none')
    assert.equal(await store.getFile('no/such', none), false)
    assert.deepEqual(readdirSync(dirname(none)), [])
    assert.deepEqual(await store.list(''), ['empty', 'large', 'small'])
    await assert.rejects(store.putFile('x', workshop.path('missing')), isStorage)
    await assert.rejects(store.putFile('../x', workshop.file('y', 'y')), isStorage)
  })
}
