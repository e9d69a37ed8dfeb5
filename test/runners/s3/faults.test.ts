/**
 * A service and a line that do things wrong: nothing that was told to be put is lost or another's, nothing is given that was not put,
 * and lost answers are not taken for somebody else's puts.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, before, beforeEach, suite, test } from 'node:test'
import { contentKey, partKey } from '../../../runners/array/layout.ts'
import { s3Store } from '../../../runners/s3/s3-store.ts'
import { endings } from '../../conformance/endings.ts'
import { isStorage, text } from '../../conformance/stores.ts'
import { Workshop } from '../../conformance/workshop.ts'
import { type Asked, type Fault, inShares, SLOW_DOWN } from '../../s3/faults.ts'
import { type S3Service, startS3 } from '../../s3/server.ts'

const workshop = new Workshop()
after(() => workshop.close())

const RETRIES = { attempts: 12, pauseMs: 2 }
const PIECE = 5 * 2 ** 20
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

for (const putOnce of [true, false])
  suite(putOnce ? 'where a key is put once' : 'where a key can be put twice', () => {
    const t = endings()
    let s3: S3Service | null = null
    let prefixes = 0
    before(async () => {
      s3 = await startS3(t, { putOnce })
      Object.assign(process.env, s3.env)
    })
    beforeEach(() => {
      s3!.faults.choose = () => null
    })
    const open = (prefix = `p${++prefixes}`, retries = RETRIES) => {
      const store = s3Store({ ...s3!.place, prefix }, { retries, piece: PIECE })
      t.after(store.close)
      return store
    }
    /** The fault at the first request, or so many, that this is true of. */
    const at = (fault: Fault, is: (asked: Asked) => boolean, times = 1) => {
      let left = times
      s3!.faults.choose = (asked) => (is(asked) && left-- > 0 ? fault : null)
    }
    const isPut = (key: string) => (asked: Asked) => asked.method === 'PUT' && asked.path.endsWith(key)
    const isGet = (key: string) => (asked: Asked) => asked.method === 'GET' && asked.path.endsWith(key)

    test('should know its own put when the answer was lost', async () => {
      const store = open()
      await store.putsOnce()
      at('drop-after', isPut('/handle'))
      assert.equal(await store.put('arrays/1/handle', Buffer.from('17')), true)
      at('drop-after', isPut('/handle'))
      assert.equal(await store.put('arrays/1/handle', Buffer.from('17')), false, 'that was another put')
      const bytes = Buffer.from('of a part')
      const part = partKey(1, 0, 'abc', 0, sha256(bytes))
      at('drop-after', isPut(part), 3)
      assert.equal(await store.put(part, bytes), true)
      assert.deepEqual(await store.list(''), ['arrays/1/handle', part])
    })

    test('should find out what the service does though answers are lost', async () => {
      for (const fault of ['drop-after', 'drop-before', SLOW_DOWN] as const) {
        at(fault, isPut('/.put-once'))
        assert.equal(await open().putsOnce(), putOnce)
      }
    })

    test('should send again what came to nothing, and say so where it stays that way', async () => {
      const store = open()
      await store.putsOnce()
      for (const [n, fault] of (
        ['drop-before', SLOW_DOWN, { status: 500, code: 'InternalError' }] as const
      ).entries()) {
        at(fault, isPut(`/k${n}`), 3)
        assert.equal(await store.put(`k${n}`, Buffer.from('x')), true)
        at(fault, isGet(`/k${n}`), 3)
        assert.equal(text(await store.get(`k${n}`)), 'x')
      }
      const hasty = open('hasty', { attempts: 2, pauseMs: 1 })
      for (const [fault, words] of [
        [SLOW_DOWN, /overloaded.*SlowDown, 503/],
        ['drop-before', /cannot be reached/],
      ] as const) {
        s3!.faults.choose = () => fault
        for (const ask of [
          () => hasty.put('k', Buffer.from('x')),
          () => hasty.get('k'),
          () => hasty.list(''),
        ])
          await assert.rejects(ask, (error) => isStorage(error) && words.test((error as Error).message))
      }
    })

    test('should go on with what broke off, and never give what was not put', async () => {
      const store = open()
      const bytes = Buffer.alloc(300_000, 'some text, over and over; ')
      const key = contentKey(sha256(bytes))
      const path = workshop.file('content', bytes)
      assert.equal(await store.putFile(key, path), true)
      await store.put('order', bytes)
      for (const fault of ['truncate', 'flip', 'drop-after'] as const) {
        for (const one of [key, 'order']) {
          at(fault, isGet(one), 2)
          assert.equal(Buffer.compare((await store.get(one))!, bytes), 0, `${fault} ${one}`)
        }
        at(fault, isGet(key), 2)
        const got = workshop.path('got')
        assert.equal(await store.getFile(key, got), true)
        assert.equal(sha256(readFileSync(got)), sha256(bytes), fault)
      }
      at('flip', isGet(''), 100)
      await assert.rejects(store.get('order'), /not those that were put/)
      const got = workshop.path('got')
      await assert.rejects(store.getFile(key, got), /not those that were put/)
      assert.deepEqual(readdirSync(dirname(got)), [], 'no file is left')
      assert.notEqual(
        sha256((await store.get(key))!),
        sha256(bytes),
        'whoever knows its digest is told nothing else',
      )
    })

    test('should put a large file in pieces, over a line that breaks', async () => {
      const store = open()
      const bytes = Buffer.alloc(PIECE + 12_345, 'pieces of it ')
      const path = workshop.file('large', bytes)
      await store.putsOnce()
      const completes = ({ method, query }: Asked) => method === 'POST' && query.has('uploadId')
      const isPiece = ({ method, query }: Asked) => method === 'PUT' && query.has('partNumber')
      const faults: [Fault, (asked: Asked) => boolean][] = [
        ['drop-after', completes],
        ['drop-after', isPiece],
        [SLOW_DOWN, isPiece],
      ]
      for (const [n, [fault, is]] of faults.entries()) {
        at(fault, is)
        assert.equal(await store.putFile(`file${n}`, path), true, `${n}`)
        assert.equal(await store.putFile(`file${n}`, path), false)
      }
      const got = workshop.path('got')
      at('truncate', isGet('/file0'), 3)
      assert.equal(await store.getFile('file0', got), true)
      assert.equal(sha256(readFileSync(got)), sha256(bytes))
      const wrong = contentKey(sha256(Buffer.from('other')))
      await assert.rejects(store.putFile(wrong, path), /not the file with the SHA-256 of its key/)
    })

    test('should hold what was put through a bad day, and list it in the end', async () => {
      const store = open()
      const shares = [['drop-before', 0.1], ['drop-after', 0.1], [SLOW_DOWN, 0.02], ['truncate', 0.1], ['stale', 0.3]] as const // biome-ignore format: a table
      s3!.faults.choose = inShares(shares, 7)
      const keys = Array.from({ length: 25 }, (_, n) => {
        const bytes = Buffer.from(`part ${n}`)
        return { bytes, key: partKey(1, n, 'abc', 0, sha256(bytes)) }
      })
      const told = await Promise.all(keys.map(({ key, bytes }) => store.put(key, bytes)))
      assert.deepEqual(new Set(told), new Set([true]))
      await store.list('parts/') // may lag
      for (const { key, bytes } of keys) assert.deepEqual(await store.get(key), bytes)
      s3!.faults.choose = inShares(
        shares.filter(([fault]) => fault !== 'stale'),
        8,
      )
      assert.deepEqual(await store.list('parts/'), keys.map(({ key }) => key).sort())
      await store.remove('parts/')
      assert.deepEqual(await store.list(''), [])
    })

    test('should end at once when it is told to', async () => {
      const ending = new AbortController()
      const store = s3Store({ ...s3!.place, prefix: 'ended' }, { signal: ending.signal })
      t.after(store.close)
      s3!.faults.choose = () => SLOW_DOWN
      const put = store.put('k', Buffer.from('x'))
      setTimeout(() => ending.abort(), 100)
      await assert.rejects(put, { code: 'interrupted' })
      await assert.rejects(store.get('k'), { code: 'interrupted' })
    })
  })
