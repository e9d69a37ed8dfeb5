/** A run that a scheduler's tasks executed, as the command line tells of it: before it is sealed, after, and from its manifest alone. */
import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { test } from 'node:test'
import { findLab, makeLab } from '../../lab/lab.ts'
import { ownEnvironment } from '../../runners/environment.ts'
import { beginSession, MadeJournal, taskTold } from '../lab/made-journal.ts'
import { allChunks, documentOf, plannedRun } from '../lab/run.ts'
import { Project } from './project.ts'

const CHUNKS = allChunks(documentOf(), 10)

test('should show what a scheduler executed, and which chunks each task', async (t) => {
  const project = new Project(t)
  const lab = findLab(project.folder, project.lab)
  makeLab(lab)
  const run = plannedRun(lab)
  assert.equal('tasks' in (await project.json(0, 'show', run.id)), false)
  beginSession(lab, run)
  const environment = ownEnvironment()
  const journal = new MadeJournal('a').engine({ engine: 1, environment }).engine({ engine: 2, environment })
  const lost = taskTold({
    job: '123_1',
    node: 'n2',
    state: 'node-fail',
    words: 'NODE_FAIL',
    engines: [2],
    chunks: 1,
  })
  journal.chunks([...CHUNKS.slice(0, 4), { ...CHUNKS[4]!, engine: 2 }]).tasks(lost)
  await journal.collect(lab, run)
  const soFar = await project.reprise('show', run.id)
  assert.match(
    soFar.stdout,
    /^scheduler +slurm cluster lab, 1 task \(1 node-fail\) on 1 node, 100 core-seconds, at most 96 MB a task$/m,
  )
  assert.match(soFar.stdout, /^task 123_1 on n2: node-fail \(NODE_FAIL\) after 2 min 0 s$/m)
  const first = taskTold({ chunks: 9 })
  await journal.chunks(CHUNKS.slice(5)).tasks(first).collect(lab, run, 'done')
  const shown = await project.json(0, 'show', run.id)
  assert.equal(shown.state, 'sealed')
  assert.deepEqual(shown.tasks, [
    { ...lost, ranges: [[4, 4]] },
    { ...first, ranges: [[0, 3], [5, 9]] }, // biome-ignore format: a list
  ])
  assert.deepEqual(shown.scheduled, shown.manifest.run.scheduled)
  assert.equal((await project.json(0, 'verify', run.id)).valid, true)
  const copy = project.path('copy.json')
  copyFileSync(run.manifest, copy)
  const alone = await project.reprise('show', copy)
  const words =
    /^scheduler +slurm cluster lab, 2 tasks \(1 completed, 1 node-fail\) on 2 nodes, 200 core-seconds, at most 96 MB a task$/m
  assert.match(alone.stdout, words)
  assert.match(alone.stdout, /^nodes +n1 \(9 chunks\), n2 \(1 chunk\)$/m)
  assert.deepEqual((await project.json(0, 'show', copy)).record.scheduled, shown.scheduled)
})
