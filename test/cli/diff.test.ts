/** `diff`: what was asked, the code, the environment and the results of two runs, each by itself. */
import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { test } from 'node:test'
import { mean, Project } from './project.ts'

test('should find a run and its rerun identical', async (t) => {
  if (process.env.REPRISE_SLOW !== '1') return t.skip('only with REPRISE_SLOW=1')
  const {
    project,
    run: { run, root },
  } = await Project.ran(t, { 'x.ts': mean() })
  const again = await project.json(0, 'rerun', run)
  const answer = await project.json(0, 'diff', run, again.run)
  assert.deepEqual([answer.identical, answer.asked, answer.code, answer.environment], [true, [], [], []])
  assert.deepEqual([answer.results.chunksDiffering, answer.results.first], [0, null])
  const { stdout, code } = await project.reprise('diff', run, run)
  assert.equal(code, 0)
  assert.match(
    stdout,
    new RegExp(
      `^asked: the same\ncode: the same\nenvironment: the same\nfingerprint: the same\nresults: identical, root ${root}$`,
      'm',
    ),
  )
})

test('should find a refactoring identical in results and other in code', async (t) => {
  const {
    project,
    run: { run },
  } = await Project.ran(t, { 'x.ts': mean() })
  project.write('x.ts', mean({ before: 'const unused = 1; void unused' }))
  const next = await project.json(0, 'run', 'x.ts')
  const answer = await project.json(0, 'diff', run, next.run)
  assert.deepEqual(
    [answer.identical, answer.code.map(({ what }: { what: string }) => what)],
    [true, ['capsule']],
  )
})

test('should end with 3 for another seed, and say that the experiments differ', async (t) => {
  const project = new Project(t, { 'x.ts': mean(), 'y.ts': mean({ seed: 'other' }) })
  const [x, y] = [await project.json(0, 'run', 'x.ts'), await project.json(0, 'run', 'y.ts')]
  const answer = await project.json(3, 'diff', x.run, y.run)
  assert.equal(answer.identical, false)
  assert.deepEqual(
    answer.asked.map(({ what, left, right }: Record<string, unknown>) =>
      what === 'seed' ? [left, right] : what,
    ),
    [[null, 'other'], 'hash'],
  )
  assert.deepEqual([answer.results.chunksDiffering, answer.results.first], [null, null])
  const { stdout, code } = await project.reprise('diff', x.run, y.run)
  assert.equal(code, 3)
  assert.match(stdout, /^results: of different experiments/m)
})

test('should name the first difference with its distance for other code', async (t) => {
  const late = 'if (point.a === 2 && repetition === 7) sum = 50 + 1e-10; else if (point.a === 3) sum = 0'
  const early = 'if (point.a === 2 && repetition === 7) sum = 50; else if (point.a === 3) sum = 0'
  const project = new Project(t, { 'x.ts': mean({ before: early }), 'y.ts': mean({ before: late }) })
  const [x, y] = [await project.json(0, 'run', 'x.ts'), await project.json(0, 'run', 'y.ts')]
  const answer = await project.json(3, 'diff', x.run, y.run)
  assert.equal(answer.results.chunksDiffering, 1)
  const { chunk, point, job, repetition, path, expected, actual, ulps } = answer.results.first
  assert.deepEqual([chunk, point, job, repetition, path], [9, { a: 2 }, 2, 7, 'result.mean'])
  assert.deepEqual([expected, actual > expected], [2.5, true])
  assert.equal(ulps, Math.round((actual - expected) * 2 ** 51))
  const { stdout } = await project.reprise('diff', x.run, y.run)
  assert.match(
    stdout,
    /^ {2}chunk 9 \(a=2\), job 2 \(repetition 7\), result\.mean: expected 2\.5, got 2\.5\d+ \([\d,]+ ulps? apart\)$/m,
  )
})

test('should compare manifests from elsewhere as far as they tell', async (t) => {
  const [here, there] = [
    new Project(t, { 'x.ts': mean(), 'y.ts': mean({ before: 'sum += point.a' }) }),
    new Project(t),
  ]
  copyFileSync((await here.json(0, 'run', 'x.ts')).manifest, there.path('x.json'))
  copyFileSync((await here.json(0, 'run', 'y.ts')).manifest, there.path('y.json'))
  assert.equal((await there.json(0, 'diff', 'x.json', 'x.json')).identical, true)
  const answer = await there.json(3, 'diff', 'x.json', 'y.json')
  assert.equal(answer.results.chunksDiffering, 16)
  assert.deepEqual([answer.results.first.chunk, answer.results.first.path], [4, null])
})
