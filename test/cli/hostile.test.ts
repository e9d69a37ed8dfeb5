/** Hostile files on the command line: refused soon, with exit code 4, nothing followed, nothing written, nothing hanging. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { test } from 'node:test'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { forged, type Loose } from '../provenance/record.ts'
import { type Finished, Project } from './project.ts'

const GOLDEN = readFileSync(new URL('../../../test/golden/manifest-0.1.0.json', import.meta.url))
const manifest = parseManifest(GOLDEN)
const CAPSULE = `${manifest.capsule.sha256}.mjs`
/** Milliseconds after which the process is killed: far more than a refusal takes on a quiet machine. */
const PATIENCE = 60_000

function changed(change: (loose: Loose) => void): Uint8Array {
  return forged(manifest, change)
}

const withoutCapsule = () =>
  changed(({ capsule }) => {
    capsule.source = null
  })

/** Runs a command that must not hang. */
function gently(project: Project, ...words: string[]): Promise<Finished> {
  return project.start(words, { patience: PATIENCE }).finished
}

/** Demands that each command that reads a record refuses this one. */
async function refusedByAll(
  project: Project,
  path: string,
  what: RegExp,
  words = ['verify', 'rerun'],
): Promise<void> {
  for (const word of words) {
    const more = { rerun: ['--yes'], export: ['--bundle', 'out.zip'] }[word] ?? []
    const { code, signal, stdout, stderr } = await gently(project, word, path, ...more)
    assert.deepEqual([code, signal], [4, null], `${word}: ${stdout}${stderr}`)
    assert.match(`${stdout}${stderr}`, what, word)
  }
  assert.ok(!existsSync(project.lab), 'no lab is made')
  assert.ok(!existsSync(project.path('out.zip')))
  assert.deepEqual(readdirSync(project.path('tmp')), [])
}

test('should refuse a text that is larger than a manifest may be, without reading it', async (t) => {
  const project = new Project(t)
  const path = project.write('large.json', '')
  truncateSync(path, 2 ** 40) // a sparse file
  await refusedByAll(project, path, /is larger than 268435456 bytes/)
})

test('should refuse 256 MiB that would be a hundred million values, or one', async (t) => {
  const project = new Project(t)
  const path = project.path('full.json')
  const pieces = [
    '[],'.repeat(2 ** 18),
    '{\n'.repeat(2 ** 18),
    'x'.repeat(2 ** 20),
    '  "a": 1,\n'.repeat(2 ** 16),
  ]
  for (const piece of pieces) {
    const file = openSync(path, 'w')
    writeSync(file, piece.startsWith('  ') ? '{\n' : '[')
    for (let size = 1; size + piece.length < 2 ** 28; size += piece.length) writeSync(file, piece)
    closeSync(file)
    await refusedByAll(project, path, /not an exact text: line \d+|not JSON/, ['verify'])
  }
})

test('should not follow links, nor wait for what is no file, beside a manifest', async (t) => {
  const project = new Project(t)
  const path = project.write('m.json', withoutCapsule())
  const beside = project.path(CAPSULE)
  const outside = project.write('outside/capsule.mjs', manifest.capsule.source ?? '')
  const kinds: [string, () => void, RegExp][] = [
    ['a link to the very file', () => symlinkSync(outside, beside), /is a symbolic link/],
    ['a link to a device', () => symlinkSync('/dev/zero', beside), /is a symbolic link/],
    ['a link to nothing', () => symlinkSync('/nowhere', beside), /is a symbolic link/],
    ['a link to itself', () => symlinkSync(beside, beside), /is a symbolic link/],
    ['a FIFO', () => execFileSync('mkfifo', [beside]), /is no regular file/],
    ['a folder', () => mkdirSync(beside), /is no regular file/],
  ]
  for (const [how, make, what] of kinds) {
    make()
    await refusedByAll(project, path, what, ['verify', 'rerun', 'export', 'diff'].slice(0, 3))
    rmSync(beside, { recursive: true })
    assert.ok(existsSync(outside), how)
  }
  writeFileSync(beside, manifest.capsule.source ?? '')
  assert.equal((await gently(project, 'verify', path)).code, 0, 'the file itself')
})

test('should not follow links to results, leaves or inputs', async (t) => {
  const project = new Project(t)
  const digest = createHash('sha256').update('data').digest('hex')
  const path = project.write('m.json', changed(({ run }) => { run.inputs = { data: digest } })) // biome-ignore format: short
  project.write('outside/data', 'data')
  mkdirSync(project.path('elsewhere'))
  project.write(`elsewhere/${digest}`, 'data')
  symlinkSync(project.path('elsewhere'), project.path('inputs'))
  await refusedByAll(project, path, /inputs: is a symbolic link/, ['rerun', 'export'])
  rmSync(project.path('inputs'))
  symlinkSync(project.path('outside/data'), project.path(digest))
  await refusedByAll(project, path, /is a symbolic link/, ['rerun', 'export'])
  rmSync(project.path(digest))
  execFileSync('mkfifo', [project.path('chunks.jsonl')])
  await refusedByAll(project, path, /chunks\.jsonl: is no regular file/, ['verify', 'export'])
  rmSync(project.path('chunks.jsonl'))
  const leaves = changed(({ results }) => { results.leaves = { sha256: digest } as unknown as string[] }) // biome-ignore format: short
  project.write('m.json', leaves)
  symlinkSync(project.path('outside/data'), project.path(`${digest}.leaves`))
  await refusedByAll(project, path, /is a symbolic link/)
})

test('should not be led out of the folder by any text of a record', async (t) => {
  if (process.env.REPRISE_SLOW !== '1') return t.skip('only with REPRISE_SLOW=1')
  const project = new Project(t)
  const climbing = '../../../../../../tmp/evil'
  const cases: ((loose: Loose) => void)[] = [
    ({ run }) => { run.inputs = { [climbing]: 'ab'.repeat(32) } },
    ({ run }) => { run.inputs = { data: climbing } },
    ({ results }) => { results.leaves = { sha256: climbing } as unknown as string[] },
    ({ capsule }) => { Object.assign(capsule, { sha256: climbing, source: null }) },
    ({ run }) => { run.id = climbing },
    ({ run }) => { run.id = '20261123T093015512-00000g' },
  ] // biome-ignore format: a table
  for (const change of cases) {
    project.write('m.json', changed(change))
    await refusedByAll(project, 'm.json', /must (match|be)/, ['verify', 'rerun', 'show', 'export'])
  }
})

test('should not wait for a FIFO or a device that is named as a record', async (t) => {
  const project = new Project(t)
  execFileSync('mkfifo', [project.path('fifo')])
  for (const path of [project.path('fifo'), '/dev/zero', '/dev/full', project.folder])
    for (const word of ['verify', 'show', 'rerun', 'export']) {
      const more = word === 'export' ? ['--bundle', 'out.zip'] : []
      const { code, signal } = await gently(project, word, path, ...more)
      assert.deepEqual([code, signal], [1, null], `${word} ${path}`)
    }
})
