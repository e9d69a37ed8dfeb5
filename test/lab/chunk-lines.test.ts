/** Chunks of a bundle by index: each line where it is, read once through, whatever their order. */
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ChunkFile } from '../../lab/chunk-lines.ts'
import { refused } from '../lib/refusal.ts'
import { temporaryFolder } from './run.ts'

const line = (chunk: number, words = '') => `{"chunk":${chunk},"jobs":["${words}"]}`

function fileOf(t: TestContext, text: string): ChunkFile {
  const path = join(temporaryFolder(t), 'chunks.jsonl')
  writeFileSync(path, text)
  const file = new ChunkFile(path)
  t.after(() => file.close())
  rmSync(path) // it can be read for as long as it is open
  return file
}
const read = (file: ChunkFile, chunk: number) => {
  const bytes = file.chunk(chunk)
  return bytes === null ? null : Buffer.from(bytes).toString()
}

test('should read each chunk by its index, also where lines go over several pieces', (t) => {
  const texts = ['x', 'é'.repeat(900_000), '', 'y'.repeat(3_000_000), 'z'].map((words, i) =>
    line(2 * i, words),
  )
  const file = fileOf(t, texts.map((text) => `${text}\n`).join(''))
  for (const i of [4, 0, 3, 1, 2, 1]) assert.equal(read(file, 2 * i), texts[i])
  for (const absent of [-1, 1, 7, 9, 2 ** 23]) assert.equal(read(file, absent), null)
  assert.deepEqual(
    [...file.chunks()].map(({ chunk }) => chunk),
    [0, 2, 4, 6, 8],
  )
})

test('should find no chunk in a line that does not ascend, or is none', (t) => {
  const file = fileOf(
    t,
    [line(3), line(1), line(3, 'again'), 'nothing', line(5)].map((text) => `${text}\n`).join(''),
  )
  assert.deepEqual(
    [1, 3, 5].map((chunk) => read(file, chunk)),
    [null, line(3), line(5)],
  )
})

test('should refuse a file that is cut off', (t) => {
  refused(() => fileOf(t, `${line(0)}\n${line(1)}`).chunk(0), 'not-intact', { says: /line feed/ })
})

test('should read a great many one by one', (t) => {
  const n = 50_000
  const file = fileOf(t, Array.from({ length: n }, (_, i) => `${line(i)}\n`).join(''))
  const started = performance.now()
  for (let i = n - 1; i >= 0; i--) if (read(file, i) !== line(i)) assert.fail(`chunk ${i}`)
  assert.ok(performance.now() - started < 30_000, 'the file is not read from its beginning for each')
})
