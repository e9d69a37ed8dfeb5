/** What is read of squeue; that a part is never taken for the whole. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookOf, readQueue, usageOf } from '../../../runners/slurm/queue.ts'

const REAL = `18|11-999|PENDING||0|0|2027-11-27T11:20:03|NONE|Resources,BeginTime|
18|1|CANCELLED|n1|0|2304|2026-11-27T11:20:03|2026-11-27T11:20:06|None|
18|8|RUNNING|n1|2|0|2026-11-27T11:20:08|NONE|None|
28|N/A|RUNNING|n1|0|0|2026-11-27T11:20:08|NONE|None|
`

test('should read what a real squeue said', () => {
  const [waiting, cancelled, running, ...more] = readQueue(REAL)!
  assert.deepEqual(more, [])
  assert.equal(waiting?.indices.length, 989)
  assert.deepEqual(lookOf(waiting!, 11), { state: 'pending', words: 'Resources,BeginTime', node: null, job: '18_11', restarts: 0 }) // biome-ignore format: a row
  assert.deepEqual(lookOf(running!, 8), {
    state: 'running',
    words: null,
    node: 'n1',
    job: '18_8',
    restarts: 2,
  })
  const { started, ended, exit, cpuMs } = usageOf(cancelled!, 1)
  assert.deepEqual(
    [started, ended, exit, cpuMs],
    ['2026-11-27T11:20:03Z', '2026-11-27T11:20:06Z', '9:0', null],
  )
  assert.equal(usageOf(waiting!, 11).started, null) // when it might begin is a guess
})

test('should read further forms: of signals, newer versions, several clusters, and reasons with bars', () => {
  const rows = readQueue('CLUSTER: one\n1|0|FAILED|n1|0|9|x|y|a|b|\n1|1|FAILED|(null)|?|3:0|x|y||\n')!
  assert.deepEqual(rows.map(({ exit, reason, node, restarts }) => [exit, reason, node, restarts]), [['0:9', 'a|b', 'n1', 0], ['3:0', '', null, null]]) // biome-ignore format: pairs
})

test('should read nothing where something is no row', () => {
  assert.deepEqual(readQueue(''), [])
  for (const odd of [
    '1|0|RUNNING\n',
    'squeue: warning\n',
    '1|0-99999999|PENDING||0|0|a|b|c|\n',
    'x|0|PENDING||0|0|a|b|c|\n',
    '1|0-3,...|PENDING||0|0|a|b|c|\n',
  ])
    assert.equal(readQueue(REAL + odd), null, odd)
})
