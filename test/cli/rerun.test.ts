/** `rerun`: the recorded capsule again, compared bit by bit; from elsewhere only with consent. */
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { toHex } from '../../lib/digest.ts'
import { auditEntropy, drawSample } from '../../lib/sample.ts'
import { drawStratified, type Stratum } from '../../lib/strata.ts'
import { type Manifest, manifestBytes, withProof } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { mean, Project } from './project.ts'

test('should say identical, after the source was changed and after it was deleted', async (t) => {
  const {
    project,
    run: { run, root },
  } = await Project.ran(t, { 'x.ts': mean() })
  project.write('x.ts', mean({ before: 'sum = 1e9' }))
  const changed = await project.json(0, 'rerun', run)
  assert.deepEqual(
    [changed.verdict, changed.root, changed.expectedRoot, changed.chunksCompared, changed.divergent],
    ['identical', root, root, 20, []],
  )
  rmSync(project.path('x.ts'))
  const { code, stdout } = await project.reprise('rerun', run)
  assert.equal(code, 0)
  assert.match(stdout, /^identical: 20 of 20 identical: every chunk of the run, bit for bit$/m)
  assert.match(stdout, new RegExp(`^root +${root}$`, 'm'))
})

test('should audit a sample: those chunks alone, and say what that proves', async (t) => {
  const {
    project,
    run: { run, root },
  } = await Project.ran(t, { 'x.ts': mean() })
  const answer = await project.json(0, 'rerun', run, '--sample', '6')
  assert.deepEqual(
    [answer.verdict, answer.root, answer.expectedRoot, answer.chunksCompared, answer.sample.length],
    ['identical', null, root, 6, 6],
  )
  assert.match(answer.statement, /^6 of 6 identical: with 95 % confidence at most 6 of the 20 chunks differ/)
  assert.match(answer.statement, /found with chance 6\/20/)
  const state = (await project.json(0, 'ls')).runs.at(-1)
  assert.deepEqual([state.state, state.chunks, state.chunksDone, state.jobs], ['sampled', 6, 6, 30])
  const told = await project.reprise('verify', answer.run)
  assert.equal(told.code, 1)
  assert.match(told.stderr, /is an audit by sample: it has a verdict, and no manifest.*reprise show/)
  assert.match((await project.reprise('show', answer.run)).stdout, /identical/)
  const { stderr } = await project.reprise('rerun', run, '--sample', '2')
  assert.match(stderr, /2 chunks drawn at random: \d+, \d+/)
  const draws = new Set<string>([answer.sample.join()])
  for (let i = 0; i < 3; i++) draws.add((await project.json(0, 'rerun', run, '--sample', '6')).sample.join())
  assert.ok(draws.size > 1, 'each audit draws anew')
  const all = await project.json(0, 'rerun', run, '--sample', '1000')
  assert.deepEqual([all.sample, all.root, all.chunksCompared], [null, root, 20])
})

test('should draw by a beacon what anybody can draw again, and record it', async (t) => {
  const {
    project,
    run: { run, root },
  } = await Project.ran(t, { 'x.ts': mean() })
  const value = 'Würfel 😀 "3"'
  const words = ['rerun', run, '--sample', '6', '--beacon', value]
  const [one, again] = [await project.json(0, ...words), await project.json(0, ...words)]
  const entropy = auditEntropy(root, value)
  assert.deepEqual(
    [one.beacon, one.stratify, one.entropy, one.sample],
    [value, null, toHex(entropy), drawSample(20, 6, entropy)],
  )
  assert.deepEqual(again.sample, one.sample)
  const other = await project.json(0, 'rerun', run, '--sample', '6', '--beacon', 'another')
  assert.notDeepEqual(other.sample, one.sample)
  const { plan } = await project.json(0, 'show', one.run)
  assert.deepEqual([plan.rerun.beacon, plan.rerun.entropy], [value, one.entropy])
  const told = (await project.reprise('show', one.run)).stdout
  assert.ok(
    told.includes(`${one.sample.join(', ')} (drawn by the beacon ${JSON.stringify(value)}; entropy`),
    told,
  )
  const { stderr } = await project.reprise('rerun', run, '--sample', '2', '--beacon', value)
  assert.match(stderr, /2 chunks drawn by the beacon "Würfel 😀 \\"3\\"": \d+, \d+/)
})

