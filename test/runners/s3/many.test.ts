/** Many keys from many at once: nothing is overwritten, nothing that is there is missed in a listing. Ten thousand where time is had. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, test } from 'node:test'
import { partKey, partsPrefix } from '../../../runners/array/layout.ts'
import { s3Store } from '../../../runners/s3/s3-store.ts'
import { endings } from '../../conformance/endings.ts'
import { type S3Service, startS3 } from '../../s3/server.ts'

const slow = process.env.REPRISE_SLOW === '1'
const KEYS = slow ? 10_000 : 500
const t = endings()

let s3: S3Service
before(async () => {
  s3 = await startS3(t)
  Object.assign(process.env, s3.env)
})

test(`should keep ${KEYS} keys, many put by two at once`, async () => {
  const place = { ...s3.place, prefix: 'runs/many' }
  const stores = [0, 1].map(() => s3Store(place, { page: KEYS / 5 }))
  for (const { close } of stores) t.after(close)
  const keys = Array.from({ length: KEYS }, (_, n) => {
    const bytes = Buffer.from(`part ${n}`)
    return { bytes, key: partKey(1, n, 'abc', 0, createHash('sha256').update(bytes).digest('hex')) }
  })
  await stores[0]!.put('arrays/1/order.json', Buffer.from('{}'))
  const foreign = s3Store({ ...s3.place, prefix: 'runs/many-more' }) // its keys begin with the same letters
  t.after(foreign.close)
  await foreign.put('other', Buffer.from('of another run'))
  let firsts = 0
  let next = 0
  const work = async () => {
    for (let n = next++; n < KEYS; n = next++) {
      const { key, bytes } = keys[n]!
      const putters = n % 10 === 0 ? stores : [stores[n % 2]!]
      const told = await Promise.all(putters.map((store) => store.put(key, bytes)))
      assert.equal(told.filter(Boolean).length, 1, key)
      firsts++
    }
  }
  await Promise.all(Array.from({ length: 8 }, work))
  assert.equal(firsts, KEYS)
  const listed = await stores[1]!.list(partsPrefix(1))
  assert.deepEqual(listed, keys.map(({ key }) => key).sort())
  for (const n of [0, 1, Math.floor(KEYS / 2), KEYS - 1])
    assert.deepEqual(await stores[1]!.get(keys[n]!.key), keys[n]!.bytes)
  const { up, down } = stores[0]!.traffic
  console.log(`${KEYS} keys put, half of them here: ${up} bytes up, ${down} down`)
  assert.ok(up > KEYS * 32 && down > 0)
  await stores[0]!.remove('')
  assert.deepEqual(await stores[1]!.list(''), [])
  assert.deepEqual(await foreign.list(''), ['other'], 'nothing of another run is touched')
})
