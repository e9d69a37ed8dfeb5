/** `experiment({...})`: what it makes of a user's words, and which words it refuses. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { points, range, zip } from '../../lib/design.ts'
import { toHex } from '../../lib/digest.ts'
import { experimentHash } from '../../lib/document.ts'
import { experiment, isExperiment } from '../../lib/experiment.ts'
import { refused } from './refusal.ts'

const run = () => 1

test('should keep apart what is asked and how it is done', () => {
  const made = experiment({
    name: 'sir',
    parameters: { infect: range(0.05, 0.15, 3), rule: 'majority' },
    repetitions: 100,
    chunk: 10,
    random: 'alea',
    seed: 'again',
    run,
    setup: () => 5,
    summarise: (results) => results.length,
    result: { type: 'number' },
    inputs: { 'graph.txt': 'data/graph.txt' },
  })
  assert.deepEqual(made.document, {
    format: 'reprise/experiment/1',
    name: 'sir',
    design: {
      product: [
        { name: 'infect', values: [0.05, 0.1, 0.15] },
        { name: 'rule', values: ['majority'] },
      ],
    },
    repetitions: 100,
    chunk: 10,
    random: 'alea',
    seed: 'again',
  })
  assert.equal(made.work?.run, run)
  assert.equal(made.program, null)
  assert.deepEqual(made.result, { type: 'number' })
  assert.deepEqual(made.inputs, { 'graph.txt': 'data/graph.txt' })
})

test('should fill in what is left out', () => {
  const made = experiment({ name: 'n', run })
  assert.deepEqual(made.document, {
    format: 'reprise/experiment/1',
    name: 'n',
    design: { product: [] },
    repetitions: 1,
    chunk: 1,
    random: 'xor4096',
    seed: null,
  })
  assert.equal(experiment({ name: 'n', run, repetitions: 100_000 }).document.chunk, 100)
  assert.equal(
    experiment({ name: 'n', run, repetitions: 40, parameters: { a: range(1, 1000, 1000) } }).document.chunk,
    20,
  )
})

test('should depend in its hash on what is asked alone', () => {
  const spec = { name: 'n', parameters: zip({ a: [1, 2], b: [3, 4] }), repetitions: 3 }
  const hash = (more: object) => toHex(experimentHash(experiment({ ...spec, run, ...more }).document))
  assert.equal(
    hash({}),
    hash({
      run: () => 2,
      setup: () => 3,
      result: { type: 'number' },
      inputs: { x: 'y' },
      probes: { x: ['y'] },
    }),
  )
  assert.notEqual(hash({}), hash({ seed: 'other' }))
  assert.notEqual(hash({}), hash({ chunk: 3 }))
})

test('should know its own', () => {
  const made = experiment({ name: 'n', run })
  assert.ok(isExperiment(made))
  assert.deepEqual(Object.keys(made), [
    'document',
    'work',
    'program',
    'result',
    'inputs',
    'probes',
    'labels',
    'math',
    'guard',
  ])
  for (const odd of [{ ...made }, null, undefined, 'experiment', { document: made.document }]) {
    assert.ok(!isExperiment(odd))
  }
})

const BAD: Readonly<Record<string, readonly [object, string]>> = {
  'a misspelt key': [{ repetition: 5 }, 'repetition'],
  'another misspelt key': [{ paramters: { a: [1] } }, 'paramters'],
  'no name': [{ name: undefined }, 'name'],
  'an empty name': [{ name: '' }, 'name'],
  'no run': [{ run: undefined }, 'run'],
  'a run that is no function': [{ run: 'sir.py' }, 'run'],
  'a setup that is no function': [{ setup: {} }, 'setup'],
  'a summarise that is no function': [{ summarise: 'mean' }, 'summarise'],
  'an empty factor': [{ parameters: { infect: [] } }, 'parameters.infect'],
  'an empty range by hand': [{ parameters: { infect: [].slice() } }, 'parameters.infect'],
  'a zip of unequal lengths': [{ parameters: zip({ a: [1, 2], b: [1] }) }, 'parameters'],
  'no points': [{ parameters: points([]) }, 'parameters'],
  'points with other names': [{ parameters: points([{ a: 1 }, { b: 1 }]) }, 'parameters.points[1]'],
  'a name with $': [{ parameters: { $a: [1] } }, 'parameters["$a"]'],
  'NaN as a parameter': [{ parameters: { a: [Number.NaN] } }, 'parameters.a[0]'],
  'Infinity as a parameter': [{ parameters: { a: Number.POSITIVE_INFINITY } }, 'parameters.a[0]'],
  'a parameter that is a function': [{ parameters: { a: () => 1 } }, 'parameters'],
  'parameters that are a list': [{ parameters: [1, 2] }, 'parameters'],
  'no repetition': [{ repetitions: 0 }, 'repetitions'],
  'half a repetition': [{ repetitions: 2.5 }, 'repetitions'],
  'negative repetitions': [{ repetitions: -3 }, 'repetitions'],
  'NaN repetitions': [{ repetitions: Number.NaN }, 'repetitions'],
  'repetitions as text': [{ repetitions: '10' }, 'repetitions'],
  'repetitions as a bigint': [{ repetitions: 10n }, 'repetitions'],
  'too many repetitions': [{ repetitions: 1e300 }, 'repetitions'],
  'repetitions that make too many chunks': [{ repetitions: 2 ** 52 }, 'chunk'],
  'chunk 0': [{ chunk: 0 }, 'chunk'],
  'half a chunk': [{ chunk: 0.5 }, 'chunk'],
  'an unknown generator': [{ random: 'mersenne' }, 'random'],
  'an unsound generator': [{ random: 'xor128' }, 'random'],
  'a seed that is a number': [{ seed: 42 }, 'seed'],
  'a schema that is text': [{ result: 'number' }, 'result'],
  'a schema that is null': [{ result: null }, 'result'],
  'an input with a path as its name': [{ inputs: { '../x': 'x' } }, 'inputs["../x"]'],
  'an input with a folder in its name': [{ inputs: { 'a/b': 'x' } }, 'inputs["a/b"]'],
  'an input with a hidden name': [{ inputs: { '.x': 'x' } }, 'inputs[".x"]'],
  'an input without a path': [{ inputs: { x: '' } }, 'inputs.x'],
  'an input that is no path': [{ inputs: { x: 5 } }, 'inputs.x'],
  'a probe that is no list': [{ probes: { x: 'python3 --version' } }, 'probes.x'],
}
for (const [name, [change, subject]] of Object.entries(BAD)) {
  test(`should refuse ${name}`, () => {
    const spec = { name: 'n', run, ...change } as unknown as Parameters<typeof experiment>[0]
    refused(() => experiment(spec), 'invalid-experiment', { subject })
  })
}

test('should refuse what is no description at all', () => {
  for (const odd of [null, undefined, 'experiment', 5]) {
    refused(() => experiment(odd as never), 'invalid-experiment', { subject: 'experiment' })
  }
})
