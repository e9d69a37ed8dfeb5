/** `diff`: three verdicts side by side, the weaker ones only where they are asked for, and accepted only by name. */
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Project } from './project.ts'

const OLD = new URL('../../../test/golden/manifest-0.1.0.json', import.meta.url)
const NUDGE = JSON.stringify(fileURLToPath(new URL('../lib/nudge.js', import.meta.url)))

/** Means of `draws` numbers at three points; `nudge` makes an eighth of them one ulp larger. */
function means(
  asked: { seed?: string; draws?: number; nudge?: boolean; points?: string; code?: string } = {},
): string {
  const { seed, draws = 20, nudge = false, points = '[1, 2, 3]', code = '' } = asked
  return `import { experiment } from 'reprise'
${nudge ? `import { nudged } from ${NUDGE}` : ''}
const last = ${nudge ? 'nudged((x) => x)' : '(x) => x'}
export default experiment({
  name: 'means', ${seed === undefined ? '' : `seed: '${seed}',`}
  parameters: { a: ${points}, draws: [${draws}] }, repetitions: 40, chunk: 10,
  run({ point, random }) {
    let sum = 0
    for (let i = 0; i < point.draws; i++) sum += random()
    ${code}
    return { mean: last(point.a + sum / point.draws), largest: Math.max(sum, 0) > point.draws / 2, tag: 'x' }
  },
})
`
}

async function runs(project: Project, ...sources: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const source of sources) {
    project.write('x.ts', source) // always under one name, as an edited file
    ids.push((await project.json(0, 'run', 'x.ts')).run)
  }
  return ids
}

test('should count what one ulp changes, and call it within a tolerance, not identical', async (t) => {
  if (process.env.REPRISE_SLOW !== '1') return t.skip('only with REPRISE_SLOW=1')
  const project = new Project(t)
  const [a, b] = (await runs(project, means(), means({ nudge: true }))) as [string, string]
  const { results, tolerance, statistics, modules } = await project.json(3, 'diff', a, b)
  assert.deepEqual([tolerance, statistics], [null, null], 'no verdict that was not asked for')
  const { differing, numbers, ulps, fields, jobsDiffering } = results.values
  assert.ok(differing > 3 && differing < 40, `${differing}`)
  assert.deepEqual(
    [numbers, jobsDiffering, ulps],
    [differing, differing, [{ from: 1, to: 1, count: differing }]],
  )
  assert.deepEqual([fields.length, fields[0].field, fields[0].ulps], [1, 'result.mean', 1])
  assert.equal(modules[0].name, 'experiment/x.ts')
  const judged = await project.json(3, 'diff', a, b, '--tolerance', '1e-12')
  assert.deepEqual([judged.identical, judged.tolerance.within], [false, true])
  assert.equal((await project.json(0, 'diff', a, b, '-t', '1e-12', '--accept', 'tolerance')).identical, false)
  const strict = await project.json(3, 'diff', a, b, '--absolute', '1e-20', '--accept', 'tolerance')
  assert.equal(strict.tolerance.outside, differing)
  const one = (await project.json(3, 'diff', a, b, '--most', '1')).results
  assert.deepEqual([one.values.chunksRead, one.values.chunksUnread], [1, results.chunksDiffering - 1])
  const { stdout, code } = await project.reprise('diff', a, b, '--tolerance', '1e-12')
  assert.equal(code, 3)
  assert.match(stdout, /^asked: the same$/m)
  assert.match(stdout, /^ {2}the same experiment: the same seeds/m)
  assert.match(stdout, /^ {2}modules of the capsule that differ:\n {4}experiment\/x\.ts$/m)
  assert.match(stdout, /^results: \d+ of 12 chunks differ/m)
  assert.match(stdout, new RegExp(`^ {2}values that differ: ${differing} of `, 'm'))
  assert.match(stdout, new RegExp(`^ {4}1 +${differing} +▇+$`, 'm'))
  assert.match(
    stdout,
    /^tolerance: within \(relative 1e-12\): every value is within it; NaN, infinities, the sign/m,
  )
})

test('should find another seed consistent', async (t) => {
  if (process.env.REPRISE_SLOW !== '1') return t.skip('only with REPRISE_SLOW=1')
  const project = new Project(t)
  const [a, b] = (await runs(project, means(), means({ seed: 'other' }))) as [string, string]
  const { identical, design, statistics } = await project.json(3, 'diff', a, b, '--statistics')
  assert.deepEqual([identical, statistics.verdict, statistics.paired], [false, 'consistent', false])
  assert.deepEqual(
    design.map(({ what }: { what: string }) => what),
    ['seed'],
  )
  assert.deepEqual([statistics.points.compared, statistics.tests, statistics.level], [3, 9, 0.01])
  await project.json(0, 'diff', a, b, '-s', '--accept', 'statistics')
  const { stdout } = await project.reprise('diff', a, b, '--statistics', '--tolerance', '0.1')
  assert.match(stdout, /^results: of different experiments/m)
  assert.match(stdout, /^tolerance: undecided .*no value has a counterpart$/m)
  assert.match(
    stdout,
    /^statistics: consistent: none of 9 tests at 3 points finds a difference at the level 0\.01/m,
  )
  assert.match(stdout, /note: that no difference is found does not show that there is none/)
})

