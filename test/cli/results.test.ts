/** `results`: the same rows as JSON lines, CSV and Parquet, each read back by somebody else's reader. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
import { fromHex, toHex } from '../../lib/digest.ts'
import { chunkSeed, jobSeed } from '../../lib/seed.ts'
import { type Answer, MAIN, mean, Project } from './project.ts'

/** Numbers, text, truth, nothing, and what JSON has not. */
const MIXED = `import { experiment } from 'reprise'
export default experiment({ name: 'mixed', parameters: { a: [0.1, 2], word: ['x', 'é, "q"\\nline'] }, repetitions: 3, chunk: 2,
  run({ point, repetition, random }) {
    if (point.a === 2 && repetition === 1) throw new Error('a, "b"')
    return {
      draw: random(), odd: repetition === 0 ? NaN : repetition === 1 ? -0 : Infinity, big: 2n ** 70n,
      flag: repetition === 0, none: null, list: [1, NaN, 'z'], typed: new Float64Array([0.5, -0]), deep: { a: 1, text: 'ü' },
    }
  } })
`
const SUMMARY = `import { experiment } from 'reprise'
export default experiment({ name: 'sums', parameters: { a: [1, 2] }, repetitions: 5, chunk: 2,
  run: ({ point, repetition }) => { if (point.a === 2 && repetition === 3) throw new Error('x'); return repetition },
  summarise: (results) => ({ sum: results.reduce((s, r) => s + r, 0), n: results.length }) })
`

function linesOf(stdout: string): Answer[] {
  assert.ok(stdout.endsWith('\n'))
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('should print one line a job with chunk, point, repetition, seed and result', async (t) => {
  const {
    project,
    run: { run, experiment },
  } = await Project.ran(t, { 'x.ts': mean() })
  const rows = linesOf((await project.reprise('results', run)).stdout)
  assert.equal(rows.length, 100)
  for (const [i, row] of rows.entries()) {
    assert.deepEqual(Object.keys(row), ['chunk', 'point', 'repetition', 'seed', 'result'])
    const [chunk, j] = [Math.floor(i / 5), i % 5]
    assert.deepEqual([row.chunk, row.point, row.repetition], [chunk, { a: Math.floor(i / 20) }, i % 20])
    assert.equal(row.seed, toHex(jobSeed(chunkSeed(fromHex(experiment), chunk), j)))
    assert.ok(Math.abs(row.result.mean - row.point.a - 0.5) < 0.2)
  }
  const object = await project.json(0, 'results', run)
  assert.deepEqual([object.run, object.results], [run, rows])
})

test('should keep special values by their tags', async (t) => {
  const { project } = await Project.ran(t, { 'x.ts': MIXED })
  const [first, second, third] = linesOf((await project.reprise('results', '@last')).stdout)
  assert.deepEqual(first.result.odd, { $number: 'NaN' })
  assert.deepEqual(second.result.odd, { $number: '-0' })
  assert.deepEqual(third.result.odd, { $number: 'Infinity' })
  assert.deepEqual(first.result.big, { $bigint: '1180591620717411303424' })
})

test('should write CSV that Python reads with the same values', async (t) => {
  const { project } = await Project.ran(t, { 'x.ts': MIXED })
  const rows = linesOf((await project.reprise('results', '@last')).stdout)
  const { stdout } = await project.reprise('results', '@last', '--format', 'csv')
  const python = spawnSync('python3', ['-c', READ_CSV], { input: stdout, encoding: 'utf8' })
  if (python.error !== undefined) return t.skip('python3 is not here')
  assert.equal(python.status, 0, python.stderr)
  const read: Record<string, string>[] = JSON.parse(python.stdout)
  assert.equal(read.length, 12)
  const number = (json: Answer) => (typeof json === 'object' ? json.$number : String(json))
  for (const [i, row] of read.entries()) {
    const { point, repetition, seed, result, error } = rows[i]
    assert.deepEqual(
      [row.a, row.word, row.repetition, row.seed],
      [String(point.a), point.word, String(repetition), seed],
    )
    if (error !== undefined) {
      assert.deepEqual([row.draw, row.error], ['', 'Error: a, "b"'])
      continue
    }
    assert.equal(Number(row.draw), result.draw, 'every bit of the number')
    assert.deepEqual(
      [row.odd, row.flag, row.none, row.error],
      [number(result.odd), String(result.flag), '', ''],
    )
    assert.deepEqual([row.big, row['deep.a'], row['deep.text']], ['1180591620717411303424', '1', 'ü'])
    assert.equal(row.typed, '[0.5,{"$number":"-0"}]')
    assert.deepEqual(JSON.parse(row.list!), [1, { $number: 'NaN' }, 'z'], 'nothing is lost in a list')
  }
})

const READ_CSV = `import csv, io, json, sys
text = sys.stdin.buffer.read().decode('utf-8')
print(json.dumps(list(csv.DictReader(io.StringIO(text, newline='')))))`

async function parquet(path: string): Promise<Record<string, unknown>[]> {
  const { buffer, byteOffset, byteLength } = readFileSync(path)
  return parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer })
}

