/** Portable Math in a capsule: in place before any code of the user's, in real engines, and gone where it is not wanted. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ROOT } from '../../lab/installed.ts'
import type { MathKind } from '../../lib/experiment.ts'
import { PORTABLE_MATH } from '../../lib/math/portable.ts'
import { power } from '../../lib/math/power.ts'
import { buildCapsule, type Capsule, NO_ATTACHMENTS, stopBuilding } from '../../provenance/capsule.ts'
import { locate } from '../../provenance/locate.ts'
import { describeCapsule } from '../../runners/describe.ts'
import { type LocalOptions, localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import { record } from '../conformance/recorder.ts'
import { assign } from '../conformance/workshop.ts'
import { Trees } from './tree.ts'

const trees = new Trees()
after(async () => {
  await stopBuilding()
  trees.remove()
})

/** Numbers for which this platform's functions give other bits, where there are any: what is not replaced shows. */
const whole = Array.from({ length: 10_000 }, (_, i) => i + 0.5)
const ANGLE = whole.find((x) => Math.cos(x) !== PORTABLE_MATH.cos(x)) ?? 0.5
const BASE = whole.find((x) => x ** 3.3 !== power(x, 3.3)) ?? 1.5

const EXPERIMENT = {
  'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0"}',
  'node_modules/dep/index.js': 'const { cos } = Math; exports.kept = (x) => cos(x)',
  'node_modules/esm/package.json': '{"name":"esm","version":"1.0.0","type":"module"}',
  'node_modules/esm/index.js': 'const { pow } = Math; export const raised = (x) => [pow(x, 3.3), x ** 3.3]',
  'main.ts': `import { experiment } from 'reprise'
import { raised } from 'esm'
import { kept } from 'dep'
const [ANGLE, BASE] = [${ANGLE}, ${BASE}]
const loading = Math.cos(ANGLE)
const raisedWhileLoading = BASE ** 3.3
const caught = (f: () => unknown) => { try { return String(f()) } catch (error) { return (error as Error).name } }
export default experiment({
  name: 'portable', math: 'MATH',
  run: () => {
    let assigned = BASE
    assigned **= 3.3
    return {
      cos: [loading, kept(ANGLE), Math.cos(ANGLE), globalThis.Math.cos(ANGLE), eval('Math.cos')(ANGLE)],
      pow: [raisedWhileLoading, ...raised(BASE), assigned, BASE ** 3.3, Math.pow(BASE, 3.3)],
      bigint: [String(2n ** 64n), caught(() => 2n ** -1n), caught(() => Math.pow(2n as never, 2n as never))],
      native: Object.getOwnPropertyNames(Math).filter((name) => /native code/.test(String(Math[name as 'sin']))).sort(),
      changed: Object.keys(Math), symbols: Object.getOwnPropertySymbols(globalThis).map(String).filter((name) => /reprise/.test(name)),
    }
  },
})
`,
}

async function capsuleOf(math: MathKind): Promise<Capsule> {
  const root = trees.plant({ ...EXPERIMENT, 'main.ts': EXPERIMENT['main.ts'].replace('MATH', math) })
  return buildCapsule(join(root, 'main.ts'), ROOT, { ...NO_ATTACHMENTS, math })
}

/** What the one job of a capsule returned, in an engine started so. */
async function resultIn(capsule: Capsule, options: LocalOptions = {}): Promise<Record<string, unknown>> {
  const file = join(trees.plant({}), `${capsule.digest}.mjs`)
  writeFileSync(file, capsule.bytes)
  const launcher = localLauncher(options)
  try {
    const { hash } = await describeCapsule(launcher, file)
    const done = await record(pool(launcher, { engines: 1 }), assign({ capsule: file, hash, chunks: 1 }))
    const { jobs } = JSON.parse(done.words(0)) as { jobs: [{ result: Record<string, unknown> }] }
    return jobs[0].result
  } finally {
    launcher.close()
  }
}

const text = (capsule: Capsule) => Buffer.from(capsule.bytes).toString('utf8')

