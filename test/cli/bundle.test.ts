/** Bundles on the command line: written, checked elsewhere without anything of here, rerun, and found out when changed. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import { zipOf } from '../lab/zips.ts'
import { type Answer, eventually, mean, Project } from './project.ts'

const READER = `import { experiment } from 'reprise'
export default experiment({
  name: 'reader', parameters: { row: [0, 1] }, repetitions: 6, chunk: 2, inputs: { data: 'rows.csv' },
  run: ({ point, input, random }) => ({ cell: input.text('data').split('\\n')[point.row], random: random() }),
})
`
const DATA = 'α,1\nβ,2\n'

async function bundled(t: TestContext, source = mean()) {
  const { project, run: made } = await Project.ran(t, { 'x.ts': source, 'rows.csv': DATA })
  const bundle = project.path('x.zip')
  const report = (await project.json(0, 'export', made.run, '--bundle', bundle)).written[0]
  return { project, made, bundle, report }
}

/** The files of a bundle by name, as Python's zipfile reads them. */
function contents(bundle: string): Map<string, Buffer> {
  const program = `
import base64, json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
json.dump({i.filename: base64.b64encode(archive.read(i)).decode() for i in archive.infolist()}, sys.stdout)`
  const text = execFileSync('python3', ['-c', program, bundle], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  const files = JSON.parse(text) as Record<string, string>
  return new Map(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes, 'base64')]))
}

/** The bundle made anew by other means, with some of its files changed, added or (null) left out. */
function remade(bundle: string, change: Readonly<Record<string, string | Buffer | null>>): Buffer {
  const files = new Map<string, string | Buffer | null>([...contents(bundle), ...Object.entries(change)])
  const parts = [...files].flatMap(([name, content]) => (content === null ? [] : [{ name, content }]))
  return zipOf(parts.map((part) => ({ ...part, deflate: part.name !== 'README.txt' })))
}

/** SHA-256 of 'x', which no manifest here names. */
const FOREIGN = createHash('sha256').update('x').digest('hex')

const leftovers = (project: Project) => readdirSync(project.path('tmp'))

test('should hold the manifest, the results by line and the inputs, the same bytes each time', async (t) => {
  const { project, made, bundle, report } = await bundled(t, READER)
  const files = contents(bundle)
  const { run, results } = JSON.parse(readFileSync(made.manifest, 'utf8'))
  const names = ['manifest.json', 'README.txt', `inputs/${run.inputs.data}`, 'chunks.jsonl']
  assert.deepEqual([[...files.keys()], report.contents, report.missing], [names, names, []])
  assert.deepEqual(files.get('manifest.json'), readFileSync(made.manifest))
  assert.equal(files.get(`inputs/${run.inputs.data}`)?.toString(), DATA)
  for (const word of [made.run, made.root]) assert.ok(files.get('README.txt')?.includes(word))

  const lines = project.write('chunks.jsonl', files.get('chunks.jsonl')!)
  for (const [i, leaf] of results.leaves.entries()) {
    const script = `{ printf '\\0'; sed -n ${i + 1}p "$0" | tr -d '\\n'; } | sha256sum`
    assert.equal(execFileSync('sh', ['-c', script, lines], { encoding: 'utf8' }).slice(0, 64), leaf)
  }
  for (const [name, TZ] of [
    ['again.zip', 'Asia/Tokyo'],
    ['and-again.zip', 'America/Caracas'],
  ] as const) {
    const words = ['export', made.manifest, '--bundle', name]
    assert.equal((await project.start(words, { env: { TZ } }).finished).code, 0)
    assert.deepEqual(readFileSync(project.path(name)), readFileSync(bundle))
  }
  const again = (await project.json(0, 'export', bundle, '--bundle', 'copy.zip')).written[0]
  assert.deepEqual(again.files[0].sha256, report.files[0].sha256)
  assert.deepEqual(readFileSync(project.path('copy.zip')), readFileSync(bundle), 'a bundle of a bundle')
})

test('should be verified, shown, compared and rerun in an empty folder', async (t) => {
  const { made, bundle } = await bundled(t, READER)
  const there = new Project(t)
  const verified = await there.json(0, 'verify', bundle)
  assert.deepEqual([verified.valid, verified.problems, verified.root], [true, [], made.root])
  assert.ok(verified.checked.includes('every chunk'))
  assert.ok(verified.unchecked.some((what: string) => what.includes('see rerun')))
  assert.deepEqual([there.runNames(), existsSync(there.lab)], [[], false])
  assert.equal((await there.json(0, 'show', bundle)).run, made.run)
  assert.equal((await there.reprise('doctor', bundle)).code, 0)
  const rerun = await there.json(0, 'rerun', bundle, '--yes')
  assert.deepEqual([rerun.verdict, rerun.root], ['identical', made.root])
  assert.equal((await there.json(0, 'diff', bundle, rerun.run)).identical, true)
  assert.deepEqual(leftovers(there), [])
})

