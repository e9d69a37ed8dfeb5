/** What is read of sacct: rows as 22.05 wrote them, and odd ones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookBackOn, readAccounting } from '../../../runners/slurm/accounting.ts'

const REAL = `1_0|COMPLETED|0:0|2026-11-27T11:52:48|2026-11-27T11:52:52|00:00.841||n1
1_0.batch|COMPLETED|0:0|2026-11-27T11:52:48|2026-11-27T11:52:52|00:00.841|20480K|n1
1_0.extern|COMPLETED|0:0|2026-11-27T11:52:48|2026-11-27T11:52:52|00:00.001|1M|n1
1_1|CANCELLED by 0|0:15|2026-11-27T11:52:48|2026-11-27T11:52:52|00:01.060||n2
2_[0-5%2]|PENDING|0:0|Unknown|Unknown|00:00:00||None assigned
2_7|OUT_OF_MEMORY|0:125|2026-11-27T11:52:48|Unknown|||n2
`

test('should read tasks with the memory of their steps', () => {
  const tasks = readAccounting(REAL)
  assert.deepEqual(tasks.map(({ job }) => job), ['1_0', '1_1', '2_0', '2_1', '2_2', '2_3', '2_4', '2_5', '2_7']) // biome-ignore format: short
  const { word, ...first } = tasks[0]!
  assert.equal(word, 'COMPLETED')
  assert.deepEqual(first, { id: '1', index: 0, job: '1_0', node: 'n1', state: 'completed', exit: '0:0', started: '2026-11-27T11:52:48Z', ended: '2026-11-27T11:52:52Z', cpuMs: 841, maxRssBytes: 20_971_520 }) // biome-ignore format: a row
  const last = tasks.at(-1)!
  assert.deepEqual(
    [last.state, last.ended, last.cpuMs, last.maxRssBytes],
    ['out-of-memory', null, null, null],
  )
})

test('should not say that a task runs or waits: of that, the accounting may lag behind', () => {
  const looks = readAccounting(REAL).map(lookBackOn)
  assert.deepEqual(looks[1], {
    state: 'cancelled',
    words: 'CANCELLED by 0',
    node: 'n2',
    job: '1_1',
    restarts: null,
  })
  assert.deepEqual(looks[2], { state: 'unknown', words: 'PENDING, says sacct alone', node: null, job: '2_0', restarts: null }) // biome-ignore format: a row
})

test('should leave out what is no task of an array', () => {
  const odd =
    '5|COMPLETED|0:0|a|b|c|d|n1\n5_0|COMPLETED\n_3|X|||||||\n6_[0-99999999]|PENDING|0:0||||| \n\nsacct: warning\n'
  assert.deepEqual(readAccounting(odd), [])
})
