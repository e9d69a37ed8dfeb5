/**
 * Experiments that are not valid: each is refused in one line that says what, where and what to do, with exit code 2
 * (1 where a file is missing), and leaves no run behind.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { answerOf, type Finished, Project } from './project.ts'

/** An experiment's source with these lines in it. */
function asked(lines: string, run = 'return 1'): string {
  return `import { experiment, range, zip, points, map } from 'reprise'
export default experiment({ name: 'odd', ${lines} run({ random }) { ${run} } })
`
}

interface Case {
  readonly what: string
  readonly source: string
  readonly says: RegExp
}

const INVALID: readonly Case[] = [
  { what: 'does not compile', source: 'export default {\n  a: 1,,\n}\n', says: /odd\.ts:2:\d+: .*Mend it/ },
  {
    what: 'cannot resolve an import',
    source: "import { x } from 'no-such-package'\nexport default x\n",
    says: /odd\.ts:1:\d+: .*no-such-package.*Install the package/,
  },
  {
    what: 'cannot resolve a file beside it',
    source: "import { x } from './nowhere.ts'\nexport default x\n",
    says: /odd\.ts:1:\d+: .*nowhere\.ts.*mend the path/,
  },
  {
    what: 'imports a name that Reprise does not have',
    source: "import { experimnt } from 'reprise'\nexport default experimnt({})\n",
    says: /odd\.ts:1:\d+: .*experimnt/,
  },
  { what: 'exports nothing', source: 'const x = 1\nvoid x\n', says: /odd\.ts: .*export default experiment/ },
  { what: 'has no default export', source: 'export const x = 1\n', says: /odd\.ts: has no default export/ },
  {
    what: 'exports no experiment',
    source: 'export default { name: "x", run: () => 1 }\n',
    says: /odd\.ts: has a default export that is no experiment/,
  },
  { what: 'is empty', source: '', says: /odd\.ts: .*export default experiment/ },
  {
    what: 'throws while it is loaded',
    source: 'throw new TypeError("no luck")\n',
    says: /odd\.ts: .*TypeError: no luck/,
  },
  {
    what: 'ends its process while it is loaded',
    source: 'process.exit(3)\n',
    says: /odd\.ts: .*exit code 3/,
  },
  { what: 'has an empty factor', source: asked('parameters: { a: [1], b: [] },'), says: /parameters\.b:/ },
  {
    what: 'zips factors of unequal lengths',
    source: asked('parameters: zip({ a: [1, 2], b: [1, 2, 3] }),'),
    says: /b has 3 values, a has 2/,
  },
  {
    what: 'names a factor twice',
    source: asked('parameters: { a: [1], a: [2] },'),
    says: /odd\.ts:2:\d+: .*[Dd]uplicate key "a"/,
  },
  {
    what: 'names a factor with $',
    source: asked('parameters: { $a: [1] },'),
    says: /parameters\["\$a"\].*begins with \$.*Rename/,
  },
  {
    what: 'has a parameter that is infinite',
    source: asked('parameters: { a: [1, 1 / 0] },'),
    says: /parameters\.a\[1\].*Infinity/,
  },
  { what: 'has a parameter that is NaN', source: asked('parameters: { a: 0 / 0 },'), says: /a\[0\].*NaN/ },
  {
    what: 'has a point without a parameter',
    source: asked('parameters: points([{ a: 1 }, {}]),'),
    says: /\[1\]/,
  },
  { what: 'has chunks of 0', source: asked('chunk: 0,'), says: /chunk: is 0/ },
  { what: 'has half a repetition', source: asked('repetitions: 0.5,'), says: /repetitions: is 0\.5/ },
  {
    what: 'has an unsound generator',
    source: asked('random: "xor128",'),
    says: /random: .*"xor128" fails PractRand.*tychei/,
  },
  {
    what: 'has an unknown generator',
    source: asked('random: "mersenne",'),
    says: /random: .*"mersenne" is not known.*tychei/,
  },
  {
    what: 'misspells a key',
    source: asked('repetitons: 5,'),
    says: /repetitons: is not part of experiment.*repetitions/,
  },
  {
    what: 'has no name',
    source: "import { experiment } from 'reprise'\nexport default experiment({ run: () => 1 })\n",
    says: /name:/,
  },
  {
    what: 'has no run',
    source: "import { experiment } from 'reprise'\nexport default experiment({ name: 'odd' })\n",
    says: /run: is not a function/,
  },
  {
    what: 'has a schema that is none',
    source: asked('result: { type: "numbr" },'),
    says: /result.*numbr|type/,
  },
  {
    what: 'declares an input that is not there',
    source: asked('inputs: { data: "nowhere.csv" },'),
    says: /inputs\.data: .*nowhere\.csv.*relative to the experiment/,
  },
]

