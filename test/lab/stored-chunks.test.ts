/** Chunks by pages: each once and in order, though some are megabytes and some are missing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ResultsStore } from '../../lab/results.ts'
import { storedChunks } from '../../lab/stored-chunks.ts'
import { chunkDone, documentOf, plannedRun, temporaryLab } from './run.ts'

test('should give every chunk once, in order, whatever their sizes and gaps', (t) => {
  const run = plannedRun(temporaryLab(t), { document: documentOf({ repetitions: 20_000, chunk: 1 }) })
  const store = ResultsStore.open(run)
  t.after(() => store.close())
  assert.deepEqual([...storedChunks(store.database)], [])
  const sizes = new Map<number, number>()
  for (let chunk = 0; chunk < 5_000; chunk++) if (chunk % 7 !== 3) sizes.set(chunk, 10)
  for (const chunk of [0, 1, 2, 1_500, 4_998, 4_999, 60_000, 99_999]) sizes.set(chunk, 700_000) // each more than a page
  for (let chunk = 50_000; chunk < 50_020; chunk++) sizes.set(chunk, 100_000)
  const all = [...sizes].sort(([a], [b]) => b - a) // backwards, as reruns come
  store.add(all.map(([chunk, size]) => chunkDone(chunk, ['x'.repeat(size)])))
  const found = [...storedChunks(store.database)]
  assert.deepEqual(
    found.map(({ chunk }) => chunk),
    [...sizes.keys()].sort((a, b) => a - b),
  )
  for (const { chunk, bytes, leaf } of found) {
    const done = chunkDone(chunk, ['x'.repeat(sizes.get(chunk)!)])
    assert.equal(leaf, done.leaf)
    assert.equal(Buffer.compare(bytes, done.bytes), 0)
  }
})
