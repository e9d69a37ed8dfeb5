/** Pilots with a real engine: what they see, when they end, and what they refuse. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { PILOT, type Pilot, type PilotOptions, pilot } from '../../lab/pilot.ts'
import { pilotOrder } from '../../lab/pilot-order.ts'
import { Scratch } from '../../lab/scratch.ts'
import { documentOf, temporaryFolder } from './run.ts'

/** Long enough for an engine to begin, on however busy a machine, where it is to be stopped at something. */
const A_WHILE: PilotOptions = { chunks: 3, limitMs: 8_000 }

interface Asked {
  readonly repetitions?: number
  readonly chunk?: number
  readonly options?: string
}

async function piloted(
  t: TestContext,
  run: string,
  { repetitions = 6, chunk = 3, options = '' }: Asked = {},
  how: PilotOptions = PILOT,
): Promise<Pilot> {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'project'))
  writeFileSync(join(folder, 'project', 'package.json'), '{}')
  writeFileSync(join(folder, 'project', 'data.txt'), 'ten bytes.')
  const path = join(folder, 'project', 'x.ts')
  writeFileSync(
    path,
    `import { experiment } from 'reprise'
export default experiment({
  name: 'piloted', parameters: { a: [1, 2, 3, 4] }, repetitions: ${repetitions}, chunk: ${chunk}, ${options}
  run({ point, repetition, random, input }) { ${run} },
})
`,
  )
  const scratch = new Scratch('plan')
  try {
    return await pilot(path, how, scratch)
  } finally {
    scratch.close()
  }
}

test('should execute chunks in the order of pilots, and see how long and how large they are', async (t) => {
  const found = await piloted(t, 'return random()')
  const order = pilotOrder(found.document, 3)
  assert.deepEqual(
    found.done.map(({ chunk }) => chunk),
    order,
    'short chunks: all of them',
  )
  assert.equal(order.length, 8)
  assert.equal(found.jobsEach, 3)
  for (const { ms, bytes, failed } of found.done) {
    assert.ok(ms > 0 && bytes > 3 * 15 && bytes < 200)
    assert.equal(failed, 0)
  }
  assert.ok(found.startMs! > 0)
  assert.ok(found.capsuleBytes > 1_000)
  const { unfinished, setAside, error, inputBytes } = found
  assert.deepEqual([unfinished, setAside, error, inputBytes], [null, [], null, 0])
})

test('should execute no more chunks than asked for where these take their time', async (t) => {
  const waiting = 'const end = Date.now() + 200; while (Date.now() < end); return 0'
  const found = await piloted(t, waiting)
  assert.deepEqual(
    found.done.map(({ chunk }) => chunk),
    [0, 7, 4],
  )
  const one = await piloted(t, `${waiting}`, { repetitions: 18, chunk: 9 }, { ...PILOT, chunks: 1 })
  assert.deepEqual(
    one.done.map(({ chunk }) => chunk),
    [0],
  )
})

test('should see the memory that an engine has at its peak', async (t) => {
  if (process.platform !== 'linux') return t.skip('NOT TESTED: only Linux tells')
  const small = await piloted(t, 'return 0')
  const large = await piloted(t, 'return new Uint8Array(300e6).fill(repetition).length')
  assert.ok(small.memoryBytes! > 20e6, `${small.memoryBytes}`)
  assert.ok(large.memoryBytes! > small.memoryBytes! + 200e6, `${large.memoryBytes}`)
})

test('should give jobs their inputs, and count each content once', async (t) => {
  const options = "inputs: { one: 'data.txt', other: './data.txt' },"
  const found = await piloted(t, "return input('one').length + input('other').length", { options })
  assert.equal(found.inputBytes, 10)
  assert.equal(found.error, null)
})

test('should end when time is up, and say for how long it was at what', async (t) => {
  const found = await piloted(t, 'for (;;);', {}, A_WHILE)
  assert.deepEqual(found.done, [])
  const { chunk, ms, jobs, estimateMs } = found.unfinished!
  assert.deepEqual([chunk, jobs, estimateMs], [0, 0, null])
  assert.ok(ms > 0 && ms <= A_WHILE.limitMs)
})

test('should tell by the jobs that were done how long a chunk takes that was not', async (t) => {
  const waiting = 'if (repetition === 4) for (;;); const end = Date.now() + 100; while (Date.now() < end);'
  const asked = { repetitions: 40, chunk: 40 }
  const { done, unfinished } = await piloted(t, `${waiting} return 0`, asked, A_WHILE)
  assert.deepEqual(done, [])
  assert.equal(unfinished!.jobs, 4)
  assert.ok(unfinished!.estimateMs! >= 4_000, 'a tenth took 400 ms or, as it is told with the beat, more')
  assert.ok(unfinished!.estimateMs! < 10 * unfinished!.ms)
})

test('should say nothing where not even an engine was there in time', async (t) => {
  const { done, unfinished, startMs } = await piloted(t, 'return 0', {}, { chunks: 3, limitMs: 1 })
  assert.deepEqual([done, unfinished, startMs], [[], null, null])
})

test('should tell of some jobs that fail, and refuse an experiment whose jobs all do', async (t) => {
  const some = await piloted(t, "if (repetition === 1) throw new RangeError('no'); return 0")
  assert.deepEqual(some.error, { name: 'RangeError', message: 'no' })
  assert.deepEqual([some.done[0]!.failed, some.done[0]!.chunk], [1, 0])
  await assert.rejects(piloted(t, "throw new RangeError('never')"), {
    code: 'refused',
    message: /every job of the pilot failed, the first with RangeError: never/,
  })
  const reduced = { options: 'summarise: (results) => results.length,' }
  await assert.rejects(piloted(t, "throw new RangeError('never')", reduced), { code: 'refused' })
})

test('should refuse what a run refuses', async (t) => {
  await assert.rejects(piloted(t, 'return new Date(0)'), { code: 'invalid-result', message: /Date/ })
  await assert.rejects(piloted(t, 'return 0', { repetitions: -1 }), { code: 'invalid-experiment' })
  await assert.rejects(piloted(t, 'return ]'), { code: 'capsule' })
})

test('should set a chunk aside that takes engines with it, and refuse where every chunk does', async (t) => {
  const found = await piloted(t, 'if (point.a === 4) process.exit(7); return 0')
  assert.deepEqual(
    found.setAside.map(({ chunk }) => chunk),
    [7],
  )
  assert.match(found.setAside[0]!.reason, /exit code 7/)
  assert.deepEqual(
    found.done.map(({ chunk }) => chunk).filter((chunk) => chunk >= 6),
    [],
  )
  await assert.rejects(piloted(t, 'process.exit(7)'), { code: /incomplete|engine/ })
})

test('should begin with the same chunks as any pilot of the experiment', () => {
  assert.deepEqual(pilotOrder(documentOf(), 3), pilotOrder(documentOf(), 3))
})