test('should take chunks of each point, or of each environment, and say what that proves', async (t) => {
  const {
    project,
    run: { run, root },
  } = await Project.ran(t, { 'x.ts': mean() })
  const answer = await project.json(0, 'rerun', run, '--sample', '7', '--stratify', 'point', '--beacon', 'b')
  const points = Array.from({ length: 5 }, (_, i): Stratum => [[4 * i, 4 * i + 3]])
  assert.deepEqual(answer.sample, drawStratified(points, 7, auditEntropy(root, 'b')))
  assert.equal(
    answer.statement,
    '7 of 7 identical, some of each of 5 points: with 95 % confidence at most 7 of the 20 chunks differ, wherever they lie (a single differing chunk is found with chance at least 1/4)',
  )
  assert.equal((await project.json(0, 'show', answer.run)).plan.rerun.stratify, 'point')
  assert.match(
    (await project.reprise('show', answer.run)).stdout,
    /\(spread over the points, drawn by the beacon "b"; entropy/,
  )
  const engine = await project.json(0, 'rerun', run, '--sample', '7', '--stratify', 'engine', '--beacon', 'b')
  assert.deepEqual(engine.sample, drawSample(20, 7, auditEntropy(root, 'b')), 'one environment executed all')
  assert.match(engine.statement, /some of each of 1 environment: .* at most 5 of the 20/)
  const { error } = await project.json(2, 'rerun', run, '--sample', '4', '--stratify', 'point')
  assert.match(error.message, /4 chunks cannot be one of each of 5 strata/)
  assert.match(error.remedy, /Draw 5 or more/)
  assert.equal((await project.json(0, 'ls')).runs.length, 3, 'nothing was planned')
})

test('should stratify a mixed run by the environments of its manifest', async (t) => {
  const { there, manifest } = await elsewhere(t)
  const signed = parseManifest(readFileSync(manifest))
  const { earlier: _earlier, ...unsigned } = signed.run // as before the ledger, since no forger has the key
  const whole = { ...signed, run: unsigned }
  const { environment } = whole.run.environments![0]!
  const environments = [
    {
      environment,
      chunks: 17,
      ranges: [
        [0, 8],
        [12, 19],
      ],
    },
    { environment: { ...environment!, node: 'v22.1.0' }, chunks: 3, ranges: [[9, 11]] },
  ] as const
  const { proof: _, ...record } = { ...whole, run: { ...whole.run, environments } }
  there.write('mixed.json', manifestBytes(withProof(record)))
  const answer = await there.json(0, 'rerun', 'mixed.json', '--yes', '--sample', '2', '--stratify', 'engine')
  assert.equal(answer.sample.filter((chunk: number) => chunk >= 9 && chunk <= 11).length, 1)
  assert.match(answer.statement, /some of each of 2 environments: .* chance at least 1\/17\)/)
  const { environments: __, ...older } = whole.run
  const { proof: ___, ...silent } = { ...whole, run: older }
  there.write('older.json', manifestBytes(withProof(silent)))
  const { error } = await there.json(1, 'rerun', 'older.json', '--sample', '2', '--stratify', 'engine')
  assert.match(error.message, /does not tell which environment/)
})

/** Another project with a manifest from the first in it. */
async function elsewhere(t: TestContext) {
  const [here, there] = [new Project(t, { 'x.ts': mean() }), new Project(t)]
  const made = await here.json(0, 'run', 'x.ts')
  copyFileSync(made.manifest, there.path('paper.json'))
  return { there, made, manifest: there.path('paper.json') }
}

test('should execute code from elsewhere only with consent', async (t) => {
  const { there, made, manifest } = await elsewhere(t)
  const { code, stdout, stderr } = await there.reprise('rerun', 'paper.json')
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(
    stderr,
    /^reprise: rerun: this manifest is from elsewhere.*--capsule.*--yes; in a program, \{ trust: true \}\n$/,
  )
  assert.equal((await there.json(1, 'rerun', 'paper.json')).error.code, 'refused')
  assert.deepEqual((await there.json(0, 'ls')).runs, [], 'nothing was planned')
  assert.deepEqual(there.runNames(), [])
  const answer = await there.json(0, 'rerun', 'paper.json', '--yes')
  assert.deepEqual([answer.verdict, answer.root], ['identical', made.root])
  assert.equal((await there.json(0, 'rerun', manifest)).verdict, 'identical', 'now the code is known here')
})