test('should be verified by another user, without git, lab, home or network', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root can be another user')
  const { made, bundle } = await bundled(t)
  const there = new Project(t)
  for (const folder of [there.folder, there.path('tmp')]) chmodSync(folder, 0o755)
  chmodSync(there.path('tmp'), 0o777)
  const here = new Map([['x.zip', readFileSync(bundle)]])
  for (const [name, bytes] of here) there.write(name, bytes)
  rmSync(there.path('home'), { recursive: true })
  rmSync(there.path('package.json'))
  const empty = there.path('empty')
  mkdirSync(empty)
  const through = ['unshare', '--net', 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const { code, stdout, stderr } = await there.start(['verify', '../x.zip'], {
    cwd: empty,
    through,
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' },
  }).finished
  assert.equal(code, 0, stderr)
  assert.match(stdout, new RegExp(`^checked: .*every chunk[\\s\\S]*^intact {2}root ${made.root}$`, 'm'))
  assert.deepEqual([readdirSync(empty), leftovers(there)], [[], []])
})

test('should be known by its content, not its name, and never be written over by mistake', async (t) => {
  const { project, made, bundle } = await bundled(t)
  const other = project.write('x.json', readFileSync(bundle))
  assert.equal((await project.json(0, 'verify', other)).root, made.root)
  project.write('there.zip', 'mine')
  const refused = await project.reprise('export', made.run, '--bundle', 'there.zip')
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /there\.zip: is there already\. Name another file, or replace it with --force/)
  assert.equal(readFileSync(project.path('there.zip'), 'utf8'), 'mine')
  await project.json(0, 'export', made.run, '--bundle', 'there.zip', '--force')
  assert.deepEqual(readFileSync(project.path('there.zip')), readFileSync(bundle))
  for (const words of [[], ['--bundle', 'y.zip', '--chunk', '1']])
    assert.equal((await project.reprise('export', made.run, ...words)).code, 2)
  assert.equal((await project.reprise('export', made.run, '--bundle', 'nowhere/y.zip')).code, 1)
  assert.deepEqual(
    readdirSync(project.folder).filter((name) => name.includes('.tmp')),
    [],
  )
})

test('should say what is not at hand where there is a manifest alone', async (t) => {
  const { made } = await bundled(t, READER)
  const there = new Project(t)
  there.write('paper.json', readFileSync(made.manifest))
  const { missing, contents: files } = (await there.json(0, 'export', 'paper.json', '--bundle', 'y.zip'))
    .written[0]
  assert.deepEqual(files, ['manifest.json', 'README.txt'])
  assert.match(missing.join(), /^inputs\/[0-9a-f]{64},chunks\.jsonl$/)
  const { valid, unchecked } = await there.json(0, 'verify', 'y.zip')
  assert.deepEqual([valid, unchecked.includes('chunks (no results given)')], [true, true])
  assert.ok(unchecked.includes(`${missing[0]} (it is not here)`))
})

test('should be found out by another README, and by an input that was replaced beside the run', async (t) => {
  const { project, made, bundle, report } = await bundled(t, READER)
  const input = report.contents[2]
  assert.ok((await project.json(0, 'verify', made.run)).checked.includes('inputs and objects (1)'))
  project.write('y.zip', remade(bundle, { 'README.txt': 'Run my script.\n' }))
  const { problems } = await project.json(4, 'verify', 'y.zip')
  assert.deepEqual(problems.map(({ where }: Answer) => where), ['README.txt']) // biome-ignore format: short
  const path = join(project.runs, made.run, input)
  rmSync(path)
  writeFileSync(path, 'else')
  const replaced = await project.json(4, 'verify', made.run)
  assert.deepEqual(replaced.problems, [{ where: input, what: 'is not the file with this SHA-256' }])
  rmSync(path)
  rmSync(join(project.lab, input))
  assert.ok((await project.json(0, 'verify', made.run)).unchecked.includes(`${input} (it is not here)`))
})

test('should not be made of results that were changed', async (t) => {
  const { project, made } = await bundled(t)
  const database = new DatabaseSync(join(project.runs, made.run, 'results.sqlite'))
  database.exec(
    `UPDATE chunks SET bytes = CAST(replace(bytes, '"mean":1.', '"mean":9.') AS BLOB) WHERE chunk = 5`,
  )
  database.close()
  const { code, stderr } = await project.reprise('export', made.run, '--bundle', 'y.zip')
  assert.equal(code, 4)
  assert.match(stderr, /chunk 5: its bytes are not those whose hash is in the manifest/)
  assert.ok(!existsSync(project.path('y.zip')))
})

