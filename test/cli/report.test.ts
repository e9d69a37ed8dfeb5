/** `reprise report` as a command: what it writes, what it refuses, and that a refusal leaves nothing. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { test } from 'node:test'
import { Project } from './project.ts'

const SWEEP = `import { experiment } from 'reprise'
export default experiment({
  name: 'a/b sweep', parameters: { a: [1, 2, 3], b: [1, 2, 3] }, repetitions: 4, chunk: 2,
  labels: { a: 'amount (kg)' },
  run: ({ point, random }) => ({ y: point.a + point.b * random() }),
})
`

test('should write page, numbers and figures, and say in JSON what they are', async (t) => {
  const { project, run } = await Project.ran(t, { 'x.ts': SWEEP })
  const targets = ['--md', 'r.md', '--csv', 'r.csv', '--svg', 'figures']
  const answer = await project.json(0, 'report', '@last', ...targets)
  const page = `report-a-b-sweep-${run.run}.html`
  assert.deepEqual(
    [answer.run, answer.root, answer.page, answer.points, answer.hasResults, answer.withheld],
    [run.run, run.root, page, 9, true, []],
  )
  const files = (answer.files as { file: string }[]).map(({ file }) => file).sort()
  assert.deepEqual(files, ['figures/01-y.svg', 'r.csv', 'r.md', page].sort())
  for (const file of files) assert.ok(existsSync(project.path(file)), file)
  assert.match(readFileSync(project.path('figures/01-y.svg'), 'utf8'), /amount \(kg\)/)
  assert.equal(readFileSync(project.path('r.csv'), 'utf8').split('\n').length, 11)

  const before = readdirSync(project.folder)
  const refused = await project.json(1, 'report', '@last', '--csv', 'other.csv')
  assert.equal((refused.error as { code: string }).code, 'refused')
  symlinkSync('.', project.path('here'))
  for (const clash of [
    ['-o', 'same', '--md', './same'],
    ['-o', 'new', '--csv', 'here/new'],
    ['--md', page, '--force'],
    ['-o', 'new', '--svg', 'new'],
  ]) {
    const { error } = await project.json(2, 'report', '@last', ...clash)
    assert.match((error as { message: string }).message, /same place/)
  }
  rmSync(project.path('here'))
  assert.deepEqual(readdirSync(project.folder), before)
})
