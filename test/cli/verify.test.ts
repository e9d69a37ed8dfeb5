/** `verify`: a changed byte anywhere in a record or its results is found, named, and ends with 4. */
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import { type Answer, mean, Project } from './project.ts'

test('should say of an untouched run what was checked, and what was not', async (t) => {
  const {
    project,
    run: { run, root, manifest },
  } = await Project.ran(t, { 'x.ts': mean() })
  for (const text of [run, manifest]) {
    const answer = await project.json(0, 'verify', text)
    assert.deepEqual([answer.valid, answer.problems, answer.root], [true, [], root])
    assert.ok(answer.checked.includes('every chunk'), JSON.stringify(answer))
    assert.ok(answer.unchecked.some((what: string) => what.includes('see rerun')))
  }
  const { code, stdout } = await project.reprise('verify', run)
  assert.equal(code, 0)
  assert.match(stdout, new RegExp(`^intact {2}root ${root}$`, 'm'))
  assert.match(stdout, /^checked: .*^not checked: /ms)
})

test('should check a manifest that lies alone, and say that no results were there', async (t) => {
  const [here, there] = [new Project(t, { 'x.ts': mean() }), new Project(t)]
  cpSync((await here.json(0, 'run', 'x.ts')).manifest, there.path('paper.json'))
  const answer = await there.json(0, 'verify', 'paper.json')
  assert.equal(answer.valid, true)
  assert.ok(!answer.checked.includes('every chunk'))
  assert.ok(answer.unchecked.includes('chunks (no results given)'))
  assert.deepEqual(there.runNames(), [])
})

test('should find a changed digit in results.sqlite and name the chunk', async (t) => {
  const {
    project,
    run: { run, manifest },
  } = await Project.ran(t, { 'x.ts': mean() })
  const rows = (await project.reprise('results', run)).stdout.trimEnd().split('\n')
  const { result } = rows.map((row) => JSON.parse(row)).find(({ chunk }) => chunk === 13) as Answer
  const path = join(project.runs, run, 'results.sqlite')
  const bytes = readFileSync(path)
  const places: number[] = [] // a page that was split may hold a stale copy
  for (let at = -1; ; ) {
    at = bytes.indexOf(`{"mean":${result.mean}}`, at + 1)
    if (at < 0) break
    places.push(at + 12) // a digit after the point
  }
  assert.ok(places.length > 0)
  for (const at of places) bytes[at] = bytes[at] === 0x31 ? 0x32 : 0x31
  writeFileSync(path, bytes)
  for (const text of [run, manifest]) {
    const answer = await project.json(4, 'verify', text)
    assert.equal(answer.valid, false)
    assert.deepEqual(
      answer.problems.map(({ where }: { where: string }) => where),
      ['chunk 13'],
    )
  }
  const told = await project.reprise('verify', run)
  assert.equal(told.code, 4)
  assert.match(told.stdout, /^wrong {2}chunk 13: .*\n[\s\S]*^not intact$/m)
  const resealed = await project.reprise('resume', run)
  assert.equal(resealed.code, 4, 'nor is it sealed again')
  assert.match(resealed.stderr, /chunk 13: the stored bytes are not those that were acknowledged/)
})

test('should find chunks that are missing, or too many, or swapped', async (t) => {
  const {
    project,
    run: { run },
  } = await Project.ran(t, { 'x.ts': mean() })
  const path = join(project.runs, run, 'results.sqlite')
  const whole = readFileSync(path)
  const changes: readonly [sql: string, chunks: readonly string[]][] = [
    ['DELETE FROM chunks WHERE chunk IN (4, 19)', ['chunk 4', 'chunk 19']],
    [
      'INSERT INTO chunks SELECT 20, bytes, leaf, failed, ms, engine, stacks, session, environment FROM chunks WHERE chunk = 3',
      ['chunk 20'],
    ],
    [
      `UPDATE chunks SET bytes = (SELECT bytes FROM chunks WHERE chunk = 3),
        leaf = (SELECT leaf FROM chunks WHERE chunk = 3) WHERE chunk = 2`,
      ['chunk 2'],
    ],
    ['DELETE FROM chunks', Array.from({ length: 20 }, (_, i) => `chunk ${i}`)],
  ]
  for (const [sql, chunks] of changes) {
    writeFileSync(path, whole)
    const database = new DatabaseSync(path)
    database.exec(sql)
    database.close()
    const { problems } = await project.json(4, 'verify', run)
    assert.deepEqual(
      problems.map(({ where }: { where: string }) => where),
      chunks,
      sql,
    )
  }
})

test('should find a results.sqlite that is cut, overwritten or gone', async (t) => {
  const {
    project,
    run: { run },
  } = await Project.ran(t, { 'x.ts': mean() })
  const path = join(project.runs, run, 'results.sqlite')
  const whole = readFileSync(path)
  for (const bytes of [whole.subarray(0, whole.length / 2), Buffer.from('not a database'), Buffer.alloc(0)]) {
    writeFileSync(path, bytes)
    const { code, stderr, stdout } = await project.reprise('verify', run)
    assert.equal(code, 4, `${bytes.length} bytes: ${stdout}${stderr}`)
    const { runs } = await project.json(0, 'ls')
    assert.equal(runs.length, 1)
  }
  rmSync(path)
  assert.notEqual((await project.reprise('verify', run)).code, 0)
  assert.equal((await project.json(0, 'ls')).runs[0].state, 'damaged')
})

const SPREAD = process.env.REPRISE_SLOW === '1' ? 12 : 4

test('should find any flipped byte in a manifest', async (t) => {
  const {
    project,
    run: { manifest },
  } = await Project.ran(t, { 'x.ts': mean() })
  const whole = readFileSync(manifest)
  const text = whole.toString('latin1')
  const copy = project.path('copy.json')
  const places = [
    ...[
      '"document"',
      '"chunk": 5',
      'sum += random',
      '"planned"',
      '"kernel"',
      '"leaves"',
      '"record"',
      '"retried": 0',
    ].map((word) => text.indexOf(word) + word.length - 1),
    0,
    1,
    whole.length - 1,
    // provenance/verify.test.ts tries every byte; here the command line is asked for some
    ...Array.from({ length: SPREAD }, (_, i) => Math.floor((whole.length * (i + 0.5)) / SPREAD)),
  ]
  for (const at of places) {
    assert.ok(at >= 0 && at < whole.length)
    const flipped = Buffer.from(whole)
    flipped[at]! ^= 1
    writeFileSync(copy, flipped)
    const { code, stdout } = await project.reprise('verify', 'copy.json')
    assert.equal(code, 4, `byte ${at}`)
    assert.match(stdout, /^not intact$/m)
  }
  for (const grown of [`${whole} `, `${whole}\n`, ` ${whole}`]) {
    writeFileSync(copy, grown)
    const answer = await project.json(4, 'verify', 'copy.json')
    assert.deepEqual([answer.valid, answer.problems.length > 0], [false, true])
  }
  writeFileSync(copy, whole)
  appendFileSync(copy, '')
  assert.equal((await project.reprise('verify', 'copy.json')).code, 0)
})

test('should say of an unsealed run that there is nothing to verify yet, and end with 5', async (t) => {
  const {
    project,
    run: { run },
  } = await Project.ran(t, { 'x.ts': mean() })
  rmSync(join(project.runs, run, 'manifest.json'))
  const { code, stderr } = await project.reprise('verify', run)
  assert.equal(code, 5)
  assert.match(stderr, /^reprise: run \S+: is not sealed.*reprise resume \S+\n$/)
})