test('should be in place before any code of the user and of dependencies, and stay', async () => {
  const capsule = await capsuleOf('portable')
  const result = await resultIn(capsule)
  assert.deepEqual(result.cos, Array(5).fill(PORTABLE_MATH.cos(ANGLE)))
  assert.deepEqual(result.pow, Array(6).fill(PORTABLE_MATH.pow(BASE, 3.3)))
  assert.deepEqual(result.bigint, ['18446744073709551616', 'RangeError', 'TypeError'])
  assert.ok(!(result.native as string[]).some((name) => Object.hasOwn(PORTABLE_MATH, name)))
  assert.ok((result.native as string[]).includes('sqrt'))
  assert.deepEqual(result.changed, [])
  assert.deepEqual(
    capsule.packages.map(({ name }) => name).filter((name) => !/noble|json|seedrandom/.test(name)),
    ['dep', 'esm'],
  )
})

test('should give the same bits without a compiler, and with one that does not optimise', async () => {
  const capsule = await capsuleOf('portable')
  const usual = await resultIn(capsule)
  for (const flags of [['--jitless'], ['--no-opt']])
    assert.deepEqual(await resultIn(capsule, { flags }), usual, String(flags))
})

test('should leave no trace where an experiment asks for the platform’s own', async () => {
  const capsule = await capsuleOf('native')
  assert.ok(!text(capsule).includes('__pow') && !text(capsule).includes('lib/math'))
  const result = await resultIn(capsule)
  assert.deepEqual(result.cos, Array(5).fill(Math.cos(ANGLE)))
  assert.deepEqual(result.pow, Array(6).fill(BASE ** 3.3))
  assert.deepEqual(result.symbols, [])
  for (const name of Object.keys(PORTABLE_MATH)) assert.ok((result.native as string[]).includes(name), name)
})

test('should keep the platform’s functions to be found, when a second capsule is loaded too', async () => {
  const folder = trees.plant({})
  const files = ['one.mjs', 'two.mjs'].map((name) => join(folder, name))
  const capsule = await capsuleOf('portable')
  for (const file of files) writeFileSync(file, capsule.bytes)
  const script = `
    const before = Math.cos
    for (const file of ${JSON.stringify(files)}) await import(file)
    const kept = globalThis[Symbol.for('reprise/native-math')]
    const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(Math, 'pow')
    console.log(JSON.stringify([kept.cos === before, Object.keys(kept).length, Math.pow.name, Math.cos === before, writable, enumerable, configurable]))`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  assert.deepEqual(JSON.parse(printed), [true, 22, 'pow', false, true, false, true])
})

test('should need nothing of Node', async () => {
  // A realm that has what the language has and no more; a module is no script, so what it exports is taken off
  const file = join(trees.plant({}), 'banner.js')
  const [banner] = text(await capsuleOf('portable')).split('var __pow = ')
  writeFileSync(file, `${banner}\nMath.pow.settle(); [Math.cos(${ANGLE}), Math.pow(${BASE}, 3.3)].join()`)
  const script = `
    const { readFileSync } = require('node:fs')
    console.log(require('node:vm').runInNewContext(readFileSync(${JSON.stringify(file)}, 'utf8')))`
  const printed = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  assert.equal(printed.trim(), [PORTABLE_MATH.cos(ANGLE), PORTABLE_MATH.pow(BASE, 3.3)].join())
})

test('should leave places in the capsule to be told as places in the user’s files', async () => {
  const root = trees.plant({
    'main.ts': `import { experiment } from 'reprise'
export default experiment({
  name: 'x',
  run: ({ random }) => {
    const raised = (1 + random()) ** 2
    if (raised > 0) throw new Error('thrown by run')
    return raised
  },
})
`,
  })
  const capsule = await buildCapsule(join(root, 'main.ts'), ROOT, NO_ATTACHMENTS)
  const lines = text(capsule).split('\n')
  const line = lines.findIndex((words) => words.includes('Error("thrown by run")')) + 1
  const place = `at run (file:///x/${capsule.digest}.mjs:${line}:${lines[line - 1]!.indexOf('new Error') + 1})`
  assert.equal(locate(place, capsule.digest, capsule.map), 'at run (main.ts:6:27)')
})
