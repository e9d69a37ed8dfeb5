/** The store over S3 services of two makes, and over one that does not keep a key from being put twice. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { S3Place } from '../../../runners/s3/place.ts'
import { type S3Store, type S3StoreOptions, s3Store } from '../../../runners/s3/s3-store.ts'
import { endings } from '../../conformance/endings.ts'
import { testFiles, testStore } from '../../conformance/stores.ts'
import { Workshop } from '../../conformance/workshop.ts'
import { startS3 } from '../../s3/server.ts'
import { hasSwift, SWIFT_ENV, startSwift } from '../../s3/swift.ts'

const workshop = new Workshop()
after(() => workshop.close())

/** The smallest piece that services take but for the last, bytes. */
const PIECE = 5 * 2 ** 20
const RETRIES = { attempts: 4, pauseMs: 50 }

/** Stores below prefixes of their own, which are closed with the suite. */
function openedAt(
  at: () => S3Place,
  t: { after(end: () => unknown): void },
  more: S3StoreOptions = {},
): () => () => S3Store {
  let prefixes = 0
  return () => {
    const prefix = `some/lab/${++prefixes}`
    return () => {
      const store = s3Store({ ...at(), prefix }, { piece: PIECE, retries: RETRIES, ...more })
      t.after(store.close)
      return store
    }
  }
}

for (const putOnce of [true, false]) {
  const name = putOnce ? 's3rver that honours If-None-Match' : 's3rver'
  suite(name, () => {
    let place: S3Place | null = null
    const t = endings()
    const fresh = openedAt(() => place!, t)
    before(async () => {
      const service = await startS3(t, { putOnce })
      Object.assign(process.env, service.env)
      place = service.place
    })
    testStore(name, fresh, { draws: 6, exact: putOnce })
    testFiles(name, fresh, workshop, 6 * 2 ** 20)
  })
}

suite('Swift', { skip: hasSwift ? false : 'OpenStack Swift is not here (python3-swift)' }, () => {
  let place: S3Place | null = null
  const t = endings()
  const fresh = openedAt(() => place!, t, { page: 3 }) // so that listings have several
  before(async () => {
    Object.assign(process.env, SWIFT_ENV)
    place = await startSwift(t)
  })
  testStore('Swift', fresh, { draws: 2, exact: false })
  testFiles('Swift', fresh, workshop, 6 * 2 ** 20)

  test('Swift should refuse whoever has the wrong secret', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'wrong'
    await assert.rejects(fresh()().list(''), /credentials are not taken \(SignatureDoesNotMatch\)/)
    Object.assign(process.env, SWIFT_ENV)
  })
})
