/** `check` as it is typed: findings with file and line, exit codes, and nothing left behind. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { eventually, mean, Project } from './project.ts'

const TOUCHING = (returned: string) => `import { experiment } from 'reprise'

const draw = () => Math.random()
const stamp = () => Date.now()

export default experiment({
  name: 'touching', parameters: { a: [1, 2, 3] }, repetitions: 6, chunk: 3,
  run({ point, log }) {
    const seen = { drawn: draw(), time: stamp(), text: (1234.5).toLocaleString() }
    log(seen)
    return ${returned}
  },
})
`

test('should find the clock and the locale in results with file and line, and never Math.random', async (t) => {
  const project = new Project(t, { 'x.ts': TOUCHING('seen') })
  const answer = await project.json(3, 'check', 'x.ts')
  assert.equal(answer.consistent, false)
  const causes = Object.fromEntries(
    answer.causes.map(({ variations, what }: { variations: string[]; what: string }) => [
      variations[0],
      what,
    ]),
  )
  assert.deepEqual(Object.keys(causes), ['again', 'locale tr_TR'])
  assert.match(causes.again, /Date\.now, called by stamp at x\.ts:4:26/)
  assert.match(causes['locale tr_TR'], /Number\.prototype\.toLocaleString, called by run at x\.ts:9:\d+/)
  assert.ok(!JSON.stringify(answer).includes('Math.random'))
  const { code, stdout } = await project.reprise('check', 'x.ts', '--chunks', '2', '--skip', 'jitless')
  assert.equal(code, 3)
  assert.match(
    stdout,
    /^again \(the same once more\): chunk 0 \(a=1\), job 0 \(repetition 0\), result\.time: expected \d+, got \d+/m,
  )
  assert.match(stdout, /likely cause: Date\.now, called by stamp at x\.ts:4:26/)
  assert.match(stdout, /result\.text: expected "1,234\.5", got "1\.234,5"/)
  assert.match(stdout, /^divergent: 2 chunks of 6 gave other bits under \d+ of \d+ variations/m)
})

test('should list what is touched and end with 0 where no result depends on it', async (t) => {
  const project = new Project(t, { 'x.ts': TOUCHING('seen.drawn') })
  const answer = await project.json(0, 'check', 'x.ts')
  assert.deepEqual([answer.consistent, answer.complete, answer.causes], [true, true, []])
  assert.deepEqual(answer.chunks, [0, 2, 3, 5])
  for (const { name, state, divergent } of answer.variations) {
    if (name !== 'another Node') assert.equal(state, 'identical', name)
    assert.deepEqual(divergent, [])
  }
  assert.deepEqual(
    answer.touched.map(({ name, place }: { name: string; place: string }) => [name, place.slice(0, 7)]),
    [
      ['Date.now', 'x.ts:4:'],
      ['Number.prototype.toLocaleString', 'x.ts:9:'],
    ],
  )
  const { code, stdout, stderr } = await project.reprise('check', 'x.ts', '--chunks', '1')
  assert.equal(code, 0)
  assert.match(
    stdout,
    /^touched, and not seen to change a result in these chunks:\n {2}Date\.now was called by stamp at x\.ts:4:26: /,
  )
  assert.match(
    stdout,
    /^consistent: 1 chunk of 6 gave the same bits under \d+ variations; not executed: order/m,
  )
  assert.match(stderr, /variations follow and take about/)
  assert.doesNotMatch(`${stdout}${stderr}`, /✓/, 'a pipe gets no line for each')
})

test('should find a result that depends on the order of batches through a variable of the module', async (t) => {
  const text = mean({ before: 'before.push(sum)', fields: 'earlier: before.length' })
  const project = new Project(t, { 'x.ts': `const before: number[] = []\n${text}` })
  const answer = await project.json(3, 'check', 'x.ts')
  assert.equal(answer.causes.length, 1)
  // With three engines at once the first may have done everything before the others were there.
  const sure = answer.causes[0].variations.filter((name: string) => name !== 'engines')
  assert.deepEqual(sure, ['order', 'fresh engines', 'used engine'])
  assert.match(answer.causes[0].what, /outlives a job/)
})

test('should write nothing: no lab, no run, nothing in the temporary folder', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  await project.json(0, 'check', 'x.ts', '--chunks', '2')
  assert.ok(!existsSync(project.lab))
  assert.deepEqual(readdirSync(project.path('tmp')), [])
  assert.deepEqual(readdirSync(project.path('home')), [])
})

test('should leave nothing when it is interrupted, and end with 130', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ draws: 3_000_000 }) })
  const { child, finished } = project.start(['check', 'x.ts', '--json'])
  let said = ''
  child.stderr!.on('data', (bytes: Buffer) => {
    said += bytes
  })
  await eventually('the variations begin', () => /variations follow/.test(said))
  child.kill('SIGINT')
  const { code, stdout } = await finished
  assert.equal(code, 130)
  assert.equal(JSON.parse(stdout).error.code, 'interrupted')
  assert.ok(!existsSync(project.lab))
  assert.deepEqual(readdirSync(project.path('tmp')), [])
})

test('should end with 5 when chunks cannot be executed, and with 1 or 2 when nothing can', async (t) => {
  const project = new Project(t, { 'x.ts': mean({ before: 'if (point.a === 0) process.exit(1)' }) })
  const answer = await project.json(5, 'check', 'x.ts', '--skip', 'jitless', '--skip', 'no-opt')
  assert.deepEqual([answer.consistent, answer.complete], [true, false])
  assert.deepEqual(
    answer.setAside.map(({ chunk }: { chunk: number }) => chunk),
    [0],
  )
  const { stdout } = await project.reprise('check', 'x.ts', '--chunks', '1')
  assert.match(stdout, /^incomplete: none of 1 chunk could be executed, so nothing is said$/m)
  assert.equal((await project.json(1, 'check', 'nope.ts')).error.code, 'not-found')
  assert.equal((await project.json(2, 'check', 'x.ts', '--skip', 'nothing')).error.code, 'usage')
  assert.equal((await project.json(1, 'check', 'x.ts', '--runtime', 'nope')).error.code, 'not-found')
})