test('should be found out by any change of its results, naming the chunk', async (t) => {
  if (process.env.REPRISE_SLOW !== '1') return t.skip('only with REPRISE_SLOW=1')
  const { bundle } = await bundled(t)
  const there = new Project(t)
  const text = contents(bundle).get('chunks.jsonl')!.toString()
  const lines = text.split(/(?<=\n)/)
  const cases: [string, string, readonly string[]][] = [
    ['a digit', lines.with(13, lines[13]!.replace('"mean":3.', '"mean":4.')).join(''), ['chunk 13']],
    ['a line left out', lines.toSpliced(4, 1).join(''), ['chunk 4']],
    ['the last line left out', lines.slice(0, -1).join(''), ['chunk 19']],
    ['a line twice', lines.toSpliced(4, 0, lines[4]!).join(''), ['chunk 4']],
    ['a line too many', `${text}{"chunk":20,"jobs":[]}\n`, ['chunk 20']],
    ['one that no experiment has', `${text}{"chunk":16000000,"jobs":[]}\n`, ['chunk 16000000']],
    ['two lines that changed places', lines.with(2, lines[3]!).with(3, lines[2]!).join(''), ['chunk 2', 'chunk 2']],
    ['an empty line', `${lines[0]}\n${lines.slice(1).join('')}`, ['chunk 1', 'chunk 1']],
    ['a white space', text.replace('"jobs":', '"jobs": '), ['chunk 0']],
    ['another line end', text.replaceAll('\n', '\r\n'), Array.from({ length: 20 }, (_, i) => `chunk ${i}`)],
    ['no last line feed', text.trimEnd(), ['chunks.jsonl']],
    ['nothing', '', Array.from({ length: 20 }, (_, i) => `chunk ${i}`)],
  ] // biome-ignore format: a table
  for (const [how, changed, places] of cases) {
    there.write('y.zip', remade(bundle, { 'chunks.jsonl': changed }))
    const { valid, problems } = await there.json(4, 'verify', 'y.zip')
    assert.equal(valid, false)
    assert.deepEqual(problems.map(({ where }: Answer) => where), places, how) // biome-ignore format: short
  }
  assert.deepEqual(leftovers(there), [])
})

test('should be refused where it is damaged, or holds what it should not', async (t) => {
  if (process.env.REPRISE_SLOW !== '1') return t.skip('only with REPRISE_SLOW=1')
  const { bundle } = await bundled(t, READER)
  const there = new Project(t)
  const [inputs] = [...contents(bundle).keys()].filter((name) => name.startsWith('inputs/'))
  const whole = readFileSync(bundle)
  const cases: [string, Buffer, RegExp][] = [
    ['cut', whole.subarray(0, -30), /cannot be read/],
    ['a foreign object', remade(bundle, { [`objects/${FOREIGN}`]: 'x' }), /the manifest does not name it/],
    ['a foreign input', remade(bundle, { [`inputs/${FOREIGN}`]: 'x' }), /the manifest does not name it/],
    ['another input', remade(bundle, { [inputs!]: 'else' }), /not the file with this SHA-256/],
    ['a file too many', remade(bundle, { '../../evil': 'x' }), /does not belong into a bundle/],
    ['no manifest', remade(bundle, { 'manifest.json': null }), /without a manifest\.json/],
    ['another manifest', remade(bundle, { 'manifest.json': '{}\n' }), /required property|must have/],
  ]
  for (const [how, bytes, what] of cases) {
    there.write('y.zip', bytes)
    const { valid, problems } = await there.json(4, 'verify', 'y.zip')
    assert.equal(valid, false)
    assert.match(problems[0].what, what, how)
    for (const words of [
      ['show', 'y.zip'],
      ['rerun', 'y.zip', '--yes'],
      ['diff', 'y.zip', bundle],
      ['doctor', 'y.zip'],
    ])
      assert.equal((await there.reprise(...words)).code, 4, `${words.join(' ')}: ${how}`)
  }
  assert.deepEqual(
    [leftovers(there), existsSync(there.lab), existsSync(there.path('..', '..', 'evil'))],
    [[], false, false],
  )
})

test('should take results that are all the same, which compress as a bomb does', async (t) => {
  if (process.env.REPRISE_SLOW !== '1') return t.skip('only with REPRISE_SLOW=1')
  const source = `import { experiment } from 'reprise'
export default experiment({ name: 'zeros', parameters: {}, repetitions: 400, chunk: 4, run: () => ({ zeros: new Float64Array(10_000) }) })
`
  const { made, bundle, report } = await bundled(t, source)
  assert.ok(report.files[0].bytes > 16 * 2 ** 20, 'stored, not deflated')
  const there = new Project(t)
  assert.equal((await there.json(0, 'verify', bundle)).root, made.root)
})

test('should leave nothing when it is interrupted', async (t) => {
  const random = `import { experiment } from 'reprise'
export default experiment({ name: 'noise', parameters: {}, repetitions: 200, chunk: 1,
  run: ({ random }) => ({ noise: Float64Array.from({ length: 40_000 }, () => random()) }) })
`
  const { bundle } = await bundled(t, random)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const there = new Project(t)
    const { child, finished } = there.start(['verify', bundle])
    await eventually('it unpacks', () => leftovers(there).length > 0)
    child.kill(signal)
    const { code, signal: killed, stderr } = await finished
    assert.ok(code === 130 || killed === signal, stderr)
    assert.deepEqual(leftovers(there), [])
  }
})