test('should execute nothing of a manifest that is not intact, even with consent', async (t) => {
  const { there } = await elsewhere(t)
  const text = readFileSync(there.path('paper.json'), 'utf8')
  const wrong = [
    text.replace(/"root": "./, (found) =>
      found.endsWith('0') ? `${found.slice(0, -1)}1` : `${found.slice(0, -1)}0`,
    ),
    text.replace('sum += random()', 'sum -= random()'),
    text.replace('"failedJobs": 0', '"failedJobs": 1'),
    text.slice(0, -2),
    text.replace('reprise/manifest/1', 'reprise/manifest/2'),
    '',
    '{}',
  ]
  for (const changed of wrong) {
    assert.notEqual(changed, text)
    there.write('paper.json', changed)
    const { code, stderr } = await there.reprise('rerun', 'paper.json', '--yes')
    assert.equal(code, 4, stderr)
    assert.match(stderr, /^reprise: [^\n]+\n$/)
    assert.deepEqual(there.runNames(), [])
  }
})

test('should find a manifest wrong that was forged with a matching digest', async (t) => {
  const { there } = await elsewhere(t)
  const { proof: _, ...record } = parseManifest(readFileSync(there.path('paper.json')))
  const leaves = [...(record.results.leaves as readonly string[])]
  leaves[3] = 'ab'.repeat(32)
  const forged: Manifest = withProof({ ...record, results: { ...record.results, leaves } })
  there.write('paper.json', manifestBytes(forged))
  assert.equal((await there.reprise('rerun', 'paper.json', '--yes')).code, 4)
})

const DIVERGENT = `import { experiment } from 'reprise'
export default experiment({ name: 'odd', parameters: { a: [1, 2, 3] }, repetitions: 6, chunk: 3,
  run({ point, repetition, random }) {
    const fine = { steady: random(), list: [1, 2, 3] }
    if (point.a === 2 && repetition === 4) fine.list[1] += Date.now() * 2 ** -51
    return fine
  } })
`

test('should find an experiment divergent that reads the clock, and say where and by how much', async (t) => {
  const project = new Project(t, { 'x.ts': DIVERGENT })
  const { run, root } = await project.json(0, 'run', 'x.ts')
  const answer = await project.json(3, 'rerun', run)
  assert.deepEqual([answer.verdict, answer.divergentChunks, answer.chunksCompared], ['divergent', 1, 6])
  assert.equal(answer.expectedRoot, root)
  assert.notEqual(answer.root, root)
  const [{ chunk, point, job, repetition, path, expected, actual, ulps }] = answer.divergent
  assert.deepEqual([chunk, point, job, repetition, path], [3, { a: 2 }, 1, 4, 'result.list[1]'])
  assert.ok(typeof expected === 'number' && typeof actual === 'number' && actual > expected)
  assert.equal(ulps, Math.round((actual - expected) * 2 ** 51))
  const { code, stdout } = await project.reprise('rerun', run)
  assert.equal(code, 3)
  assert.match(
    stdout,
    /^chunk 3 \(a=2\), job 1 \(repetition 4\), result\.list\[1\]: expected 2\.\d+, got 2\.\d+ \([\d,]+ ulps? apart\)$/m,
  )
  assert.match(stdout, /^divergent: 5 of 6 identical: 1 chunk gave other bits$/m)
  assert.match((await project.reprise('ls')).stdout, /divergent/)
})

test('should name the chunk when the recorded values are not there to compare', async (t) => {
  const [here, there] = [new Project(t, { 'x.ts': DIVERGENT }), new Project(t)]
  copyFileSync((await here.json(0, 'run', 'x.ts')).manifest, there.path('paper.json'))
  const answer = await there.json(3, 'rerun', 'paper.json', '--yes')
  const [{ chunk, path }] = answer.divergent
  assert.deepEqual([chunk, path], [3, null])
  assert.match((await there.reprise('rerun', 'paper.json')).stdout, /chunk 3 \(a=2\): other bytes/)
})

test('should rerun the capsule of the manifest, not what lies under its name in the lab', async (t) => {
  const {
    project,
    run: { run, manifest },
  } = await Project.ran(t, { 'x.ts': mean() })
  const { sha256, source } = parseManifest(readFileSync(manifest)).capsule
  project.write(`.reprise/capsules/${sha256}.mjs`, source!.replace('sum += random()', 'sum -= random()'))
  assert.equal((await project.json(0, 'rerun', run)).verdict, 'identical')
})

test('should show a result that depends on what ran before it, even with one engine', async (t) => {
  const source = `import { experiment } from 'reprise'
let before = 0
export default experiment({ name: 'leaky', repetitions: 6, chunk: 1, run: () => before++ })
`
  const project = new Project(t, { 'x.ts': source })
  await project.json(0, 'run', 'x.ts', '--engines', '1')
  const answer = await project.json(3, 'rerun', '@last', '--engines', '1')
  assert.equal(answer.verdict, 'divergent')
})
