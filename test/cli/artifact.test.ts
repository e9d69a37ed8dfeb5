/** An artifact of real runs: what is in it does what its README says, in a place where there is nothing else. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { mean, Project } from './project.ts'

const AUTHOR = ['--author', 'Doe, Jane']

test('should make a folder whose bundle verifies, reruns, and gives the means that are beside it', async (t) => {
  const { project, run } = await Project.ran(t, { 'x.ts': mean() })
  project.write('LICENSE', 'Do what you like.\n')
  project.write(
    'claims.jsonl',
    '{"claim": "At 3 it is about three and a half.", "point": {"a": 3}, "field": "mean", "value": "3.5"}\n',
  )
  const words = ['export', '@last', '--artifact', 'artifact', '--claims', 'claims.jsonl', ...AUTHOR]
  const answer = await project.json(0, ...words)
  assert.deepEqual(answer.runs, [{ run: run.run, root: run.root }])
  const key = `mean-${run.root.slice(0, 8)}`
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  const tool = `reprise-${version}.tgz`
  const names = [
    '.zenodo.json',
    'CITATION.cff',
    'LICENSE',
    'README.md',
    'codemeta.json',
    `${key}.csv`,
    `${key}.zip`,
    tool,
  ]
  assert.deepEqual(readdirSync(project.path('artifact')).sort(), [...names, 'ro-crate-metadata.json'].sort())

  const crate = JSON.parse(readFileSync(project.path('artifact/ro-crate-metadata.json'), 'utf8'))
  const files = crate['@graph'].filter((entity: { '@type': string }) => entity['@type'] === 'File')
  assert.deepEqual(files.map((file: { '@id': string }) => file['@id']).sort(), names.sort())
  for (const { '@id': name, sha256, contentSize } of files) {
    const bytes = readFileSync(project.path('artifact', name))
    assert.deepEqual(
      [sha256, contentSize],
      [createHash('sha256').update(bytes).digest('hex'), String(bytes.length)],
    )
  }
  const listed = spawnSync('tar', ['-tzf', project.path('artifact', tool)], { encoding: 'utf8' }).stdout
  assert.match(listed, /^package\/dist\/cli\/main\.js$/m, 'the tool is in it')

  const stranger = new Project(t)
  cpSync(project.path('artifact'), stranger.path('artifact'), { recursive: true })
  const readme = readFileSync(stranger.path('artifact/README.md'), 'utf8')
  const commands = [...readme.matchAll(/^ {4}reprise (\S.*)$/gm)].map(([, command]) => command!)
  assert.deepEqual(commands, [
    '--version',
    `verify ${key}.zip`,
    `rerun ${key}.zip --sample 20`,
    `rerun ${key}.zip`,
    `results @last --means --format csv | cmp - ${key}.csv`,
  ])
  const cwd = stranger.path('artifact')
  const run1 = async (...words: string[]) =>
    stranger.start(words, { cwd, env: { REPRISE_LAB: stranger.lab } }).finished
  assert.equal((await run1('verify', `${key}.zip`)).code, 0)
  assert.match((await run1('rerun', `${key}.zip`, '--yes')).stdout, /^identical/m)
  const { stdout } = await run1('results', '@last', '--means', '--format', 'csv')
  assert.equal(stdout, readFileSync(join(cwd, `${key}.csv`), 'utf8'))
  assert.match(readme, /At 3 it is about three and a half\. \| .* `a=3`/)

  const ledger = (await project.json(0, 'ledger')).entries.at(-1)
  assert.deepEqual([ledger.kind, ledger.body.what], ['exported', 'artifact'])
  await project.json(0, ...words.map((word) => (word === 'artifact' ? 'again' : word)))
  for (const name of names)
    assert.deepEqual(
      readFileSync(project.path('again', name)),
      readFileSync(project.path('artifact', name)),
      name,
    )
})

test('should take several runs, also such as come as bundles, and tell those of one root apart', async (t) => {
  const { project, run } = await Project.ran(t, { 'x.ts': mean() })
  await project.json(0, 'export', '@last', '--bundle', 'one.zip')
  const again = await project.json(0, 'rerun', '@last')
  const { target } = await project.json(
    0,
    'export',
    'one.zip',
    again.run,
    '--artifact',
    'a',
    '--no-tool',
    ...AUTHOR,
  )
  assert.equal(target, 'a')
  const key = `mean-${run.root.slice(0, 8)}`
  const tables = [run.run, again.run].map((id) => readFileSync(project.path('a', `${key}-${id}.csv`), 'utf8'))
  assert.equal(tables[0], tables[1])
})

test('should refuse in one line, and leave nothing', async (t) => {
  const { project } = await Project.ran(t, { 'x.ts': mean() })
  project.write('false.jsonl', '{"claim": "x", "point": {"a": 3}, "field": "mean", "value": "4.5"}\n')
  project.write('full/file', 'x')
  const before = readdirSync(project.folder)
  const REFUSED: readonly (readonly [words: readonly string[], code: string, says: RegExp])[] = [
    [
      ['@last', '--artifact', 'a', ...AUTHOR, '--claims', 'false.jsonl'],
      'refused',
      /claim 1: says mean is 4\.5/,
    ],
    [['@last', '--artifact', 'a'], 'usage', /--author/],
    [['@last', '--artifact', 'full', ...AUTHOR], 'refused', /not empty/],
    [['@last', '@last', '--artifact', 'a', ...AUTHOR], 'usage', /twice/],
    [['@last', '@last', '--prov', 'p'], 'usage', /one run too many/],
    [['@last', '--artifact', 'a', '--prov', 'p', ...AUTHOR], 'usage', /--artifact: goes with no other form/],
    [['@last', '--prov', 'p', '--claims', 'false.jsonl'], 'usage', /--claims: goes with --artifact/],
    [['@last', '--artifact', '-', ...AUTHOR], 'usage', /--artifact/],
  ]
  await Promise.all(
    REFUSED.map(async ([words, code, says]) => {
      const { stdout, stderr } = await project.reprise('export', ...words, '--no-tool', '--json')
      assert.equal(JSON.parse(stdout).error?.code, code, `${words.join(' ')}: ${stderr}`)
      assert.match(stderr, says)
    }),
  )
  assert.deepEqual(readdirSync(project.folder), before)
  assert.ok(!existsSync(project.path('a')) && lstatSync(project.path('full')).isDirectory())
})