test('should find another parameter, and other code, inconsistent', async (t) => {
  if (process.env.REPRISE_SLOW !== '1') return t.skip('only with REPRISE_SLOW=1')
  const project = new Project(t)
  const sources = [
    means(),
    means({ draws: 400, points: '[2, 3, 4]' }),
    means({ seed: 'other', code: 'sum *= 1.2' }),
    means({ code: 'if (random() < 0.9) sum += 1e-9' }),
  ]
  const [a, narrower, larger, leaning] = (await runs(project, ...sources)) as [string, string, string, string]
  const spread = await project.json(3, 'diff', a, narrower, '--statistics', '--accept', 'statistics')
  assert.deepEqual([spread.statistics.verdict, spread.statistics.ignored], ['inconsistent', ['draws']])
  assert.deepEqual(spread.statistics.points, { compared: 2, onlyLeft: 1, onlyRight: 1 })
  assert.equal(spread.statistics.smallest[0].test, 'smirnov', 'the mean is the same, the spread is not')
  assert.deepEqual(
    spread.design.map(({ what }: { what: string }) => what),
    ['factor a', 'factor draws'],
  )
  const shift = (await project.json(3, 'diff', a, larger, '--statistics')).statistics
  assert.deepEqual([shift.verdict, shift.smallest[0].field], ['inconsistent', 'result.mean'])
  const pairs = (await project.json(3, 'diff', a, leaning, '--statistics')).statistics
  assert.deepEqual(
    [pairs.verdict, pairs.paired, pairs.smallest[0].test],
    ['inconsistent', true, 'signed-rank'],
  )
  const { stdout } = await project.reprise('diff', a, narrower, '--statistics')
  assert.match(stdout, /^ {2}factor a: 3 values → 3 values, only left 1, only right 4 \(.*can be matched\)$/m)
  assert.match(stdout, /^statistics: inconsistent: \d+ of \d+ tests at 2 points finds? a difference/m)
  assert.match(stdout, /^ {2}matched without regard to draws$/m)
})

test('should compare the values in bundles, in a lab that has neither run', async (t) => {
  const [here, there] = [new Project(t), new Project(t)]
  const sources = [means(), means({ nudge: true }), means({ seed: 'other' })]
  const bundles: string[] = []
  for (const run of await runs(here, ...sources)) {
    bundles.push(there.path(`${run}.zip`))
    await here.json(0, 'export', run, '--bundle', bundles.at(-1)!)
  }
  const [a, nudged, other] = bundles as [string, string, string]
  const { results, tolerance } = await there.json(3, 'diff', a, nudged, '--tolerance', '1e-12')
  assert.deepEqual([results.values.chunksUnread, results.values.ulps[0].to, tolerance.within], [0, 1, true])
  const { statistics } = await there.json(0, 'diff', a, other, '--statistics', '--accept', 'statistics')
  assert.deepEqual([statistics.verdict, statistics.tests], ['consistent', 9])
})

test('should accept nothing that was not asked for', async (t) => {
  const project = new Project(t)
  for (const words of [
    ['--accept', 'tolerance'],
    ['--accept', 'statistics', '--tolerance', '1'],
    ['--accept', 'anything'],
    ['--tolerance', 'small'],
    ['--tolerance', '-1'],
    ['--absolute', '0'],
    ['--level', '1'],
    ['--most', '0'],
  ]) {
    const { error } = await project.json(2, 'diff', 'a', 'b', ...words)
    assert.equal(error.code, 'usage', words.join(' '))
  }
})

test('should show no field of a result as it is', async (t) => {
  const project = new Project(t)
  const evil = (n: number) =>
    means({ code: `return { ['x\\nresults: identical\\x1b[2J']: ${n}, ['y'.repeat(5000)]: ${n} }` })
  const [a, b] = (await runs(project, evil(1), evil(2))) as [string, string]
  const { stdout } = await project.reprise('diff', a, b, '--statistics', '--tolerance', '1e-9')
  assert.doesNotMatch(stdout, /^results: identical/m)
  assert.ok(!stdout.includes('\u001b[2J'))
  assert.ok(stdout.split('\n').every((line) => line.length < 500))
})

test('should compare a record of version 0.1 with one of today', async (t) => {
  const project = new Project(t)
  copyFileSync(OLD, project.path('old.json'))
  const { run } = await project.json(0, 'rerun', 'old.json', '--yes')
  const answer = await project.json(0, 'diff', 'old.json', run, '--tolerance', '1e-9')
  assert.deepEqual([answer.identical, answer.tolerance.within, answer.modules], [true, true, []])
  assert.equal(answer.fingerprint.compared, false)
  const { results } = JSON.parse(readFileSync(OLD, 'utf8'))
  assert.equal(answer.results.leftRoot, results.root)
})
