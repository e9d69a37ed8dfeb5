/** One object that cannot be read, under the name of a part, keeps nothing from being told; a store that cannot be read is no part's fault. */
import assert from 'node:assert/strict'
import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import { folderStore } from '../../../runners/array/folder-store.ts'
import { getPart } from '../../../runners/array/get-part.ts'
import { orderKey, partKey } from '../../../runners/array/layout.ts'
import { doneBefore } from '../../../runners/array/past-parts.ts'
import { ChunkSet } from '../../../runners/chunk-set.ts'
import { each } from '../../conformance/experiments.ts'
import { Workshop } from '../../conformance/workshop.ts'
import { Scene } from './scene.ts'

const workshop = new Workshop()
after(() => workshop.close())

/** More than is read into memory, all of it holes. */
const HUGE = 3 * 2 ** 30
const KEY = partKey(1, 0, 'aa', 0, '0'.repeat(64))

function putHuge(folder: string, key: string): void {
  const path = join(folder, key)
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  ftruncateSync(file, HUGE)
  closeSync(file)
}

test('should have executed again what an object is to hold that is too large', async (t) => {
  let first = true
  const scene: Scene = new Scene(t, workshop, await workshop.make(each(24, 'return random()')), {
    async inside(array, index) {
      if (!first || index !== 0) return scene.inside(array, index)
      first = false
      putHuge(scene.folder, KEY)
      return 0
    },
  })
  await scene.run({ taskMs: 40 })
  await scene.assertWhole()
  assert.match(
    scene.heard.text,
    /a part of array 1, task 0 is ignored: .*cannot be read: .*\. What it may hold/,
  )
})

test('should tell one that cannot be read from a store that cannot', async () => {
  const folder = workshop.path('store')
  const store = folderStore(folder)
  putHuge(folder, KEY)
  const code = (expected: string) => (error: unknown) =>
    error instanceof RepriseError && error.code === expected
  await assert.rejects(getPart(store, KEY), code('storage'), 'the order is not there either')
  await store.put(orderKey(1), Buffer.from('{}'))
  await assert.rejects(getPart(store, KEY), code('not-intact'))
  assert.equal(await getPart(store, partKey(1, 1, 'aa', 0, '0'.repeat(64))), null)
  const refuse = async () => {
    throw new RepriseError('storage', 'cannot be reached')
  }
  await assert.rejects(getPart({ ...store, get: refuse }, KEY), code('storage'))

  const said: string[] = []
  const batch = new ChunkSet([0, 1])
  const done = await doneBefore(store, { array: 1, index: 0 }, batch, (words) => said.push(words))
  assert.deepEqual([done.size, said.length], [0, 1])
  assert.match(said[0]!, /^ignored what an earlier attempt put: .*cannot be read/)
  const unreadable = { ...store, get: refuse }
  await assert.rejects(
    doneBefore(unreadable, { array: 1, index: 0 }, batch, () => {}),
    code('storage'),
  )
})
