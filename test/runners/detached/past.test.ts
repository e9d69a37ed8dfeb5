/** What a journal says of the past: how long tasks ran, each counted once; and marks of a run that is over. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { forgetMarks } from '../../../runners/detached/far-runs.ts'
import { Journal } from '../../../runners/detached/journal.ts'
import { journalSink } from '../../../runners/detached/journal-sink.ts'
import { pastOf } from '../../../runners/detached/past.ts'
import { serve } from '../../../runners/detached/serve.ts'
import { farRun } from '../../../runners/detached/status.ts'
import { submissionPath } from '../../../runners/detached/submission.ts'
import { writeWhole } from '../../../runners/detached/written.ts'
import type { TaskTold } from '../../../runners/runner.ts'
import { DRAWS } from '../../conformance/experiments.ts'
import { Workshop } from '../../conformance/workshop.ts'
import { RUN, submissionOf } from './site.ts'

const workshop = new Workshop()
after(() => workshop.close())

const task = (job: string, started: string | null, ended: string | null): TaskTold => ({
  ...{
    scheduler: 'kubernetes',
    cluster: 'lab',
    job,
    restarts: 0,
    node: 'n1',
    state: 'completed',
    words: null,
  },
  ...{ started, ended, cpuMs: null, maxRssBytes: null, measured: 'scheduler', chunks: 0, engines: [] },
})
const at = (second: number) => new Date(Date.UTC(2026, 10, 27, 10, 0, second)).toISOString()

test('should count the time of tasks over all segments, that of one told anew once', async () => {
  const folder = workshop.path('run')
  mkdirSync(folder)
  const write = (segment: number, tasks: readonly TaskTold[]) => {
    const journal = new Journal(folder, segment, { durable: () => {}, failed: assert.fail })
    const sink = journalSink(journal, 0, new Set())
    for (const each of tasks) sink.task!(each)
    journal.close()
  }
  assert.equal(pastOf(folder).taskMs, 0)
  write(1, [task('a', at(0), at(5)), task('b', at(0), null), task('c', null, null)])
  assert.equal(pastOf(folder).taskMs, 5_000)
  write(2, [task('a', at(0), at(7)), task('b', at(1), at(3)), task('odd', at(9), at(3))])
  assert.equal(pastOf(folder).taskMs, 9_000)
})

test('should say of a run that it was collected, until it is executed further', async () => {
  const made = await workshop.make(DRAWS)
  const directory = workshop.path('head')
  const folder = join(directory, 'runs', RUN)
  mkdirSync(folder, { recursive: true })
  const scheduler = {
    kind: 'slurm',
    wishes: {},
    node: null,
    taskMs: 1,
    chunkMs: null,
    maxCoreHours: 3,
  } as const
  writeWhole(submissionPath(folder), JSON.stringify(submissionOf(made, { scheduler })))
  assert.deepEqual([farRun(folder).released, farRun(folder).maxCoreHours], [undefined, 3])
  const here = { program: '', kinds: {} }
  await serve({ verb: 'release', directory, run: RUN }, here, new AbortController().signal)
  assert.equal(farRun(folder).released, true)
  forgetMarks(folder)
  assert.equal(farRun(folder).released, undefined)
})
