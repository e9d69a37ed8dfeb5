/** The fingerprint: complete, the same in every mode of the engine, and different by name where one function differs. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import {
  EXACT_FUNCTIONS,
  type MathFunctions,
  type NumberFunction,
  OPEN_FUNCTIONS,
} from '../../lib/fingerprint/math.ts'
import {
  type Fingerprint,
  fingerprint,
  fingerprintDifferences,
  fingerprintUncompared,
  MATH_ENTRIES,
  MATTERS_TO,
  mathFingerprint,
} from '../../lib/fingerprint.ts'
import { nudged } from './nudge.ts'

const power: NumberFunction = (base, exponent) => base! ** exponent!
const OWN = fingerprint(Math, power)
const MODULE = new URL('../../lib/fingerprint.js', import.meta.url).href
const PROGRAM = `import { fingerprint } from ${JSON.stringify(MODULE)}
let made
for (let i = 0; i < Number(process.argv[1]); i++) made = fingerprint(Math, (base, exponent) => base ** exponent)
console.log(JSON.stringify(made))`

/** The fingerprint in a process of its own, made so many times, as the last time gave it. */
function elsewhere(flags: readonly string[], times = 1): Fingerprint {
  const words = [...flags, '--input-type=module', '--eval', PROGRAM, String(times)]
  return JSON.parse(
    execFileSync(process.execPath, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
}

test('should have one digest of 16 hex digits for each name', () => {
  assert.deepEqual(Object.keys(OWN), [
    ...MATH_ENTRIES,
    'Math exact',
    'number formatting',
    'sorting',
    'sorting algorithm',
    'typed arrays',
    'Unicode',
    'error messages',
  ])
  for (const [name, digest] of Object.entries(OWN)) assert.match(digest, /^[0-9a-f]{16}$/, name)
  const { '**': operator, ...others } = OWN
  assert.equal(new Set(Object.values(others)).size, Object.keys(others).length, 'no two are the same')
  assert.match(operator!, /^[0-9a-f]{16}$/)
  for (const name of Object.keys(MATTERS_TO)) assert.ok(name in OWN, name)
})

test('should know every function that Math has', () => {
  const later = ['f16round', 'sumPrecise'] // exact by specification, and not in every Node
  const known = [...OPEN_FUNCTIONS, ...EXACT_FUNCTIONS, 'random', ...later]
  const functions = Object.getOwnPropertyNames(Math).filter(
    (name) => typeof Reflect.get(Math, name) === 'function',
  )
  assert.deepEqual(
    functions.filter((name) => !known.includes(name)),
    [],
    'a new function of Math: digest it, or say here that it is exact',
  )
})

test('should be the same twice, without optimisation, without a compiler, and after much use', () => {
  assert.deepEqual(fingerprint(Math, power), OWN)
  assert.deepEqual(elsewhere([]), OWN)
  assert.deepEqual(elsewhere(['--jitless']), OWN)
  assert.deepEqual(elsewhere(['--no-opt']), OWN)
  assert.deepEqual(elsewhere([], 60), OWN)
})

test('should be the same in another time zone, locale and folder', () => {
  const words = ['--input-type=module', '--eval', PROGRAM, '1']
  const env = { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }
  assert.deepEqual(
    JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8', cwd: '/', env })),
    OWN,
  )
})

for (const name of OPEN_FUNCTIONS) {
  test(`should show by name that ${name} is one ulp off for some arguments`, () => {
    const other = Object.create(Math, {
      [name]: { value: nudged(Math[name] as NumberFunction) },
    }) as MathFunctions
    assert.deepEqual(fingerprintDifferences(OWN, fingerprint(other, power)), [`Math.${name}`])
  })
}

test('should show that the operator, or an exact function, is off', () => {
  assert.deepEqual(fingerprintDifferences(OWN, fingerprint(Math, nudged(power))), ['**'])
  for (const name of EXACT_FUNCTIONS) {
    const other = Object.create(Math, {
      [name]: { value: nudged(Math[name] as NumberFunction) },
    }) as MathFunctions
    assert.deepEqual(fingerprintDifferences(OWN, fingerprint(other, power)), ['Math exact'], name)
  }
})

test('should give the entries of Math alone for functions that are no Math', () => {
  const functions = Object.fromEntries(
    OPEN_FUNCTIONS.map((name) => [name, Math[name]]),
  ) as unknown as MathFunctions
  assert.deepEqual(
    mathFingerprint(functions, power),
    Object.fromEntries(MATH_ENTRIES.map((name) => [name, OWN[name]])),
  )
})

test('should name what differs in the order of the present one, and tell names of one side apart', () => {
  const present = { a: '1', b: '2', c: '3', d: '4' }
  const recorded = { d: '0', b: '0', c: '3', z: '9', toString: '5' }
  assert.deepEqual(fingerprintDifferences(recorded, present), ['b', 'd'])
  assert.deepEqual(fingerprintUncompared(recorded, present), ['a', 'z', 'toString'])
  assert.deepEqual(fingerprintDifferences({}, { toString: '1', constructor: '2' }), [])
})
