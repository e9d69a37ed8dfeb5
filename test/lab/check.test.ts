/** `check` finds each kind of fault under the variation that is about it, with real engines; and finds none in good ones. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Scratch } from '../../lab/scratch.ts'
import { hasPython } from '../runners/programs.ts'
import { checked, inState, NAMES, source } from './checked.ts'
import { OTHER_NODE } from './mixed.ts'
import { temporaryFolder } from './run.ts'

const GOOD = 'return { mean: random() * point.a, big: 10n ** 30n, text: String(random()) }'

test('should find a good experiment the same under every variation', async (t) => {
  const report = await checked(t, source(GOOD))
  assert.deepEqual([report.consistent, report.complete, report.causes], [true, true, []])
  assert.deepEqual(
    report.variations.map(({ name }) => name).slice(0, NAMES.length - 1),
    NAMES.slice(0, NAMES.length - 1),
    'all of them, and whatever Nodes are at hand',
  )
  assert.deepEqual(
    inState(report, 'not executed').filter((name) => name !== 'another Node'),
    [],
  )
  const { chunks, total, jobs, failedJobs, setAside } = report.baseline
  assert.deepEqual([chunks, total, jobs, failedJobs, setAside], [[0, 2, 3, 5], 6, 12, 0, []])
})

/** Each fault, where it shows, and what is said of it. */
const FAULTS: readonly (readonly [
  what: string,
  run: string,
  shows: readonly string[],
  says: RegExp,
  at: string | null,
])[] = [
  [
    'a clock',
    'return Number(process.hrtime.bigint() % 1000000n)',
    ['again'],
    /hrtime/,
    'process.hrtime.bigint',
  ],
  ['a date', 'return new Date().getFullYear()', ['clock'], /clock/, 'new Date'],
  [
    'the machine’s chance',
    'return crypto.getRandomValues(new Uint32Array(1))[0]',
    ['again'],
    /drawn again/,
    'crypto.getRandomValues',
  ],
  ['a time zone', 'return new Date(2020, 1, 1).getTime()', ['time zone'], /time zone/, null],
  [
    'text of a date',
    'return new Date(0).toLocaleTimeString("en")',
    ['time zone'],
    /toLocaleTimeString/,
    'Date.prototype.toLocaleTimeString',
  ],
  [
    'text of a number',
    'return (1234.5).toLocaleString()',
    ['locale tr_TR', 'locale et_EE'],
    /toLocaleString/,
    'Number.prototype.toLocaleString',
  ],
  [
    'an alphabetical order',
    'return "t".localeCompare("z")',
    ['locale et_EE'],
    /localeCompare/,
    'String.prototype.localeCompare',
  ],
  ['the working folder', 'return process.cwd()', ['working folder'], /process\.cwd/, 'process.cwd'],
  [
    'an environment variable',
    'return process.env.USER ?? null',
    ['environment'],
    /process\.env\.USER/,
    'process.env.USER',
  ],
  ['the home folder', 'return os.homedir()', ['environment'], /os\.homedir/, 'os.homedir'],
]

for (const [what, run, shows, says, at] of FAULTS) {
  test(`should find ${what} in a result, and say where`, async (t) => {
    const about = ['time zone', 'locale tr_TR', 'locale et_EE', 'working folder', 'environment']
    const report = await checked(t, source(run), { only: ['again', 'clock', ...about, 'order'] })
    assert.equal(report.consistent, false)
    const telling = report.variations.filter((one) => one.state === 'divergent' && !one.unsteadyOnly)
    assert.deepEqual(
      telling.map(({ name }) => name),
      shows,
    )
    const [first] = telling[0]!.divergent
    assert.deepEqual([first?.chunk, first?.job, first?.path?.split('[')[0]], [0, 0, 'result'])
    assert.equal(report.causes.length, 1)
    const [cause] = report.causes
    assert.match(cause!.what, says)
    assert.deepEqual(cause!.variations, shows)
    assert.deepEqual(
      cause!.touched.map(({ name, caller, place }) => [name, caller, place.replace(/:\d+$/, '')]),
      at === null ? [] : [[at, 'run', 'x.ts:7']],
    )
  })
}

