/** A scheduler's task in a journal: written so that every reader takes it, and read so that no writer is believed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Journal } from '../../../runners/detached/journal.ts'
import { journalSink } from '../../../runners/detached/journal-sink.ts'
import { encodeRecord, RecordReader } from '../../../runners/detached/record.ts'
import { readTold, type Told } from '../../../runners/detached/told.ts'
import type { TaskTold } from '../../../runners/runner.ts'
import { isRefusal } from '../../lib/refusal.ts'

const TASK: TaskTold = {
  scheduler: 'slurm',
  cluster: 'lab',
  job: '123_4',
  restarts: 2,
  node: 'n1',
  state: 'out-of-memory',
  words: 'OUT_OF_MEMORY',
  started: '2026-11-27T10:00:00.000Z',
  ended: '2026-11-27T10:01:30.250Z',
  cpuMs: 90_000,
  maxRssBytes: 96_000_000,
  measured: 'scheduler',
  chunks: 7,
  engines: [1, 3],
}
const IN_IMAGE: TaskTold = { ...TASK, image: `node@sha256:${'a'.repeat(64)}` }
const NOTHING: TaskTold = { ...TASK, cluster: null, node: null, state: 'ended', words: null, started: null, ended: null,
  cpuMs: null, maxRssBytes: null, measured: null, chunks: 0, engines: [] } // biome-ignore format: a list

function read(header: object): Told | null {
  const found: (Told | null)[] = []
  new RecordReader((record) => void found.push(readTold(record))).push(encodeRecord(header))
  return found[0]!
}

/** What a journal says after its sink was told of this task, with engines that were told before. */
function written(task: TaskTold, lastEngine = 0): Told | null {
  const headers: object[] = []
  const journal = { add: (header: object) => void headers.push(header) } as unknown as Journal
  journalSink(journal, lastEngine, new Set()).task!(task)
  return read(headers[0]!)
}

test('should read back what was told, its engines counted on from those before', () => {
  assert.deepEqual(written(TASK), { type: 'task', task: TASK })
  assert.deepEqual(written(NOTHING, 5), { type: 'task', task: NOTHING })
  assert.deepEqual(written(IN_IMAGE), { type: 'task', task: IN_IMAGE })
  assert.deepEqual(written(TASK, 10), { type: 'task', task: { ...TASK, engines: [11, 13] } })
})

test('should leave out figures that no reader would take, and cut what is long', () => {
  const many = Array.from({ length: 70_000 }, (_, i) => i)
  const odd = {
    ...TASK,
    started: 'Unknown',
    ended: '2026-11-27T10:01:30Z',
    cpuMs: 12.6,
    maxRssBytes: -1,
    engines: many,
  }
  const told = written({ ...odd, words: `\ud800${'x'.repeat(5_000)}`, node: 'n'.repeat(300) })
  assert.ok(told?.type === 'task')
  const { words, node, engines, ...rest } = told.task
  assert.deepEqual([words, node], [`\ufffd${'x'.repeat(999)}`, 'n'.repeat(256)])
  assert.deepEqual(engines, many.slice(0, 65_536))
  const { words: _, node: __, engines: ___, ...expected } = TASK
  const known = { started: null, ended: '2026-11-27T10:01:30.000Z', cpuMs: 13, maxRssBytes: null }
  assert.deepEqual(rest, { ...expected, ...known })
  const unending = written({ ...TASK, cpuMs: Number.POSITIVE_INFINITY, maxRssBytes: Number.NaN })
  assert.ok(unending?.type === 'task')
  assert.deepEqual([unending.task.cpuMs, unending.task.maxRssBytes], [null, null])
})

test('should refuse what has not the shape of a task', () => {
  const wrong: readonly Record<string, unknown>[] = [
    { scheduler: null },
    { cluster: 5 },
    { cluster: undefined },
    { job: ['123'] },
    { restarts: -1 },
    { restarts: null },
    { node: {} },
    { state: 'done' },
    { state: 'COMPLETED' },
    { words: 1 },
    { started: 'yesterday' },
    { started: '2026-11-27 10:00:00' },
    { started: '2026-13-27T10:00:00Z' },
    { ended: 1_764_237_600_000 },
    { cpuMs: 0.5 },
    { cpuMs: -1 },
    { cpuMs: '1' },
    { maxRssBytes: 2 ** 53 },
    { measured: 'me' },
    { measured: 'toString' },
    { chunks: null },
    { engines: 4 },
    { engines: [-1] },
    { engines: [null] },
    { engines: new Array(65_537).fill(1) },
  ]
  for (const change of wrong)
    assert.throws(
      () => read({ type: 'task', ...TASK, ...change }),
      isRefusal('not-intact'),
      JSON.stringify(change).slice(0, 80),
    )
})