const RESULTS: readonly Case[] = [
  { what: 'a function', source: asked('', 'return () => 1'), says: /result is a function.*Return/ },
  { what: 'undefined', source: asked('', ''), says: /result is undefined.*Return/ },
  { what: 'a Map', source: asked('', 'return { a: [new Map()] }'), says: /result\.a\[0\] is a Map/ },
  { what: 'a Date', source: asked('', 'return { at: new Date(0) }'), says: /result\.at is a Date/ },
  { what: 'a cycle', source: asked('', 'const a = {}; a.b = { a }; return a'), says: /result\.b\.a .*cycle/ },
  { what: 'a lone surrogate', source: asked('', 'return "\\ud800"'), says: /result .*lone surrogate/ },
  { what: 'a $ key', source: asked('', 'return { $x: 1 }'), says: /result\["\$x"\].*\$.*Rename/ },
  {
    what: 'what the schema forbids',
    source: asked('result: { type: "object", properties: { a: { type: "integer" } } },', 'return { a: 0.5 }'),
    says: /result\.a must be integer/,
  },
]

/** Whichever line is about the run that had begun, the error is one line and the last. */
function assertRefusal({ stdout, stderr }: Finished, says: RegExp): void {
  const lines = stderr.trimEnd().split('\n')
  const errors = lines.filter((line) => line.startsWith('reprise: '))
  assert.equal(stdout, '')
  assert.equal(errors.length, 1, stderr)
  assert.equal(lines.at(-1), errors[0], stderr)
  assert.match(errors[0]!, says)
  assert.doesNotMatch(errors[0]!, /unexpected/)
}

for (const { what, source, says } of INVALID) {
  test(`should refuse an experiment that ${what}`, async (t) => {
    const project = new Project(t, { 'odd.ts': source })
    const finished = await project.reprise('run', 'odd.ts')
    assert.equal(finished.code, 2, finished.stderr)
    assertRefusal(finished, says)
    assert.equal(finished.stderr.split('\n').length, 2, 'one line and nothing else')
    assert.deepEqual(project.runNames(), [])
  })
}

for (const { what, source, says } of RESULTS) {
  test(`should refuse a result that is ${what}`, async (t) => {
    const project = new Project(t, { 'odd.ts': source })
    const finished = await project.reprise('run', 'odd.ts')
    assert.equal(finished.code, 2, finished.stderr)
    assertRefusal(finished, says)
    assert.match(finished.stderr, /reprise: odd, chunk 0/)
    assert.deepEqual(project.runNames(), [])
    assert.deepEqual((await project.json(0, 'ls')).runs, [])
  })
}

test('should refuse a file that is not there, and a folder, with 1', async (t) => {
  const project = new Project(t)
  for (const file of ['nowhere.ts', '.', '']) {
    const finished = await project.reprise('run', file)
    assert.equal(finished.code, 1)
    assertRefusal(finished, /Give the path of an experiment file/)
    assert.equal(answerOf(await project.reprise('run', file, '--json'), 1).error.code, 'not-found')
  }
  assert.deepEqual(project.runNames(), [])
})

test('should refuse with one object on stdout under --json', async (t) => {
  const project = new Project(t, { 'odd.ts': asked('chunk: 0,'), 'map.ts': asked('', 'return new Map()') })
  const { error } = await project.json(2, 'run', 'odd.ts')
  assert.equal(error.code, 'invalid-experiment')
  assert.ok(error.subject.includes('chunk') && error.message !== '' && error.remedy !== '')
  assert.equal((await project.json(2, 'run', 'map.ts')).error.code, 'invalid-result')
  assert.deepEqual(project.runNames(), [])
})

test('should name a native addon as what cannot be in a capsule', async (t) => {
  const project = new Project(t, { 'odd.ts': "import x from './x.node'\nexport default x\n", 'x.node': '' })
  const finished = await project.reprise('run', 'odd.ts')
  assert.equal(finished.code, 2)
  assertRefusal(finished, /x\.node is a native addon/)
})

test('should not touch what is in the lab already when it refuses', async (t) => {
  const project = new Project(t, { 'good.ts': asked(''), 'odd.ts': asked('chunk: 0,') })
  const { run, manifest } = await project.json(0, 'run', 'good.ts')
  const before = readFileSync(manifest)
  assert.equal((await project.reprise('run', 'odd.ts')).code, 2)
  assert.deepEqual(project.runNames(), [run])
  assert.deepEqual(readFileSync(manifest), before)
})