test('should find what outlives a job, however the chunks are handed out', async (t) => {
  const counter = source('return { fine: random(), n: counter++ }', 'let counter = 0')
  const courses = ['order', 'batches', 'engines', 'fresh engines', 'used engine']
  const report = await checked(t, counter, { only: ['again', ...courses] })
  // With three engines at once the first may have done everything before the others were there.
  const sure = inState(report, 'divergent').filter((name) => name !== 'engines')
  assert.deepEqual(sure, ['order', 'fresh engines', 'used engine'])
  assert.equal(report.causes.length, 1)
  assert.match(report.causes[0]!.what, /outlives a job/)
  for (const { divergent } of report.variations) {
    for (const { path, expected, actual } of divergent) {
      assert.equal(path, 'result.n')
      assert.notEqual(expected, actual)
    }
  }
})

test('should find what only a chunk that came before in its batch can have left', async (t) => {
  const run = 'const seen = late; late = 0; setImmediate(() => { late = 1 }); return seen'
  const report = await checked(t, source(run, 'let late = 0'), { chunks: 6, only: ['again', 'batches'] })
  assert.deepEqual(inState(report, 'divergent'), ['batches'], 'a callback runs between two batches')
  assert.match(report.causes[0]!.what, /setImmediate/)
})

test('should not blame a variation for a value that is not steady without it, but for those beside it', async (t) => {
  const run = 'return { a: Number(process.hrtime.bigint() % 1000000n), b: new Date(0).getHours() }'
  const report = await checked(t, source(run), { only: ['again', 'time zone', 'environment', 'no-opt'] })
  const told = report.variations.map(({ name, unsteadyOnly, divergent }) => [
    name,
    unsteadyOnly,
    divergent[0]?.path,
  ])
  assert.deepEqual(told, [
    ['again', false, 'result.a'],
    ['time zone', false, 'result.b'],
    ['environment', true, 'result.a'],
    ['no-opt', true, 'result.a'],
  ])
  assert.deepEqual(
    report.causes.map(({ variations }) => variations),
    [['again'], ['time zone']],
  )
})

test('should look again without the variation before it is blamed', async (t) => {
  const loads = join(temporaryFolder(t), 'loads')
  const before = `import { appendFileSync, readFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(loads)}, '.')
const load = readFileSync(${JSON.stringify(loads)}).length`
  // Loaded to be described, for the baseline, for the variation, and for the second look.
  const report = await checked(t, source('return load > 2', before), { only: ['environment'] })
  assert.deepEqual(
    report.variations.map(({ name, state, unsteadyOnly }) => [name, state, unsteadyOnly]),
    [
      ['once more', 'divergent', false],
      ['environment', 'divergent', true],
    ],
  )
  assert.deepEqual(
    report.causes.map(({ variations }) => variations),
    [['once more']],
  )
  assert.match(report.causes[0]!.what, /readFileSync/)
})

test('should tell what was touched though nothing differs, with its place', async (t) => {
  const report = await checked(t, source('log(Date.now()); return Math.random() < 2 && random()'), {
    only: ['again', 'clock'],
  })
  assert.deepEqual([report.consistent, report.causes], [true, []])
  assert.deepEqual(
    report.touched.map(({ kind, name, caller, place }) => [kind, name, caller, place]),
    [['clock', 'Date.now', 'run', 'x.ts:7:14']],
    'Math.random is a stream of the job, and the same place is told once',
  )
})

test('should tell an experiment that is another when it is loaded elsewhere', async (t) => {
  const text = source('return 1').replace('a: [1, 2, 3]', 'a: [1, 2, process.env.USER ?? "nobody"]')
  const report = await checked(t, text, { only: ['again', 'environment'] })
  const [again, environment] = report.variations
  assert.deepEqual([again?.state, environment?.state], ['identical', 'divergent'])
  assert.deepEqual(environment?.experiment, {
    path: 'experiment.design.product[0].values[2]',
    expected: 'nobody',
    actual: 'somebody-else',
  })
  assert.match(report.causes[0]!.what, /process\.env\.USER/)
})

test('should tell an experiment that is another each time it is loaded', async (t) => {
  const text = source('return 1').replace('a: [1, 2, 3]', 'a: [1, 2, process.hrtime()[1]]')
  const report = await checked(t, text, { only: ['again', 'order'] })
  assert.deepEqual(
    report.variations.map(({ name, state }) => [name, state]),
    [
      ['again', 'divergent'],
      ['order', 'not executed'],
    ],
  )
  assert.match(report.causes[0]!.what, /time or chance/)
})

