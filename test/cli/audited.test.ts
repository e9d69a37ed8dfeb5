/** Code identity from end to end: audited runs, what the record keeps of a changed tree, and what it never holds. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { git, head } from '../provenance/repositories.ts'
import { mean, Project } from './project.ts'

const IGNORED = 'tmp/\nhome/\nsecret.ts\ndata.csv\n'

const USING = `import { experiment } from 'reprise'
import { twice } from './lib/twice.ts'
export default experiment({
  name: 'using', parameters: { a: [1, 2] }, repetitions: 2,
  run: ({ point, random }) => ({ x: twice(point.a) + random() }),
})
`
const TWICE = 'export const twice = (x: number): number => 2 * x\n'

function committed(t: TestContext, files: Readonly<Record<string, string>>): Project {
  const project = new Project(t, { '.gitignore': IGNORED, ...files })
  git(project.folder, 'init', '-q', '-b', 'trunk')
  git(project.folder, 'add', '.')
  git(project.folder, 'commit', '-q', '-m', 'first')
  return project
}

async function refusedAudit(project: Project, says: RegExp): Promise<void> {
  const before = project.runNames()
  const { error } = await project.json(1, 'run', 'x.ts', '--audited')
  assert.equal(error.code, 'refused')
  assert.match(error.message, says)
  assert.match(error.remedy, /without --audited/)
  assert.deepEqual(project.runNames(), before, 'nothing is planned')
}

test('should record an audited run as one, in plan, manifest and words', async (t) => {
  const project = committed(t, { 'x.ts': USING, 'lib/twice.ts': TWICE })
  const { run, manifest } = await project.json(0, 'run', 'x.ts', '--audited')
  const record = JSON.parse(readFileSync(manifest, 'utf8')).run
  assert.deepEqual(
    [record.audited, record.code.commit, record.code.dirty],
    [true, head(project.folder), false],
  )
  assert.equal((await project.json(0, 'show', run)).plan.audited, true)
  assert.match((await project.reprise('show', run)).stdout, /^code +[0-9a-f]{40} \(trunk\), audited$/m)
  await project.json(0, 'verify', run)
  const again = await project.json(0, 'rerun', run)
  const repeated = JSON.parse(readFileSync(join(project.runs, again.run, 'manifest.json'), 'utf8')).run
  assert.deepEqual([repeated.code, repeated.audited], [record.code, undefined], 'it executed a record')
  const plain = await project.json(0, 'run', 'x.ts')
  assert.equal(JSON.parse(readFileSync(plain.manifest, 'utf8')).run.audited, undefined)
})

test('should refuse to audit without repository or commit, and execute nothing', async (t) => {
  const project = new Project(t, { '.gitignore': IGNORED })
  const trace = project.path('tmp', 'was-here')
  project.write('x.ts', `import { writeFileSync } from 'node:fs'\nwriteFileSync('${trace}', '')\n${mean()}`)
  await refusedAudit(project, /no commit to audit: not in a git repository/)
  git(project.folder, 'init', '-q')
  await refusedAudit(project, /no commit to audit: the git repository has no commit yet/)
  assert.deepEqual([existsSync(trace), existsSync(project.lab)], [false, false])
  await project.json(0, 'run', 'x.ts')
  assert.ok(existsSync(trace), 'it would have been seen')
})

test('should refuse to audit a changed tree, naming the first changes', async (t) => {
  const project = committed(t, { 'x.ts': mean(), 'notes.txt': '' })
  project.write('notes.txt', 'changed, though not used')
  await refusedAudit(project, /uncommitted changes: M notes\.txt$/)
  git(project.folder, 'checkout', '-q', 'notes.txt')
  for (let i = 0; i < 7; i++) project.write(`${i}.txt`, '')
  await refusedAudit(project, /uncommitted changes: \?\? 0\.txt, .*4\.txt and 2 more$/)
})

test('should refuse to audit files that are used and in no commit, though git says that nothing changed', async (t) => {
  const project = committed(t, { 'x.ts': USING.replace('./lib/twice.ts', './secret.ts') })
  project.write('secret.ts', TWICE)
  await refusedAudit(project, /not in commit [0-9a-f]{12}, yet used: secret\.ts$/)
  git(project.folder, 'add', '-f', 'secret.ts')
  git(project.folder, 'commit', '-q', '-m', 'second')
  await project.json(0, 'run', 'x.ts', '--audited')
  git(project.folder, 'update-index', '--assume-unchanged', 'secret.ts')
  project.write('secret.ts', TWICE.replace('2', '3'))
  await refusedAudit(project, /told not to look at files .*: secret\.ts$/)
  git(project.folder, 'update-index', '--no-assume-unchanged', 'secret.ts')
  git(project.folder, 'checkout', '-q', 'secret.ts')
  await project.json(0, 'run', 'x.ts', '--audited')
  git(project.folder, 'update-index', '--skip-worktree', '.gitignore')
  await refusedAudit(project, /told not to look at files .*: \.gitignore$/)
})

test('should refuse to audit a program’s file that is in no commit, and allow an input, which the run keeps', async (t) => {
  const source = (files: string) => `import { command } from 'reprise'
export default command({ name: 'p', program: 'node', arguments: ['job.mjs'], files: ['${files}'], repetitions: 2,
  inputs: { data: 'data.csv' } })\n`
  const project = committed(t, { 'x.ts': source('job.mjs'), 'job.mjs': 'console.log(1)\n' })
  project.write('data.csv', '1\n')
  await project.json(0, 'run', 'x.ts', '--audited')
  git(project.folder, 'rm', '-q', '--cached', 'job.mjs')
  project.write('.gitignore', `${IGNORED}job.mjs\n`)
  git(project.folder, 'commit', '-q', '-a', '-m', 'second')
  await refusedAudit(project, /yet used: job\.mjs$/)
})

test('should refuse to audit what was changed between the look at the tree and the bundling', async (t) => {
  const source = (path: string) => `import { writeFileSync } from 'node:fs'
import { experiment } from 'reprise'
import { twice } from './lib/twice.ts'
writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(TWICE.replace('2', '3'))})
export default experiment({ name: 'moving', repetitions: 2, inputs: { data: 'data.csv' },
  run: ({ random }) => twice(random()) })\n`
  const project = new Project(t, { '.gitignore': IGNORED, 'lib/twice.ts': TWICE, 'data.csv': '1\n' })
  project.write('x.ts', source(project.path('lib/twice.ts')))
  for (const words of [
    ['init', '-q'],
    ['add', '.'],
    ['commit', '-q', '-m', 'first'],
  ])
    git(project.folder, ...words)
  // An experiment with inputs is bundled twice; in between, this one is asked what it declares.
  await refusedAudit(project, /other bytes than commit [0-9a-f]{12} has .*: lib\/twice\.ts$/)
})

test('should keep patch and untracked files in the lab by digest, and nothing of other files anywhere', async (t) => {
  const project = committed(t, {
    'x.ts': USING,
    'lib/twice.ts': TWICE,
    '.env': 'KEY=\n',
    'config.json': '{}\n',
  })
  const secrets = ['canary-remote', 'canary-dotenv', 'canary-config', 'canary-untracked']
  git(project.folder, 'remote', 'add', 'origin', `https://me:${secrets[0]}@example.org/x.git?t=${secrets[0]}`)
  project.write('.env', `KEY=${secrets[1]}\n`)
  project.write('config.json', `{"password":"${secrets[2]}"}\n`)
  project.write('notes.txt', `${secrets[3]}\n`)
  project.write('lib/twice.ts', `${TWICE}// changed\n`)
  project.write('secret.ts', TWICE)
  project.write('x.ts', `${USING}import './secret.ts'\n`)
  const told = [await project.reprise('run', 'x.ts'), await project.reprise('show', '@last')]
  const { plan } = await project.json(0, 'show', '@last')
  assert.deepEqual(plan.code.remotes, [{ name: 'origin', url: 'https://example.org/x.git' }])
  assert.deepEqual(plan.code.changes.slice(0, 4), [' M .env', ' M config.json', ' M lib/twice.ts', ' M x.ts'])
  const kept = readdirSync(join(project.lab, 'objects'))
  const [file] = plan.code.untracked
  assert.deepEqual([file.path, ...kept], ['secret.ts', ...[file.sha256, plan.code.patch.sha256].sort()])
  assert.equal(readFileSync(join(project.lab, 'objects', file.sha256), 'utf8'), TWICE)
  const patch = readFileSync(join(project.lab, 'objects', plan.code.patch.sha256), 'utf8')
  assert.match(patch, /^\+\/\/ changed$/m)
  assert.deepEqual(patch.match(/^diff .*$/gm), [
    'diff --git a/lib/twice.ts b/lib/twice.ts',
    'diff --git a/x.ts b/x.ts',
  ])
  for (const { code } of told) assert.equal(code, 0)
  const words = told.map(({ stdout, stderr }) => stdout + stderr).join('')
  assert.match(words, /^patch +SHA-256 [0-9a-f]{64} \([\d,]+ bytes\)$/m)
  assert.match(words, /^untracked +secret\.ts, SHA-256 /m)
  const everything = [words, ...filesIn(project.lab).map((path) => readFileSync(path, 'latin1'))]
  for (const secret of secrets)
    assert.ok(
      everything.every((text) => !text.includes(secret)),
      secret,
    )
})

test('should tell in a diff which code is other', async (t) => {
  const project = committed(t, { 'x.ts': USING, 'lib/twice.ts': TWICE })
  const { run } = await project.json(0, 'run', 'x.ts')
  git(project.folder, 'remote', 'add', 'origin', 'https://example.org/x.git')
  project.write('lib/twice.ts', `${TWICE}// a comment is no part of a capsule\n`)
  const next = await project.json(0, 'run', 'x.ts')
  const { identical, code } = await project.json(0, 'diff', run, next.run)
  assert.deepEqual(
    [identical, ...code.map(({ what }: { what: string }) => what).sort()],
    [true, 'changes', 'dirty', 'patch', 'remote origin'],
  )
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}
