/** `export`: a real run in every form, checked by other tools where there are any; and what it refuses. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { forged } from '../provenance/record.ts'
import { type Answer, mean, Project } from './project.ts'

const WITH_INPUT = `import { experiment } from 'reprise'
export default experiment({ name: 'with \\\\input{x}', parameters: { a: [1, 2] }, repetitions: 4, chunk: 2,
  inputs: { table: 'table.txt' },
  run: ({ inputs, point, random }) => ({ x: random(), text: inputs.table.text(), a: point.a }) })
`

async function projectWithRun(t: TestContext, source = mean()): Promise<{ project: Project; run: Answer }> {
  return Project.ran(t, { 'x.ts': source, 'table.txt': 'one\ntwo\n' })
}

/** Every file below a folder, by path. */
function filesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(
    paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'latin1')]),
  )
}

const ALL = [
  '--ro-crate',
  'crate',
  '--bagit',
  'bag',
  '--prov',
  'p.json',
  '--latex',
  'r.tex',
  '--bibtex',
  'r.bib',
  '--cff',
  'CITATION.cff',
]

test('should write every form at once, say what, and give the same bytes again', async (t) => {
  const { project, run } = await projectWithRun(t, WITH_INPUT)
  const answer = await project.json(0, 'export', run.run, ...ALL, '--author', 'Doe, Jane')
  assert.deepEqual([answer.run, answer.root], [run.run, run.root])
  assert.deepEqual(
    answer.written.map(({ format, target }: Answer) => [format, target]),
    [
      ['ro-crate', 'crate'],
      ['bagit', 'bag'],
      ['prov', 'p.json'],
      ['latex', 'r.tex'],
      ['bibtex', 'r.bib'],
      ['cff', 'CITATION.cff'],
    ],
  )
  for (const { target, files } of answer.written) {
    for (const { path, sha256, bytes } of files) {
      const place = project.path(target, ...(existsSync(project.path(target, path)) ? [path] : []))
      const sum = spawnSync('sha256sum', ['--', place], { encoding: 'utf8' })
      assert.equal(sum.stdout.slice(0, 64), sha256, path)
      assert.equal(readFileSync(place).length, bytes)
    }
  }
  const first = { ...filesBelow(project.path('crate')), ...filesBelow(project.path('bag')) }
  const texts = ['p.json', 'r.tex', 'r.bib', 'CITATION.cff'].map((name) =>
    readFileSync(project.path(name), 'utf8'),
  )
  mkdirSync(project.path('again'))
  await project.json(
    0,
    'export',
    run.run,
    ...ALL.map((word) => (word.startsWith('--') ? word : `again/${word}`)),
    '--author',
    'Doe, Jane',
  )
  assert.deepEqual(
    { ...filesBelow(project.path('again/crate')), ...filesBelow(project.path('again/bag')) },
    first,
  )
  assert.deepEqual(
    ['p.json', 'r.tex', 'r.bib', 'CITATION.cff'].map((name) =>
      readFileSync(project.path('again', name), 'utf8'),
    ),
    texts,
  )
})