test('should write Parquet with every bit of every number', async (t) => {
  const { project } = await Project.ran(t, { 'x.ts': MIXED })
  const rows = linesOf((await project.reprise('results', '@last')).stdout)
  const answer = await project.json(0, 'results', '@last', '--format', 'parquet', '--output', 'x.parquet')
  assert.equal(answer.output, 'x.parquet')
  const read = await parquet(project.path('x.parquet'))
  assert.equal(read.length, 12)
  for (const [i, row] of read.entries()) {
    const { point, chunk, result, error } = rows[i]
    assert.deepEqual([row.chunk, row.a, row.word], [chunk, point.a, point.word])
    assert.equal(row.error ?? null, error === undefined ? null : 'Error: a, "b"')
    if (error !== undefined) continue
    assert.equal(row.draw, result.draw)
    const odd = { NaN: Number.NaN, '-0': -0, Infinity: Number.POSITIVE_INFINITY }[String(result.odd.$number)]
    assert.ok(Object.is(row.odd, odd), `${row.odd}`)
    assert.equal(row.flag, result.flag)
  }
  const path = project.path('y.parquet')
  execFileSync('/bin/sh', ['-c', `"$0" "$1" results @last -f parquet > "$2"`, process.execPath, MAIN, path], {
    cwd: project.folder,
  })
  assert.deepEqual(readFileSync(path), readFileSync(project.path('x.parquet')), 'a pipe gets the same bytes')
})

test('should give one row a chunk where the experiment summarises', async (t) => {
  const {
    project,
    run: { run, failedJobs },
  } = await Project.ran(t, { 'x.ts': SUMMARY })
  assert.equal(failedJobs, 1)
  const rows = linesOf((await project.reprise('results', run)).stdout)
  assert.deepEqual(
    rows.map(({ summary, repetition, repetitions, failed }) => [
      summary.sum,
      summary.n,
      repetition,
      repetitions,
      failed.length,
    ]),
    [
      [1, 2, 0, 2, 0],
      [5, 2, 2, 2, 0],
      [4, 1, 4, 1, 0],
      [1, 2, 0, 2, 0],
      [2, 1, 2, 2, 1],
      [4, 1, 4, 1, 0],
    ],
  )
  assert.deepEqual(rows[4].failed, [{ repetition: 3, error: { name: 'Error', message: 'x' } }])
  const { stdout } = await project.reprise('results', run, '--format', 'csv')
  assert.match(stdout, /^chunk,a,repetition,seed,n,sum,error\n0,1,0,[0-9a-f]{64},2,1,\n/)
})

test('should write to a file as a whole or not at all', async (t) => {
  const { project } = await Project.ran(t, { 'x.ts': mean() })
  for (const format of ['jsonl', 'csv', 'parquet']) {
    const piped = await project.reprise('results', '@last', '--format', format)
    const told = await project.reprise('results', '@last', '--format', format, '--output', `out.${format}`)
    assert.deepEqual([told.code, told.stdout, told.stderr], [0, '', `wrote out.${format}\n`])
    const text = readFileSync(project.path(`out.${format}`), 'utf8')
    assert.equal(text, piped.stdout)
  }
  const { code, stderr } = await project.reprise('results', '@last', '--output', 'no/such/folder/x')
  assert.equal(code, 1)
  assert.match(stderr, /^reprise: no\/such\/folder\/x: [^\n]+\n$/)
})

