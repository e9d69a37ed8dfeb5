/** What a store in a bucket costs: ten thousand parts put, listed and got over loopback, at a service that takes no time of its own. */
import { createHash } from 'node:crypto'
import { partKey, partsPrefix } from '../runners/array/layout.ts'
import { s3Store } from '../runners/s3/s3-store.ts'
import { startS3 } from '../test/s3/server.ts'
import { table } from './table.ts'

const KEYS = 10_000
const AT_ONCE = 16
const PART = Buffer.alloc(1_000, 'results of a chunk; ')

/** s3rver behind the tests' proxy, which honours `If-None-Match`: most of the time is theirs, in this same process. */
export async function s3Table(): Promise<string> {
  const ends: (() => unknown)[] = []
  const service = await startS3({ after: (end) => void ends.push(end) })
  Object.assign(process.env, service.env)
  const store = s3Store({ ...service.place, prefix: 'runs/bench' })
  const keys = Array.from({ length: KEYS }, (_, n) => {
    const bytes = Buffer.concat([Buffer.from(`${n} `), PART])
    return { bytes, key: partKey(1, n, 'abc', 0, createHash('sha256').update(bytes).digest('hex')) }
  })
  const rows: string[][] = []
  const measure = async (what: string, act: () => Promise<number>) => {
    const { up, down } = store.traffic
    const began = performance.now()
    const count = await act()
    const seconds = (performance.now() - began) / 1_000
    const [sent, came] = [store.traffic.up - up, store.traffic.down - down]
    rows.push([what, String(count), (count / seconds).toFixed(0), String(sent), String(came)])
  }
  const forAll = async (act: (n: number) => Promise<boolean>) => {
    let [next, good] = [0, 0]
    const work = async () => {
      for (let n = next++; n < KEYS; n = next++) if (await act(n)) good++
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return good
  }
  try {
    await measure('put', () => forAll((n) => store.put(keys[n]!.key, keys[n]!.bytes)))
    await measure('put again, refused', () => forAll(async (n) => !(await store.put(keys[n]!.key, PART))))
    await measure('listed', async () => (await store.list(partsPrefix(1))).length)
    await measure('got, as put', () =>
      forAll(async (n) => keys[n]!.bytes.equals((await store.get(keys[n]!.key))!)),
    )
  } finally {
    store.close()
    for (const end of ends) await end()
  }
  return table(['S3 store, loopback', 'keys', 'keys/s', 'bytes up', 'bytes down'], rows)
}
