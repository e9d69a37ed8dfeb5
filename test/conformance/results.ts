/** Law 1: the same bytes for any number of engines and any chunks asked for, each chunk once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DRAWS, each, SUMMARY, VALUES } from './experiments.ts'
import { randomSubset } from './subset.ts'
import type { Suite } from './suite.ts'
import { assign, expectedLeaves, rootOf } from './workshop.ts'

const SLOW = process.env.REPRISE_SLOW === '1'
/** Numbers of eight bytes in a very large result: it fits into no window, no message and no reading at once. */
const LARGE = SLOW ? 4_000_000 : 2_000_000
/** REPRISE_SLOW=1 has four times as many. */
const TINY = SLOW ? 20_000 : 5_000

export function resultCases({ workshop, abilities, execute }: Suite): void {
  for (const engines of abilities.engines ? [1, 2, 5] : [1]) {
    test(`should give the same bytes with ${engines} engines`, async () => {
      for (const source of [DRAWS, SUMMARY, VALUES]) {
        const made = await workshop.make(source)
        const leaves = await expectedLeaves(made)
        const done = await execute(assign(made), { engines })
        assert.deepEqual(done.delivered, [...leaves.keys()])
        const found = done.delivered.map((chunk) => done.leaf(chunk)!)
        assert.equal(rootOf(found), rootOf(leaves))
        assert.deepEqual([done.losses, done.aside], [[], []])
        assert.ok(done.engines.length >= 1 && done.engines.length <= engines)
      }
    })
  }

  test('should execute exactly the chunks that are asked for, read lazily', async () => {
    const made = await workshop.make(DRAWS)
    const leaves = await expectedLeaves(made)
    for (let seed = 1; seed <= 4; seed++) {
      const chunks = randomSubset(made.chunks, seed)
      function* lazily() {
        yield* chunks
      }
      const assignment = { ...assign(made, chunks), chunks: lazily() }
      const done = await execute(assignment, { engines: seed })
      assert.deepEqual(done.delivered, chunks)
      for (const chunk of chunks) assert.equal(done.leaf(chunk), leaves[chunk])
    }
  })

  test('should end at once when there is nothing to execute', async () => {
    const made = await workshop.make(DRAWS)
    assert.deepEqual((await execute(assign(made, []))).chunks, [])
  })

  test('should tell of failed jobs, and where they threw', async () => {
    const made = await workshop.make(SUMMARY)
    const done = await execute(assign(made))
    for (const { bytes, failed, stacks } of done.chunks) {
      const record = JSON.parse(Buffer.from(bytes).toString()) as { failed: { job: number }[] }
      assert.equal(failed, record.failed.length)
      assert.deepEqual(
        stacks.map((stack) => stack.job),
        record.failed.map(({ job }) => job),
      )
      for (const { stack } of stacks) assert.match(stack, /RangeError: too small/)
    }
    assert.ok(done.chunks.some(({ failed }) => failed > 0))
  })

  test('should await asynchronous jobs one after the other', async () => {
    const body = `active++; await new Promise((resolve) => setTimeout(resolve, 5)); const n = active; active--
      return [n, random()]`
    const made = await workshop.make(each(6, body, 'let active = 0'))
    const done = await execute(assign(made))
    for (const chunk of done.delivered)
      assert.match(done.words(chunk), /"jobs":\[\{"result":\[1,0\.\d+\]\},\{"result":\[1,/)
  })

  test(`should pass on ${TINY} tiny chunks`, async () => {
    const made = await workshop.make(each(TINY, 'return repetition'))
    const done = await execute(assign(made))
    assert.equal(done.chunks.length, TINY)
    assert.equal(done.words(TINY - 1), `{"chunk":${TINY - 1},"jobs":[{"result":0},{"result":1}]}`)
  })

  test(`should pass on a very large result, of ${LARGE} numbers`, async () => {
    const body = `if (repetition === 1) return point.i
      const array = new Float64Array(point.i === 1 ? ${LARGE} : 10)
      for (let k = 0; k < array.length; k++) array[k] = k / 3
      return array`
    const made = await workshop.make(each(3, body))
    const done = await execute(assign(made))
    assert.deepEqual(done.delivered, [0, 1, 2])
    const large = done.chunks.find(({ chunk }) => chunk === 1)!
    assert.ok(large.bytes.length > 10 * LARGE)
    assert.equal(large.leaf, (await expectedLeaves(made))[1])
  })

  test('should refuse a capsule that holds another experiment', async () => {
    const made = await workshop.make(DRAWS)
    const other = await workshop.make(SUMMARY)
    const told: number[] = []
    await assert.rejects(
      execute({ ...assign(made), hash: other.hash }, {}, { chunk: ({ chunk }) => told.push(chunk) }),
      /holds (another )?experiment/,
    )
    assert.deepEqual(told, [])
  })

  test('should stop soon when it is told to', async () => {
    const stop = new AbortController()
    const made = await workshop.make(
      each(500, 'await new Promise((resolve) => setTimeout(resolve, 40)); return 1'),
    ) // longer than tasks of arrays gather what they put at once: else all of it may be told together
    let stopped = 0
    const chunk = () => {
      if (stopped === 0) stopped = performance.now()
      stop.abort()
    }
    const done = await execute(assign(made), {}, { chunk, signal: stop.signal })
    assert.ok(performance.now() - stopped < 5_000)
    assert.ok(done.chunks.length >= 1 && done.chunks.length < 500)
    // A scheduler that ends a task may signal its engines a moment before the task itself.
    const others = done.losses.filter(({ reason }) => reason !== 'killed by SIGTERM')
    assert.deepEqual([others, done.aside], [[], []])
  })

  test('should not begin when it is told to stop before', async () => {
    const made = await workshop.make(DRAWS)
    const done = await execute(assign(made), {}, { signal: AbortSignal.abort() })
    assert.deepEqual(done.chunks, [])
  })
}