test('should say what a chunk or jobs that fail mean for the check', async (t) => {
  const run = 'if (point.a === 2) process.exit(7); if (point.a === 3) throw new Error("too far"); return 1'
  const report = await checked(t, source(run), { only: ['again', 'order'] })
  const { failedJobs, jobs, error, setAside } = report.baseline
  assert.deepEqual([failedJobs, jobs, error], [3, 6, { name: 'Error', message: 'too far' }])
  assert.deepEqual(
    setAside.map(({ chunk }) => chunk),
    [2, 3],
  )
  assert.deepEqual([report.consistent, report.complete], [true, false])
  assert.deepEqual(inState(report, 'identical'), ['again', 'order'], 'of the chunks that can be executed')
  const none = await checked(t, source('process.exit(7)'), { only: ['again'] })
  assert.deepEqual([none.complete, inState(none, 'not executed')], [false, ['again']])
  const failing = await checked(t, source('throw new Error("always")'), { only: ['again'] })
  assert.match(failing.warnings.join(), /every job failed/)
})

test('should leave out other Nodes by one word, whether some are at hand or none', {
  skip: OTHER_NODE === undefined,
}, async (t) => {
  for (const runtimes of [[], [OTHER_NODE!]]) {
    const { variations } = await checked(t, source(GOOD), { only: ['again'], runtimes })
    assert.deepEqual(
      variations.map(({ name }) => name),
      ['again'],
    )
  }
})

test('should refuse what a run would refuse, and a variation that is none', async (t) => {
  await assert.rejects(checked(t, source('return undefined'), { only: [] }), { code: 'invalid-result' })
  await assert.rejects(checked(t, source('return 1').replace('chunk: 3', 'chunk: 0')), {
    code: 'invalid-experiment',
  })
  await assert.rejects(checked(t, source('return 1'), { skip: ['jittless'] }), {
    code: 'usage',
    remedy: /jitless/,
  })
  await assert.rejects(checked(t, source('return 1'), { runtimes: ['/bin/true'] }), { code: 'engine' })
})

test('should tell that a variation cannot be executed, instead of calling it a difference', async (t) => {
  const bytes = '[0, 97, 115, 109, 1, 0, 0, 0]'
  const run = `return WebAssembly.validate(new Uint8Array(${bytes}))`
  const report = await checked(t, source(run), { only: ['jitless', 'no-opt'] })
  assert.deepEqual([report.consistent, report.complete], [true, true])
  assert.deepEqual(inState(report, 'not executed'), ['jitless'])
  assert.match(report.variations[0]!.why!, /WebAssembly/)
  const dying = 'if (process.env.CI) process.exit(1); return 1'
  const lost = await checked(t, source(dying), { only: ['environment'] })
  assert.deepEqual([lost.consistent, lost.complete], [true, false])
  assert.match(lost.variations[0]!.why!, /exit code 1/)
})

test('should vary what surrounds a program', { skip: !hasPython() }, async (t) => {
  const program = `import sys, json, os, time
for line in sys.stdin:
    print(json.dumps({"result": [os.environ.get("USER"), time.localtime(0).tm_hour]}), flush=True)
`
  const text = `import { command } from 'reprise'
export default command({ name: 'py', parameters: { a: [1, 2] }, program: 'python3', arguments: ['p.py'], files: ['p.py'] })
`
  const only = ['clock', 'time zone', 'environment', 'order', 'jitless']
  const report = await checked(t, text, { only, files: { 'p.py': program } })
  assert.deepEqual(inState(report, 'divergent'), ['time zone', 'environment'])
  assert.deepEqual(inState(report, 'not executed'), ['clock', 'jitless'])
  assert.deepEqual([report.complete, report.touched], [true, []])
  assert.match(report.causes[0]!.what, /guards do not see into programs/)
})

test('should leave nothing behind', () => {
  const scratch = new Scratch()
  assert.ok(existsSync(scratch.folder('other')))
  scratch.close()
  assert.ok(!existsSync(scratch.path))
})
