/** The small parts of the stand-in: selectors, ranges of indices, amounts, names of images. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amountOf } from './amounts.ts'
import { imageId, isImageName, isListed, wholeName } from './images.ts'
import { fromRanges, toRanges } from './index-ranges.ts'
import { labelSelector } from './selector.ts'
import type { Thing } from './things.ts'

test('should select by labels: equality, sets, presence', () => {
  const thing = { metadata: { labels: { a: '1', 'x.io/b': '2' } } } as unknown as Thing
  const selects = (text: string) => labelSelector(text)(thing)
  for (const text of ['', 'a=1', 'a==1,x.io/b=2', 'a in (1, 2),x.io/b', 'c notin (1)', '!c', 'a!=2', 'c!=1'])
    assert.equal(selects(text), true, text)
  for (const text of ['a=2', 'a notin (1,2)', 'c', '!a', 'c in (1)', 'a=1,c=1'])
    assert.equal(selects(text), false, text)
  assert.throws(() => selects('a in 1'), /unable to parse requirement/)
})

test('should write indices as ranges that say the same', () => {
  assert.equal(toRanges([5, 1, 3, 4, 7, 8]), '1,3-5,7,8')
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(60)), (indices) => {
      assert.deepEqual(
        fromRanges(toRanges(indices)),
        [...indices].sort((a, b) => a - b),
      )
    }),
    { seed: 7, numRuns: 200 },
  )
})

test('should read amounts, and refuse what is none', () => {
  assert.deepEqual(['500m', '2', '1.5Gi', '1e3', 'x', '2 Gi'].map(amountOf), [
    0.5,
    2,
    1.5 * 2 ** 30,
    1000,
    null,
    null,
  ])
})

test('should know images by their whole names', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  assert.deepEqual(
    ['node', 'node:20-slim', 'me/it', 'ghcr.io/me/it:1', 'localhost:5000/it'].map(wholeName),
    ['docker.io/library/node:latest', 'docker.io/library/node:20-slim', 'docker.io/me/it:latest', 'ghcr.io/me/it:1', 'localhost:5000/it:latest'], // biome-ignore format: a list
  )
  assert.equal(imageId(`node:20@${digest}`), `docker.io/library/node@${digest}`)
  assert.deepEqual(['node:20', `node@${digest}`, 'Node', 'a:b:c', ''].map(isImageName), [
    true,
    true,
    false,
    false,
    false,
  ])
  assert.deepEqual([isListed('node:20', ['node*']), isListed('nod', ['node*'])], [true, false])
})