test('should give the rows that are there of an unfinished run, in every format', async (t) => {
  const dying = mean({ points: 3, repetitions: 4, chunk: 2, before: 'if (point.a === 1) process.exit(1)' })
  const nothing = mean({ points: 1, repetitions: 1, chunk: 1, before: 'process.exit(1)' })
  const project = new Project(t, { 'x.ts': dying, 'y.ts': nothing })
  for (const [file, rows] of [
    ['x.ts', 8],
    ['y.ts', 0],
  ] as const) {
    assert.equal((await project.reprise('run', file)).code, 5)
    const { stdout, code } = await project.reprise('results', '@last')
    assert.equal(code, 0)
    assert.equal(stdout.split('\n').length - 1, rows)
    assert.equal((await project.json(0, 'results', '@last')).results.length, rows)
    const csv = await project.reprise('results', '@last', '--format', 'csv')
    assert.equal(csv.code, 0)
    assert.equal(csv.stdout.trim() === '' ? 0 : csv.stdout.trim().split('\n').length - 1, rows)
    const table = await project.reprise('results', '@last', '--format', 'parquet', '--output', 'x.parquet')
    assert.equal(table.code, 0, table.stderr)
    assert.equal((await parquet(project.path('x.parquet'))).length, rows)
  }
})

test('should take a reader that goes away for no error', async (t) => {
  const { project } = await Project.ran(t, {
    'x.ts': mean({ points: 50, repetitions: 200, chunk: 100, draws: 1 }),
  })
  for (const format of ['jsonl', 'csv', 'parquet']) {
    const shell = `set -o pipefail; "$0" "$1" results @last --format ${format} | head -c 100 | wc -c`
    const { status, stdout, stderr } = spawnSync('bash', ['-c', shell, process.execPath, MAIN], {
      cwd: project.folder,
      encoding: 'utf8',
    })
    assert.deepEqual([status, stdout.trim(), stderr], [0, '100', ''], format)
  }
})

test('should give a slow reader every row', async (t) => {
  const { project } = await Project.ran(t, {
    'x.ts': mean({ points: 50, repetitions: 200, chunk: 100, draws: 1 }),
  })
  for (const format of ['jsonl', 'csv']) {
    const shell = `set -o pipefail; "$0" "$1" results @last --format ${format} | (sleep 0.5; wc -l)`
    const { status, stdout, stderr } = spawnSync('bash', ['-c', shell, process.execPath, MAIN], {
      cwd: project.folder,
      encoding: 'utf8',
    })
    assert.deepEqual([status, Number(stdout), stderr], [0, format === 'csv' ? 10_001 : 10_000, ''], format)
  }
})

test('should give means by point as lines, CSV, Parquet and a table for people', async (t) => {
  const {
    project,
    run: { run },
  } = await Project.ran(t, { 'x.ts': MIXED })
  const lines = linesOf((await project.reprise('results', run, '--means')).stdout)
  assert.deepEqual(
    lines.map(({ point, jobs, of, failed }) => [point.a, jobs, of, failed]),
    [
      [0.1, 3, 3, 0],
      [0.1, 3, 3, 0],
      [2, 3, 3, 1],
      [2, 3, 3, 1],
    ],
  )
  const { flag, odd, draw } = lines[0].means
  assert.deepEqual([flag.count, flag.mean, odd.mean], [3, 1 / 3, { $number: 'NaN' }])
  const file = project.path('means.parquet')
  await project.json(0, 'results', run, '--means', '--format', 'parquet', '--output', file)
  const [row] = await parquetReadObjects({ file: new Uint8Array(readFileSync(file)).buffer })
  assert.deepEqual(
    [row!.a, row!.word, row!.jobs, row!['draw.mean'], row!['draw.se']],
    [0.1, 'x', 3, draw.mean, draw.standardError],
  )
  const csv = (await project.reprise('results', run, '--means', '-f', 'csv')).stdout.split('\n')
  assert.match(csv[0]!, /^a,word,jobs,of,failed,.*draw\.n,draw\.mean,draw\.se/)
  assert.equal((await project.json(0, 'results', run, '--means')).means.length, 4)
  const { stdout, stderr } = await project.reprise('results', run, '--means', '--format', 'table')
  assert.match(stdout, /^point +jobs +\S.*draw/m)
  assert.match(stdout, /^a=2 word="?x"? +3\/3 +1 failed .* ± /m)
  assert.equal(stderr, '', 'a run that is whole needs no word on how much is there')
  assert.equal((await project.reprise('results', run, '--format', 'table')).code, 2)
})
