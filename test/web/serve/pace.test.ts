/** How fast a run goes, from what was seen of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunState } from '../../../lab/state.ts'
import { Paces } from '../../../web/serve/pace.ts'

const state = (chunksDone: number, holder: object | null = {}) =>
  ({ run: 'a', holder, chunks: 100, chunksDone, jobsDone: chunksDone * 5 }) as unknown as RunState

test('should tell rate and time left over the last minute, and begin anew with who executes it', () => {
  const paces = new Paces()
  assert.equal(paces.of(state(0), 0), null, 'seen once')
  assert.deepEqual(paces.of(state(20), 10_000), { jobsPerSecond: 10, left: 40 })
  assert.deepEqual(paces.of(state(20), 60_000), { jobsPerSecond: 100 / 60, left: 240 })
  const still = paces.of(state(20), 71_000)!
  assert.deepEqual([still.jobsPerSecond, still.left], [0, Number.NaN])
  assert.equal(paces.of(state(20, null), 72_000), null)
  assert.equal(paces.of(state(30), 73_000), null)
})
