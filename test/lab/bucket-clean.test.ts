/** What is removed from a bucket: of runs that are over and elsewhere, as this lab or the head of that bucket knows, and of no other. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { cleanBucket, releasedIn } from '../../lab/bucket-clean.ts'
import { elsewhereOf, markElsewhere } from '../../runners/detached/elsewhere.ts'
import { placeId } from '../../runners/detached/place-id.ts'
import type { FarRun } from '../../runners/detached/status.ts'
import { placeOfRun, type S3Place } from '../../runners/s3/place.ts'
import { s3Store } from '../../runners/s3/s3-store.ts'
import { startS3 } from '../s3/server.ts'
import { plannedRun, temporaryFolder, temporaryLab } from './run.ts'

const STRANGER = '20260101T000000000-00abcd'
const OTHER = '20260102T000000000-00abcd'

async function withKeys(t: TestContext, place: S3Place, runs: readonly string[]): Promise<void> {
  for (const run of runs) {
    const store = s3Store(placeOfRun(place, run))
    t.after(store.close)
    await store.put('arrays/1/order.json', Buffer.from('{}'))
  }
}

test('should let be what this lab is not done with, though a head was told that it is collected', async (t) => {
  const s3 = await startS3(t)
  Object.assign(process.env, s3.env)
  const place = { ...s3.place, prefix: 'ada' }
  const lab = temporaryLab(t)
  const { id: ours } = plannedRun(lab)
  await withKeys(t, place, [ours, STRANGER, OTHER])
  const released = new Set([ours, STRANGER])
  const dry = await cleanBucket(lab, place, released, true)
  const { removed, kept, keys, error } = await cleanBucket(lab, place, released, false)
  assert.deepEqual([removed, kept.toSorted(), keys, error], [[STRANGER], [OTHER, ours].sort(), 1, null])
  assert.deepEqual(dry.removed, [STRANGER])
  const again = await cleanBucket(lab, place, released, false)
  assert.deepEqual([again.removed, again.kept.length], [[], 2])
})

test('should heed of a head only runs that have keys in this bucket', (t) => {
  const [a, b]: S3Place[] = [{ bucket: 'a' }, { bucket: 'a', prefix: 'b' }]
  const folder = (name: string) => {
    const path = join(temporaryFolder(t), name)
    mkdirSync(path)
    return path
  }
  const run = (name: string, places: readonly S3Place[], released = true): FarRun => {
    const path = folder(name)
    for (const place of places) markElsewhere(path, place)
    const elsewhere = elsewhereOf(path)
    const told = { name: 'x', submitted: '', updated: '', total: 1, done: 1, failedJobs: 0, reason: null }
    return {
      ...{ ...told, run: name, state: 'done', hosts: {} },
      ...(elsewhere.length === 0 ? {} : { elsewhere }),
      ...(released ? { released: true as const } : {}),
    }
  }
  const runs = [
    run('in-a', [a!]),
    run('in-b', [b!]),
    run('in-both', [a!, b!, a!]),
    run('open', [a!], false),
    run('old', []),
  ]
  assert.deepEqual([...releasedIn(runs, a!)], ['in-a', 'in-both', 'old'])
  assert.deepEqual([...releasedIn(runs, { ...b!, region: 'x', profile: 'y' })], ['in-b', 'in-both', 'old'])
  assert.notEqual(placeId(a!), placeId({ ...a!, endpoint: 'https://minio.example.org' }))
})
