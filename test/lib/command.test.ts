/** `command({...})`: what it describes, and how placeholders are filled. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { command, fillPlaceholders, placeholders } from '../../lib/command.ts'
import { points, zip } from '../../lib/design.ts'
import { isExperiment } from '../../lib/experiment.ts'
import { refused } from './refusal.ts'

test('should describe a program instead of a function', () => {
  const made = command({
    name: 'sir',
    program: 'python3',
    arguments: ['sir.py', '--infect={infect}', '{seed}', '{repetition}', '{seed31}'],
    files: ['sir.py', 'data/graph.txt'],
    parameters: { infect: [0.1, 0.2] },
    repetitions: 4,
  })
  assert.ok(isExperiment(made))
  assert.equal(made.work, null)
  assert.deepEqual(made.program, {
    program: 'python3',
    arguments: ['sir.py', '--infect={infect}', '{seed}', '{repetition}', '{seed31}'],
    files: ['sir.py', 'data/graph.txt'],
  })
  assert.deepEqual(command({ name: 'n', program: 'x' }).program, { program: 'x', arguments: [], files: [] })
})

test('should know the parameters of every kind of design', () => {
  for (const parameters of [{ a: 1 }, zip({ a: [1] }), points([{ a: 1 }])]) {
    const spec = { name: 'n', program: 'x', arguments: ['{a}'], parameters }
    assert.doesNotThrow(() => command(spec))
    refused(() => command({ ...spec, arguments: ['{b}'] }), 'invalid-experiment', {
      subject: 'arguments',
      says: '{b}',
    })
  }
})

test('should find and fill placeholders, and leave other braces alone', () => {
  assert.deepEqual(placeholders('--x={x},{seed31} {0} {} { x } {"a":1}'), ['x', 'seed31'])
  assert.equal(
    fillPlaceholders('{x}-{y}-{z}-{0}', { x: 0.5, y: 'a b', z: [1, null] }),
    '0.5-a b-[1,null]-{0}',
  )
  assert.equal(
    fillPlaceholders('{x}', { x: '{y}', y: 'no' }),
    '{y}',
    'what was filled in is not filled again',
  )
  assert.equal(fillPlaceholders('{x}', { x: '$&' }), '$&')
})

const BAD: Readonly<Record<string, readonly [object, string]>> = {
  'no program': [{ program: undefined }, 'program'],
  'an empty program': [{ program: '' }, 'program'],
  'arguments as text': [{ arguments: 'sir.py' }, 'arguments'],
  'a number among the arguments': [{ arguments: [1] }, 'arguments'],
  'files as text': [{ files: 'sir.py' }, 'files'],
  'a file above the folder': [{ files: ['../sir.py'] }, 'files'],
  'a file that leaves the folder': [{ files: ['a/../../sir.py'] }, 'files'],
  'a file with an absolute path': [{ files: ['/etc/passwd'] }, 'files'],
  'a file without a name': [{ files: [''] }, 'files'],
  'a misspelt key': [{ argument: [] }, 'argument'],
  'a function': [{ run: () => 1 }, 'run'],
  'an empty factor': [{ parameters: { a: [] } }, 'parameters.a'],
}
for (const [name, [change, subject]] of Object.entries(BAD)) {
  test(`should refuse ${name}`, () => {
    refused(() => command({ name: 'n', program: 'x', ...change }), 'invalid-experiment', { subject })
  })
}