test('should make a bag that sha256sum checks', async (t) => {
  const { project } = await projectWithRun(t, WITH_INPUT)
  await project.json(0, 'export', '@last', '--bagit', 'bag')
  const check = (...words: string[]) =>
    spawnSync('sha256sum', ['--check', '--strict', ...words], { cwd: project.path('bag'), encoding: 'utf8' })
  for (const name of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
    assert.equal(check(name).status, 0, check(name).stderr)
  const payload = Object.entries(filesBelow(project.path('bag/data')))
  const listed = readFileSync(project.path('bag/manifest-sha256.txt'), 'utf8').trimEnd().split('\n')
  assert.deepEqual(
    listed.map((line) => line.slice(66 + 'data/'.length)).sort(),
    payload.map(([path]) => path).sort(),
    'all of the payload is listed',
  )
  const info = readFileSync(project.path('bag/bag-info.txt'), 'utf8')
  assert.match(
    info,
    new RegExp(
      `^Payload-Oxum: ${payload.reduce((sum, [, text]) => sum + text.length, 0)}\\.${payload.length}$`,
      'm',
    ),
  )
  writeFileSync(project.path('bag/data/results.jsonl'), '{}\n')
  assert.notEqual(check('manifest-sha256.txt').status, 0)
})

test('should export a folder that verifies and reruns where there is nothing else', async (t) => {
  const { project, run } = await projectWithRun(t, WITH_INPUT)
  await project.json(0, 'export', '@last', '--ro-crate', 'crate')
  const results = (await project.reprise('results', '@last')).stdout
  assert.equal(readFileSync(project.path('crate/results.jsonl'), 'utf8'), results)
  const stranger = new Project(t)
  cpSync(project.path('crate'), stranger.path('crate'), { recursive: true })
  assert.equal((await stranger.json(0, 'verify', 'crate/manifest.json')).root, run.root)
  assert.equal((await stranger.json(0, 'rerun', 'crate/manifest.json', '--yes')).verdict, 'identical')
})

test('should export from a bundle what it exports from the run', async (t) => {
  const { project } = await projectWithRun(t, WITH_INPUT)
  await project.json(0, 'export', '@last', '--ro-crate', 'crate', '--bundle', 'b.zip')
  const stranger = new Project(t)
  cpSync(project.path('b.zip'), stranger.path('b.zip'))
  await stranger.json(0, 'export', 'b.zip', '--ro-crate', 'crate')
  assert.deepEqual(filesBelow(stranger.path('crate')), filesBelow(project.path('crate')))
})

test('should export a manifest without results, and say so', async (t) => {
  const { project, run } = await projectWithRun(t)
  const stranger = new Project(t, { 'manifest.json': readFileSync(run.manifest, 'utf8') })
  const { code, stdout, stderr } = await stranger.reprise(
    'export',
    'manifest.json',
    '--ro-crate',
    'crate',
    '--prov',
    'p.json',
  )
  assert.equal(code, 0, stderr)
  assert.equal(stdout, '')
  assert.match(stderr, /results are not at hand/)
  assert.ok(!existsSync(stranger.path('crate/results.jsonl')))
  await project.json(0, 'export', '@last', '--prov', 'p.json')
  assert.deepEqual(readFileSync(stranger.path('p.json')), readFileSync(project.path('p.json')))
})

test('should export manifests of earlier versions', async (t) => {
  const project = new Project(t)
  const golden = new URL('../../../test/golden/manifest-0.1.0.json', import.meta.url)
  project.write('manifest.json', readFileSync(golden))
  await project.json(0, 'export', 'manifest.json', ...ALL, '--author', 'Doe, Jane')
  assert.ok(existsSync(project.path('crate/ro-crate-metadata.json')))
})

test('should take what the user says of authors, licence and prefix', async (t) => {
  const { project } = await projectWithRun(t)
  const words = [
    '--author',
    'Doe, Jane <0000-0002-1825-0097>',
    '--author',
    'SIR Group',
    '--license',
    'https://spdx.org/licenses/CC-BY-4.0',
    '--prefix',
    'sir',
  ]
  await project.json(
    0,
    'export',
    '@last',
    '--ro-crate',
    'crate',
    '--latex',
    'r.tex',
    '--bibtex',
    'r.bib',
    ...words,
  )
  const crate = readFileSync(project.path('crate/ro-crate-metadata.json'), 'utf8')
  assert.match(
    crate,
    /"@id": "https:\/\/orcid\.org\/0000-0002-1825-0097",\s+"@type": "Person",\s+"name": "Jane Doe"/,
  )
  assert.match(crate, /"license": \{\s+"@id": "https:\/\/spdx\.org\/licenses\/CC-BY-4\.0"/)
  assert.match(readFileSync(project.path('r.tex'), 'utf8'), /\\newcommand\{\\sirroot\}/)
  assert.match(
    readFileSync(project.path('r.bib'), 'utf8'),
    /author = \{\{Doe\}, \{Jane\} and \{SIR Group\}\}/,
  )
})

const REFUSED: readonly (readonly [what: string, words: readonly string[], code: string, says: RegExp])[] = [
  ['no format', [], 'usage', /--ro-crate/],
  ['stdout as a place', ['--prov', '-'], 'usage', /--prov/],
  ['no place', ['--prov', ''], 'usage', /--prov/],
  ['one place for two', ['--prov', 'a', '--latex', './a'], 'usage', /same place as --prov/],
  ['a licence that is no address', ['--ro-crate', 'c', '--license', 'MIT'], 'usage', /--license/],
  ['a prefix that TeX cannot read', ['--latex', 'a', '--prefix', 'r1'], 'usage', /--prefix/],
  [
    'an ORCID with a slip',
    ['--cff', 'a', '--author', 'J <0000-0002-1825-0098>'],
    'usage',
    /0000-0002-1825-0098/,
  ],
  [
    'one ORCID for two',
    ['--cff', 'a', '--author', 'J <0000-0002-1825-0097>', '--author', 'K <0000-0002-1825-0097>'],
    'usage',
    /twice/,
  ],
  ['a citation file without an author', ['--prov', 'p', '--cff', 'a'], 'usage', /--author/],
  ['a file that is there', ['--prov', 'p', '--cff', 'x.ts'], 'refused', /--force/],
  ['a folder that is not empty', ['--prov', 'p', '--ro-crate', 'tmp', '--force'], 'refused', /not empty/],
  ['a file where a folder is', ['--prov', 'tmp', '--force'], 'refused', /no file/],
  ['a place in no folder', ['--prov', 'nowhere/p'], 'storage', /nowhere/],
]

test('should refuse in one line, and write nothing', async (t) => {
  const { project } = await projectWithRun(t)
  project.write('tmp/mine', 'x')
  const before = filesBelow(project.folder)
  for (const [what, words, expected, says] of REFUSED) {
    const { code, stdout, stderr } = await project.reprise('export', '@last', ...words, '--json')
    assert.equal(JSON.parse(stdout).error?.code, expected, what)
    assert.equal(code, expected === 'usage' ? 2 : 1, what)
    assert.match(stderr, /^reprise: [^\n]+\n$/, what)
    assert.match(stderr, says, what)
  }
  assert.deepEqual(Object.keys(filesBelow(project.folder)), Object.keys(before))
  await project.json(0, 'export', '@last', '--prov', 'x.ts', '--force')
  assert.match(readFileSync(project.path('x.ts'), 'utf8'), /^\{\n {2}"prefix"/)
})

test('should refuse a run that is not sealed', async (t) => {
  const project = new Project(t, {
    'x.ts': mean({ before: 'if (point.a === 4 && repetition === 19) process.exit(1)' }),
  })
  await project.reprise('run', 'x.ts')
  assert.equal((await project.json(5, 'export', '@last', '--prov', 'p.json')).error.code, 'incomplete')
})

test('should export nothing that contradicts itself', async (t) => {
  const { project, run } = await projectWithRun(t)
  const manifest = parseManifest(readFileSync(run.manifest))
  const odd = {
    root: forged(manifest, (loose) => {
      loose.results.root = '0'.repeat(64)
    }),
    hash: forged(manifest, (loose) => {
      loose.experiment.hash = '0'.repeat(64)
    }),
    time: forged(manifest, (loose) => {
      loose.run.sealed = '2026-02-30T00:00:00.000Z'
    }),
    words: forged(manifest, (loose) => {
      loose.run.sealed = 'yesterday\u001b[2J'
    }),
  }
  for (const [name, bytes] of Object.entries(odd)) {
    project.write(`${name}.json`, bytes)
    const { stdout, stderr, code } = await project.reprise(
      'export',
      `${name}.json`,
      '--ro-crate',
      'crate',
      '--prov',
      'p.json',
      '--json',
    )
    assert.deepEqual([code, JSON.parse(stdout).error.code], [4, 'not-intact'], name)
    assert.ok(!stderr.includes('\u001b[2J'))
  }
  const changed = "UPDATE chunks SET bytes = replace(CAST(bytes AS TEXT), '0.', '1.') WHERE chunk = 3"
  const sqlite = spawnSync('sqlite3', [project.path('.reprise/runs', run.run, 'results.sqlite'), changed], {
    encoding: 'utf8',
  })
  if (sqlite.error !== undefined) return t.skip('sqlite3 is not here')
  assert.equal(sqlite.status, 0, sqlite.stderr)
  const answer = await project.json(4, 'export', '@last', '--bagit', 'bag')
  assert.deepEqual([answer.error.code, answer.error.subject], ['not-intact', 'chunk 3'])
  assert.ok(
    !existsSync(project.path('crate')) &&
      !existsSync(project.path('bag')) &&
      !existsSync(project.path('p.json')),
  )
})
