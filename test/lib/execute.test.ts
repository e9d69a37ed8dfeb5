/** Executing a chunk: the laws about bytes, failures, set-up and summaries. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ChunkRecord, chunkPlace, type JobRecord, parseChunk } from '../../lib/chunk.ts'
import { chunkCount, experimentHash } from '../../lib/document.ts'
import { RepriseError } from '../../lib/errors.ts'
import { executeChunk, InfrastructureFailure, type Ports } from '../../lib/execute.ts'
import { type Experiment, experiment, type Work } from '../../lib/experiment.ts'
import { ports } from './ports.ts'

async function execute(made: Experiment, index: number, own: Partial<Ports> = {}) {
  return executeChunk(made.document, experimentHash(made.document), made.work as Work, index, ports(own))
}
async function recordOf(made: Experiment, index = 0, own: Partial<Ports> = {}): Promise<ChunkRecord> {
  return parseChunk((await execute(made, index, own)).bytes, chunkPlace(made.document, index))
}
async function jobsOf(made: Experiment, index = 0, own: Partial<Ports> = {}): Promise<readonly JobRecord[]> {
  const record = await recordOf(made, index, own)
  assert.ok('jobs' in record, 'a chunk of jobs')
  return record.jobs
}
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const walk = experiment({
  name: 'walk',
  parameters: { drift: [0, 0.5], steps: [3, 5] },
  repetitions: 7,
  chunk: 3,
  setup: ({ stream, point }) => ({ start: stream('start')(), point }),
  run: async ({ point, random, stream, setup, repetition, seed }) => {
    let x = setup.start
    for (let i = 0; i < point.steps; i++) x += random() + point.drift
    if (x > 5.5) throw new RangeError(`too far: ${x}`)
    return {
      x,
      noise: stream('noise', { sharedBy: ['steps'] }).int32(),
      repetition,
      seed,
      path: Float64Array.of(x, -0),
    }
  },
})

test('should give the same bytes twice, in any order of chunks, and other bytes for other chunks', async () => {
  const all = Array.from({ length: chunkCount(walk.document) }, (_, i) => i)
  const first = new Map<number, string>()
  for (const i of all) first.set(i, text((await execute(walk, i)).bytes))
  for (const i of all.toReversed()) assert.equal(text((await execute(walk, i)).bytes), first.get(i))
  const together = await Promise.all(all.map((i) => execute(walk, i)))
  assert.deepEqual(
    together.map(({ bytes }) => text(bytes)),
    [...first.values()],
  )
  assert.equal(new Set([...first.values()].map((bytes) => bytes.replace(/"chunk":\d+/, ''))).size, all.length)
  assert.ok(
    [...first.values()].some((bytes) => bytes.includes('too far')),
    'failures are among them',
  )
  assert.ok([...first.values()].some((bytes) => bytes.includes('$float64')))
})

test('should give the same bytes for a document in another order of keys', async () => {
  const turn = (tree: unknown): unknown => {
    if (typeof tree !== 'object' || tree === null) return tree
    if (Array.isArray(tree)) return tree.map(turn)
    return Object.fromEntries(
      Object.entries(tree)
        .reverse()
        .map(([name, item]) => [name, turn(item)]),
    )
  }
  const made = experiment({
    name: 'keys',
    parameters: { a: [{ x: 1, y: [2] }], b: 1 },
    run: ({ point }) => JSON.stringify(point),
  })
  const turned = { ...made, document: turn(made.document) } as Experiment
  assert.equal(text((await execute(turned, 0)).bytes), text((await execute(made, 0)).bytes))
})

test('should not let a job change what the next one draws', async () => {
  const drawing = (before: number) =>
    experiment({
      name: 'n',
      repetitions: 4,
      chunk: 4,
      run: ({ random, stream, repetition }) => {
        for (let i = 0; i < (repetition === 3 ? 0 : before); i++) {
          random()
          stream('x')()
        }
        return [random(), stream('x')()]
      },
    })
  const [few, many] = [await jobsOf(drawing(1)), await jobsOf(drawing(50))]
  assert.deepEqual(few[3], many[3])
  assert.notDeepEqual(few[2], many[2])
  assert.equal(new Set(few.map((job) => JSON.stringify(job))).size, 4)
})

const hostile = {
  toString() {
    throw new Error('no words')
  },
}
const nameless = new Error('still an error')
Object.defineProperty(nameless, 'name', {
  get() {
    throw new Error('no name')
  },
})
class Custom extends Error {
  override readonly name = 'Custom'
}

const THROWN: readonly (readonly [string, unknown, { name: string; message: string }])[] = [
  ['an Error', new Error('lost'), { name: 'Error', message: 'lost' }],
  ['an error of a class', new Custom('own'), { name: 'Custom', message: 'own' }],
  ['an error without words', new TypeError(), { name: 'TypeError', message: '' }],
  ['a string', 'plain', { name: 'Thrown', message: 'plain' }],
  ['null', null, { name: 'Thrown', message: 'null' }],
  ['undefined', undefined, { name: 'Thrown', message: 'undefined' }],
  ['a symbol', Symbol('s'), { name: 'Thrown', message: 'Symbol(s)' }],
  ['an object', { a: 1 }, { name: 'Thrown', message: '[object Object]' }],
  [
    'an object without toString',
    Object.create(null),
    { name: 'Thrown', message: 'something that cannot be shown' },
  ],
  ['an object whose toString throws', hostile, { name: 'Thrown', message: 'something that cannot be shown' }],
  ['an error whose name throws', nameless, { name: 'Thrown', message: 'something that cannot be shown' }],
  ['a lone surrogate', new Error('a\ud800b'), { name: 'Error', message: 'a\ufffdb' }],
  [
    'a lone surrogate in the name',
    Object.assign(new Error('x'), { name: 'N\udc00' }),
    { name: 'N\ufffd', message: 'x' },
  ],
  ['a long message', new Error('x'.repeat(10_001)), { name: 'Error', message: `${'x'.repeat(10_000)}…` }],
  [
    'a message of just the length',
    new Error('x'.repeat(10_000)),
    { name: 'Error', message: 'x'.repeat(10_000) },
  ],
  ['a pair cut in two', `${'x'.repeat(9_999)}😀`, { name: 'Thrown', message: `${'x'.repeat(9_999)}\ufffd…` }],
  [
    'a refusal',
    new RepriseError('not-found', 'no file', { subject: 'x', remedy: 'Add it' }),
    { name: 'RepriseError', message: 'x: no file. Add it' },
  ],
]
for (const [what, thrown, error] of THROWN) {
  test(`should record ${what}, thrown or rejected, as that job's failure`, async () => {
    const sync = experiment({
      name: 'n',
      repetitions: 3,
      chunk: 3,
      run: ({ repetition }) => {
        if (repetition === 1) throw thrown
        return repetition
      },
    })
    const rejecting = experiment({
      name: 'n',
      repetitions: 3,
      chunk: 3,
      run: ({ repetition }) => (repetition === 1 ? Promise.reject(thrown) : Promise.resolve(repetition)),
    })
    for (const made of [sync, rejecting]) {
      assert.deepEqual(await jobsOf(made), [{ result: 0 }, { error }, { result: 2 }])
      const { failed, stacks } = await execute(made, 0)
      assert.equal(failed, 1)
      assert.deepEqual(
        stacks.map(({ job }) => job),
        [1],
      )
    }
  })
}

test('should keep stacks beside the result, not in it', async () => {
  const made = experiment({
    name: 'n',
    run: function failing() {
      throw new Error('here')
    },
  })
  const { bytes, stacks } = await execute(made, 0)
  assert.match(stacks[0]!.stack, /Error: here\n.*failing/s)
  assert.equal(text(bytes), '{"chunk":0,"jobs":[{"error":{"message":"here","name":"Error"}}]}')
})

test('should throw an infrastructure failure on and never record it', async () => {
  const failure = new InfrastructureFailure('the program was killed')
  const work: readonly Partial<Work>[] = [
    {
      run: () => {
        throw failure
      },
    },
    { run: () => Promise.reject(failure) },
    {
      run: () => 1,
      setup: () => {
        throw failure
      },
    },
    { run: () => 1, summarise: () => Promise.reject(failure) },
  ]
  for (const part of work) {
    const made = { ...walk, work: { ...part } as Work } as Experiment
    await assert.rejects(execute(made, 0), (thrown) => thrown === failure)
  }
})

test('should record a result that is no value as a failure with the path', async () => {
  const made = experiment({ name: 'n', run: () => ({ runs: [{ graph: new Map() }] }) })
  const [job] = await jobsOf(made)
  assert.ok(job !== undefined && 'error' in job)
  assert.equal(job.error.name, 'InvalidResult')
  assert.match(job.error.message, /^result\.runs\[0\]\.graph is a Map\. Return/)
  const nothing = await jobsOf(experiment({ name: 'n', run: () => {} }))
  assert.ok('error' in nothing[0]! && /result is undefined/.test(nothing[0].error.message))
})

test('should record a result that the schema refuses as a failure', async () => {
  const seen: unknown[] = []
  const validate = (result: unknown) => {
    seen.push(result)
    return typeof result === 'number' ? null : 'result must be number'
  }
  const made = experiment({
    name: 'n',
    repetitions: 2,
    chunk: 2,
    run: ({ repetition }) => (repetition === 0 ? 1 : 'one'),
  })
  const jobs = await jobsOf(made, 0, { validate })
  assert.deepEqual(jobs[0], { result: 1 })
  assert.ok('error' in jobs[1]! && jobs[1].error.name === 'InvalidResult')
  assert.match(jobs[1].error.message, /^result must be number/)
  assert.deepEqual(seen, [1, 'one'])
})

test('should call setup once a chunk, wait for it, and give it to every job', async () => {
  let calls = 0
  const made = experiment({
    name: 'n',
    repetitions: 6,
    chunk: 3,
    setup: async () => {
      calls++
      await null
      return { n: calls }
    },
    run: ({ setup }) => setup.n,
  })
  assert.deepEqual(await jobsOf(made, 1), [{ result: 1 }, { result: 1 }, { result: 1 }])
  assert.equal(calls, 1)
})

test('should fail every job of a chunk whose setup fails, without running any', async () => {
  for (const setup of [
    () => {
      throw new Error('no graph')
    },
    () => Promise.reject(new Error('no graph')),
  ]) {
    let ran = 0
    const made = experiment({ name: 'n', repetitions: 12, chunk: 12, setup, run: () => ran++ })
    const error = { name: 'Error', message: 'no graph' }
    assert.deepEqual(await jobsOf(made), new Array(12).fill({ error }))
    assert.equal((await execute(made, 0)).failed, 12)
    assert.equal(ran, 0)
  }
})

const summed = (own: object = {}) =>
  experiment({
    name: 'n',
    repetitions: 14,
    chunk: 12,
    parameters: { k: [2] },
    run: ({ repetition }: { repetition: number }) => {
      if (repetition % 3 === 1) throw new Error(`no ${repetition}`)
      return BigInt(repetition)
    },
    summarise: (results: bigint[], { point }: { point: { k: number } }) => ({ results, k: point.k }),
    ...own,
  } as unknown as Parameters<typeof experiment>[0])

test('should ship the summary of the results that are there, and the failed jobs', async () => {
  const { bytes, failed, stacks } = await execute(summed(), 1)
  assert.equal(
    text(bytes),
    '{"chunk":1,"failed":[{"error":{"message":"no 13","name":"Error"},"job":1}],"summary":{"k":2,"results":[{"$bigint":"12"}]}}',
  )
  assert.equal(failed, 1)
  assert.deepEqual(
    stacks.map(({ job }) => job),
    [1],
  )
  const record = await recordOf(summed(), 0)
  assert.ok('summary' in record)
  assert.deepEqual(
    record.failed.map(({ job }) => job),
    [1, 4, 7, 10],
  )
})

test('should summarise nothing when every job failed', async () => {
  const record = await recordOf(
    summed({ setup: () => Promise.reject(new Error('x')), summarise: (list: unknown[]) => list.length }),
  )
  assert.ok('summary' in record)
  assert.equal(record.summary, 0)
  assert.equal(record.failed.length, 12)
})

test('should fail every job of a chunk whose summary fails', async () => {
  const failing = [
    () => {
      throw new Error('no mean')
    },
    async () => Promise.reject(new Error('no mean')),
  ]
  for (const summarise of failing) {
    const jobs = await jobsOf(summed({ summarise }))
    assert.equal(jobs.length, 12)
    assert.deepEqual(jobs[0], { error: { name: 'Error', message: 'no mean' } })
    assert.deepEqual(jobs[1], { error: { name: 'Error', message: 'no 1' } }, 'its own failure is kept')
    assert.equal((await execute(summed({ summarise }), 0)).failed, 12)
  }
  const [first] = await jobsOf(summed({ summarise: () => new Set() }))
  assert.ok(first !== undefined && 'error' in first && first.error.message.startsWith('summary is a Set'))
})

test('should tell the surroundings which job it is at', async () => {
  const at: number[] = []
  await execute(walk, 2, { at: (job) => at.push(job) })
  assert.deepEqual(at, [0], 'the third chunk of seven repetitions by three has one')
  await execute(walk, 3, { at: (job) => at.push(job) })
  assert.deepEqual(at, [0, 0, 1, 2])
})

test('should tear down what setup made, and only that', async () => {
  const torn: unknown[] = []
  const teardown = async (set: unknown) => {
    torn.push(set)
  }
  const run = () => {
    throw new Error('x')
  }
  await execute({ ...walk, work: { run, setup: () => 'made', teardown } } as Experiment, 0)
  assert.deepEqual(torn, ['made'])
  await execute(
    { ...walk, work: { run, setup: () => Promise.reject(new Error('x')), teardown } } as Experiment,
    0,
  )
  assert.deepEqual(torn, ['made'])
})

test('should record each result before the next job can change it', async () => {
  const shared = { n: 0 }
  const made = experiment({
    name: 'n',
    repetitions: 3,
    chunk: 3,
    run: () => {
      shared.n++
      return shared
    },
  })
  assert.deepEqual(await jobsOf(made), [{ result: { n: 1 } }, { result: { n: 2 } }, { result: { n: 3 } }])
})

test('should refuse a chunk that is not there', async () => {
  await assert.rejects(execute(walk, chunkCount(walk.document)), RangeError)
  await assert.rejects(execute(walk, -1), RangeError)
})
