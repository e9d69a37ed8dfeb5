/** Input files and programs' files: shipped with the run, the same bytes ever after, refused when they are not. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Project } from '../cli/project.ts'

const READER = `import { experiment } from 'reprise'
export default experiment({
  name: 'reader', parameters: { row: [0, 1, 2] }, repetitions: 2, inputs: { data: 'data/rows.csv' },
  run: ({ point, input, random }) => ({ cell: input.text('data').split('\\n')[point.row], bytes: input('data').length, random: random() }),
})
`
const DATA = 'α,1\nβ,2\nγ,3\n'
const DIGEST = createHash('sha256').update(DATA).digest('hex')

async function readerRun(t: TestContext) {
  const project = new Project(t, { 'x.ts': READER, 'data/rows.csv': DATA })
  return { project, made: await project.json(0, 'run', 'x.ts') }
}

test('should ship a declared input to the jobs and record its digest', async (t) => {
  const { project, made } = await readerRun(t)
  const rows = (await project.reprise('results', made.run)).stdout
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row))
  assert.deepEqual(
    rows.map(({ result }) => result.cell),
    ['α,1', 'α,1', 'β,2', 'β,2', 'γ,3', 'γ,3'],
  )
  assert.ok(rows.every(({ result }) => result.bytes === Buffer.byteLength(DATA)))
  assert.deepEqual(JSON.parse(readFileSync(made.manifest, 'utf8')).run.inputs, { data: DIGEST })
  assert.equal(readFileSync(join(project.lab, 'inputs', DIGEST), 'utf8'), DATA)
})

test('should rerun with the bytes of then, after the file was changed and after it was deleted', async (t) => {
  const { project, made } = await readerRun(t)
  project.write('data/rows.csv', 'other,0\n')
  assert.equal((await project.json(0, 'rerun', made.run)).root, made.root)
  rmSync(project.path('data'), { recursive: true })
  assert.equal((await project.json(0, 'rerun', made.run)).root, made.root)
  assert.equal((await project.reprise('run', 'x.ts')).code, 2, 'a new run needs it')
})

test('should give another capsule and root for other input bytes, and the same for the same', async (t) => {
  const { project, made } = await readerRun(t)
  assert.equal((await project.json(0, 'run', 'x.ts')).root, made.root)
  project.write('data/rows.csv', DATA.replace('2', '3'))
  const other = await project.json(0, 'run', 'x.ts')
  assert.notEqual(other.root, made.root)
  assert.equal(other.experiment, made.experiment, 'what is asked is the same')
})

test('should say which input is missing beside a manifest from elsewhere, and take it from there', async (t) => {
  const { project, made } = await readerRun(t)
  const there = new Project(t)
  copyFileSync(made.manifest, there.path('paper.json'))
  const { code, stderr } = await there.reprise('rerun', 'paper.json', '--yes')
  assert.equal(code, 1)
  assert.match(
    stderr,
    new RegExp(
      `^reprise: inputs\\.data: the input with SHA-256 ${DIGEST} is not here\\. Put it beside the manifest`,
    ),
  )
  assert.deepEqual(there.runNames(), [])
  there.write(DIGEST, 'not these bytes')
  assert.equal((await there.reprise('rerun', 'paper.json', '--yes')).code, 4)
  assert.deepEqual(there.runNames(), [])
  rmSync(there.path(DIGEST))
  mkdirSync(there.path('inputs'))
  copyFileSync(project.path('data/rows.csv'), there.path('inputs', DIGEST))
  assert.equal((await there.json(0, 'rerun', 'paper.json', '--yes')).root, made.root)
})

test('should mend an input that was damaged in the lab from the file beside the manifest', async (t) => {
  const { project, made } = await readerRun(t)
  project.write(`.reprise/inputs/${DIGEST}`, 'damaged')
  copyFileSync(made.manifest, project.path('paper.json'))
  copyFileSync(project.path('data/rows.csv'), project.path(DIGEST))
  assert.equal((await project.json(0, 'rerun', 'paper.json')).root, made.root)
  assert.equal(readFileSync(join(project.lab, 'inputs', DIGEST), 'utf8'), DATA)
})

test('should not resume with a damaged input or capsule, and say which', async (t) => {
  const dying = READER.replace(
    'run: (',
    `setup() { if (!process.getBuiltinModule('fs').existsSync(process.env.HOME + '/mended')) process.exit(1) }, run: (`,
  )
  const project = new Project(t, { 'x.ts': dying, 'data/rows.csv': DATA })
  assert.equal((await project.reprise('run', 'x.ts')).code, 5)
  project.write('home/mended', '')
  const { run, plan } = await project.json(0, 'show', '@last')
  const capsule = join(project.lab, 'capsules', `${plan.capsule.sha256}.mjs`)
  const text = readFileSync(capsule, 'utf8')
  project.write(`.reprise/capsules/${plan.capsule.sha256}.mjs`, `${text}\n// changed`)
  const changed = await project.reprise('resume', run)
  assert.equal(changed.code, 4, changed.stderr)
  assert.match(changed.stderr, /^reprise: .*\.mjs: is not the capsule with this SHA-256/m)
  rmSync(capsule)
  assert.equal((await project.reprise('resume', run)).code, 1)
  project.write(`.reprise/capsules/${plan.capsule.sha256}.mjs`, text)
  assert.equal((await project.json(0, 'resume', run)).state, 'sealed')
  assert.ok(existsSync(join(project.runs, run, 'manifest.json')))
})
