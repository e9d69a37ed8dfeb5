/** Rows as tables: every value finds a column, none takes another's, and nothing is rounded on the way. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { type Column, type FlatRow, flatten, inferColumns } from '../../lab/columns.ts'
import type { Row } from '../../lab/rows.ts'
import { csvText, writeParquet } from '../../lab/tables.ts'
import { encode } from '../../lib/values.ts'
import { temporaryFolder } from './run.ts'

function row(result: unknown, point: Row['point'] = {}): Row {
  return { chunk: 0, point, repetition: 1, seed: 'ab', result: encode(result) }
}

function kindsOf(...results: readonly unknown[]): Record<string, string> {
  const columns = inferColumns(results.map((result) => flatten(row(result))))
  return Object.fromEntries(columns.map(({ name, kind }) => [name, kind]))
}

const plain = (flat: FlatRow) => ({ ...flat })

test('should put each field of a result in a column, deep ones by their path', () => {
  const flat = plain(flatten(row({ a: 1, deep: { b: true, c: { d: 'x' } } }, { p: 0.5, q: 'w' })))
  assert.deepEqual(flat, {
    chunk: 0,
    p: 0.5,
    q: 'w',
    repetition: 1,
    seed: 'ab',
    a: 1,
    'deep.b': true,
    'deep.c.d': 'x',
    error: null,
  })
})

test('should put a result that is no object in a column of its own', () => {
  for (const [result, cell] of [
    [3, 3],
    ['x', 'x'],
    [null, null],
    [true, true],
    [[1, 2], '[1,2]'],
    [5n, '5'],
  ] as const)
    assert.deepEqual(plain(flatten(row(result))), {
      chunk: 0,
      repetition: 1,
      seed: 'ab',
      result: cell,
      error: null,
    })
})

test('should keep every value where names collide', () => {
  const point = { chunk: 10, repetition: 20, seed: 'p', error: 'q', mean: 0.5 }
  const result = {
    chunk: 1,
    repetition: 2,
    seed: 's',
    error: 'e',
    mean: 3,
    result: { mean: 4 },
    'point.chunk': 5,
    x: { y: 6 },
    'x.y': 7,
  }
  const flat = flatten(row(result, point))
  const values = [0, 1, 'ab', null, 10, 20, 'p', 'q', 0.5, 1, 2, 's', 'e', 3, 4, 5, 6, 7]
  assert.equal(Object.keys(flat).length, values.length)
  assert.deepEqual(Object.values(flat).map(String).sort(), values.map(String).sort())
  assert.deepEqual([flat.chunk, flat['point.chunk'], flat['result.chunk']], [0, 10, 1])
  assert.deepEqual([flat.mean, flat['result.mean']], [0.5, 3])
})

test('should not take what every object has for a value', async () => {
  const rows = [flatten(row({ constructor: 1, toString: 2, valueOf: 3 })), flatten(row({ other: 4 }))]
  const text = await csvOf(inferColumns(rows), rows)
  assert.deepEqual(
    text.split('\n').map((line) => line.split(',').slice(3)),
    [
      ['constructor', 'toString', 'valueOf', 'other', 'error'],
      ['1', '2', '3', '', ''],
      ['', '', '', '4', ''],
      [],
    ],
  )
})

test('should keep NaN, infinities, -0, bigints and typed arrays, alone and in lists', () => {
  const flat = flatten(
    row({
      nan: Number.NaN,
      inf: -1 / 0,
      zero: -0,
      big: -(2n ** 65n),
      list: [1, Number.NaN, -0, { a: [2n] }],
      typed: new Float32Array([0.5, -0]),
      ints: new BigInt64Array([-3n]),
    }),
  )
  assert.ok(
    Object.is(flat.nan, Number.NaN) && flat.inf === Number.NEGATIVE_INFINITY && Object.is(flat.zero, -0),
  )
  assert.equal(flat.big, '-36893488147419103232')
  assert.equal(flat.list, '[1,{"$number":"NaN"},{"$number":"-0"},{"a":[{"$bigint":"2"}]}]')
  assert.equal(flat.typed, '[0.5,{"$number":"-0"}]')
  assert.equal(flat.ints, '[{"$bigint":"-3"}]')
})

test('should tell errors in words, and leave the fields of failed jobs empty', () => {
  const failed: Row = {
    chunk: 2,
    point: { a: 1 },
    repetition: 0,
    seed: 'cd',
    error: { name: 'RangeError', message: 'too, far' },
  }
  assert.deepEqual(plain(flatten(failed)), {
    chunk: 2,
    a: 1,
    repetition: 0,
    seed: 'cd',
    error: 'RangeError: too, far',
  })
  const columns = inferColumns([flatten(failed), flatten(row({ x: 1 }, { a: 2 }))])
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['chunk', 'a', 'repetition', 'seed', 'x', 'error'],
  )
})

test('should find the kind that fits every value of a column', () => {
  const { chunk, a, b, c, d, e } = kindsOf(
    { a: 1, b: true, c: 'x', d: null, e: 1 },
    { a: null, b: false, c: 'y', d: null, e: 'mixed' },
    { a: Number.NaN, b: null, c: null, d: null, e: true },
  )
  assert.deepEqual(
    { chunk, a, b, c, d, e },
    { chunk: 'number', a: 'number', b: 'boolean', c: 'text', d: 'text', e: 'text' },
  )
})

test('should have the fixed columns where there is no row', async (t) => {
  const columns = inferColumns([])
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['chunk', 'repetition', 'seed', 'error'],
  )
  assert.equal(await csvOf(columns, []), 'chunk,repetition,seed,error\n')
  const path = join(temporaryFolder(t), 'x.parquet')
  await writeParquet(path, columns, [], {})
  assert.equal(Number(parquetMetadata(bytesOf(path)).num_rows), 0)
})

test('should quote CSV so that commas, quotes and line ends survive', async () => {
  const rows = [flatten(row({ t: 'a,"b"\nc', n: -0, f: 1e-7, x: 1 / 0 }))]
  const text = await csvOf(inferColumns(rows), rows)
  assert.equal(text, 'chunk,repetition,seed,t,n,f,x,error\n0,1,ab,"a,""b""\nc",-0,1e-7,Infinity,\n')
})

test('should write more rows than it holds at once, in CSV and Parquet alike', async (t) => {
  const rows = Array.from({ length: 3_517 }, (_, i) => flatten(row({ i, half: i / 2 }, { a: i % 3 })))
  const columns = inferColumns(rows)
  const text = await csvOf(columns, rows)
  assert.equal(text.split('\n').length, 3_517 + 2)
  const path = join(temporaryFolder(t), 'x.parquet')
  await writeParquet(path, columns, rows, { 'reprise.run': 'r' })
  const read = await parquetReadObjects({ file: bytesOf(path) })
  assert.deepEqual(
    read.map(({ i, half, a }) => [i, half, a]),
    rows.map(({ i, half, a }) => [i, half, a]),
  )
  const { key_value_metadata } = parquetMetadata(bytesOf(path))
  assert.deepEqual(key_value_metadata?.find(({ key }) => key === 'reprise.run')?.value, 'r')
  const again = join(temporaryFolder(t), 'x.parquet')
  await writeParquet(again, columns, rows, { 'reprise.run': 'r' })
  assert.deepEqual(readFileSync(again), readFileSync(path), 'the same bytes each time')
})

test('should write a column of mixed kinds as text', async (t) => {
  const rows = [
    flatten(row({ x: 1.5 })),
    flatten(row({ x: -0 })),
    flatten(row({ x: 'y' })),
    flatten(row({ x: true })),
  ]
  const path = join(temporaryFolder(t), 'x.parquet')
  await writeParquet(path, inferColumns(rows), rows, {})
  assert.deepEqual(
    (await parquetReadObjects({ file: bytesOf(path) })).map(({ x }) => x),
    ['1.5', '-0', 'y', 'true'],
  )
})

async function csvOf(columns: readonly Column[], rows: readonly FlatRow[]): Promise<string> {
  let text = ''
  for await (const piece of csvText(columns, rows)) text += piece
  return text
}

function bytesOf(path: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(path)
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
}
