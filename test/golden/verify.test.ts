/**
 * What Reprise calls intact, a verifier that shares no code with it calls intact, too: records of all versions with
 * their results, seeds, ledgers, witnesses and changes of key.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findLab, makeLab } from '../../lab/lab.ts'
import { Project } from '../cli/project.ts'
import { beginSession, MadeJournal, taskTold } from '../lab/made-journal.ts'
import { allChunks, documentOf, plannedRun } from '../lab/run.ts'
import { examine, intact, placesIn, python, SCRIPT, sealed, UNLESS_THERE } from './independent.ts'
import { GOLDEN } from './vectors.ts'

const ROOT = new URL('../../', GOLDEN)

test('should find a run intact, with every chunk, row, entry and the signature', UNLESS_THERE, async (t) => {
  const { project, run, manifest, manifestPath, resultsPath, ledgerPath } = await sealed(t)
  assert.equal(manifest.run.counts.failedJobs, 2)
  const rows = project.write(
    'rows.jsonl',
    (await project.reprise('results', run, '--format', 'jsonl')).stdout,
  )
  assert.equal(readFileSync(rows, 'utf8').trimEnd().split('\n').length, 30)
  const trust = ['--trust', manifest.proof.key!]
  const words = [manifestPath, '--results', resultsPath, '--rows', rows, '--ledger', ledgerPath, ...trust]
  const { checked, unchecked } = intact(...words)
  for (const what of [
    "the record's digest",
    "the experiment's hash",
    'the capsule',
    'leaves and root',
    'entry, inclusion, checkpoint',
    'every chunk',
    'seeds, points and repetitions of the rows',
    'proof.log is of this ledger',
    `proof: signed by the trusted key ${manifest.proof.key}`,
    `registered at ${manifest.run.registered!.time}, before the run was planned`,
  ])
    assert.ok(checked.includes(what), `${what}: ${checked.join(', ')}`)
  assert.deepEqual(unchecked, ['whether the capsule gives these results (only executing it can tell)'])
  assert.equal((await project.json(0, 'verify', run, ...trust)).valid, true)

  const alone = intact(manifestPath).unchecked.join()
  assert.match(alone, /whose key .* is.*chunks \(no results given\)/)
  const other = 'reprise/key/d00d+01465446+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea'
  assert.ok(placesIn(examine(manifestPath, '--trust', other)).includes('proof'), 'signed by a strange key')
  assert.equal((await project.json(4, 'verify', run, '--trust', other)).valid, false)

  const [first, ...rest] = readFileSync(rows, 'utf8').split('\n')
  const swapped = first!.replace(/"seed":"./, (text) => `${text.slice(0, -1)}${text.endsWith('0') ? 1 : 0}`)
  writeFileSync(rows, [swapped, ...rest].join('\n'))
  assert.deepEqual(placesIn(examine(manifestPath, '--rows', rows)), ['row 0'])
})

test('should find a run intact that summarises its chunks', UNLESS_THERE, async (t) => {
  const summarising = `import { experiment, points } from 'reprise'
export default experiment({
  name: 'sums',
  parameters: points([{ n: 1 }, { n: -0.5 }]),
  repetitions: 7,
  chunk: 3,
  run({ point, random, repetition }) {
    if (repetition === 4) throw new Error('four')
    return point.n * random()
  },
  summarise: (results) => ({ sum: results.reduce((sum, x) => sum + x, 0), n: results.length }),
})
`
  const { project, run, manifest, manifestPath, resultsPath } = await sealed(t, summarising)
  assert.equal(manifest.run.counts.failedJobs, 2)
  const rows = project.write(
    'rows.jsonl',
    (await project.reprise('results', run, '--format', 'jsonl')).stdout,
  )
  assert.match(readFileSync(rows, 'utf8'), /"summary"/)
  intact(manifestPath, '--results', resultsPath, '--rows', rows)
})

test('should find the records of earlier versions and of the examples intact', UNLESS_THERE, async (t) => {
  const project = new Project(t)
  const paths = ['epidemic', 'factorial', 'python'].map((name) => `examples/manifests/${name}.json`)
  for (const name of ['test/golden/manifest-0.1.0.json', ...paths]) {
    const path = fileURLToPath(new URL(name, ROOT))
    assert.ok(intact(path).checked.includes('leaves and root'))
    assert.equal((await project.json(0, 'verify', path)).valid, true)
  }
})

test('should find a run intact whose tasks a scheduler started', UNLESS_THERE, async (t) => {
  const project = new Project(t)
  const lab = findLab(project.folder, project.lab)
  makeLab(lab)
  const run = plannedRun(lab)
  beginSession(lab, run)
  const journal = new MadeJournal('a')
    .engine({ engine: 1 })
    .chunks(allChunks(documentOf(), 10))
    .tasks(taskTold())
  assert.equal((await journal.collect(lab, run, 'done')).state, 'sealed')
  assert.match(readFileSync(run.manifest, 'utf8'), /"scheduled": \[/)
  assert.ok(intact(run.manifest, '--results', run.results).checked.includes('every chunk'))
})

test('should follow changes of key in a ledger, and know an older copy of it', UNLESS_THERE, async (t) => {
  const { project, manifest, manifestPath, ledgerPath } = await sealed(t)
  const { entries } = await project.json(0, 'verify', 'ledger.txt')
  await project.json(0, 'key', 'rotate')
  await project.json(0, 'ledger', '--note', 'größe', '--output', 'later.txt')
  const later = project.path('later.txt')
  const verified = await project.json(0, 'verify', 'later.txt')
  assert.equal(verified.entries, entries + 2, 'the change of key, and the note')
  intact(manifestPath, '--ledger', later, '--trust', manifest.proof.key!, '--trust', verified.signer)
  assert.deepEqual(placesIn(examine('--ledger', later, '--trust', manifest.proof.key!)), ['ledger'])

  const again = await project.json(0, 'run', 'x.ts')
  assert.match(intact('--ledger', ledgerPath).unchecked.join(), /whether it is an older copy/)
  assert.deepEqual(placesIn(examine(again.manifest, '--ledger', ledgerPath)), ['ledger'])
  const { problems } = await project.json(4, 'verify', 'ledger.txt')
  assert.match(problems[0].what, /older copy/)
})

test('should read what witnesses say, of new records and of old ones', UNLESS_THERE, async (t) => {
  const { project, manifestPath } = await sealed(t)
  const witness = new Project(t)
  const old = fileURLToPath(new URL('test/golden/manifest-0.1.0.json', ROOT))
  for (const [path, name] of [
    [manifestPath, 'new.txt'],
    [old, 'old.txt'],
  ] as const) {
    await witness.json(0, 'rerun', path, '--yes')
    await witness.json(0, 'witness', path, '-o', name)
    const output = project.path(`${name}.json`)
    await project.json(0, 'attach', path, witness.path(name), '-o', output)
    const { checked, unchecked } = intact(output)
    assert.match(checked.join(), /witness 0: identical, (\d+) of \1 chunks, signed by reprise\/key\//)
    assert.match(unchecked.join(), /witness 0: whose key/)
    assert.equal((await project.json(0, 'verify', output)).witnesses.length, 1)
  }
})

test('should find a bundle intact that another program unpacks', UNLESS_THERE, async (t) => {
  const { project, run, manifest } = await sealed(t)
  await project.json(0, 'export', run, '--bundle', 'run.zip')
  const unpacked = spawnSync(python!, ['-m', 'zipfile', '-e', project.path('run.zip'), project.path('out')])
  assert.equal(unpacked.status, 0)
  const words = [project.path('out', 'manifest.json'), '--chunks', project.path('out', 'chunks.jsonl')]
  assert.ok(intact(...words, '--trust', manifest.proof.key!).checked.includes('every chunk'))
})

test('should read and write JSON as FORMAT and RFC 8785 say', UNLESS_THERE, () => {
  const code = `
import json, re, struct, sys
sys.path.insert(0, sys.argv[1])
import verify
published = json.load(open(sys.argv[2]))
for each in published["numbers"]:
    if each["text"] is not None:
        (x,) = struct.unpack(">d", bytes.fromhex(each["bits"]))
        assert verify.number_text(x) == each["text"], each
example = published["example"]
assert verify.canonical(verify.parse(example["input"].encode())).hex() == example["utf8"]
count = 0
for line in re.findall('^{"refused".*$', open(sys.argv[3]).read(), re.M):
    try:
        verify.check_value(verify.parse_canonical(json.loads(line)["refused"].encode("utf-8", "surrogatepass")))
    except verify.Wrong:
        count += 1
    else:
        raise AssertionError(line)
for depth, fits in ((500, True), (501, False)):
    try:
        verify.check_value(verify.parse_canonical(b"[" * depth + b"]" * depth))
        assert fits
    except verify.Wrong:
        assert not fits
print(count)
`
  const files = ['test/golden/rfc8785.json', 'FORMAT.md'].map((name) => fileURLToPath(new URL(name, ROOT)))
  const words = ['-B', '-c', code, dirname(SCRIPT), ...files]
  const { stdout, stderr } = spawnSync(python!, words, { encoding: 'utf8' })
  assert.equal(stderr, '')
  assert.equal(Number(stdout), readFileSync(files[1]!, 'utf8').match(/^\{"refused"/gm)!.length)
})
