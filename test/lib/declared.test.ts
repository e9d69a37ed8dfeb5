/** What may be declared: input files by plain names, probes as lists of words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkInputs, checkProbes, isCommand, MOST_PROBES, MOST_WORDS } from '../../lib/declared.ts'
import { refused } from './refusal.ts'

test('should take plain names and paths, and refuse others by name', () => {
  checkInputs({ 'graph.txt': '../data/graph.txt', _x: 'y', '0': 'z' })
  for (const name of ['', '.x', '../x', 'a/b', 'a b', '$x', 'toJSON', '__proto__', 'ä'])
    refused(() => checkInputs(JSON.parse(`{${JSON.stringify(name)}: "x"}`)), 'invalid-experiment', {
      subject: `inputs[${JSON.stringify(name)}]`,
    })
  refused(() => checkInputs({ x: '' }), 'invalid-experiment', { subject: 'inputs.x' })
})

test('should take commands, and refuse what is none', () => {
  checkProbes({})
  checkProbes({
    python: ['python3', '--version'],
    'pip.list': ['pip', 'list', ''],
    odd: ['sh', '-c', 'a\nb'],
  })
  const bad: unknown[] = [
    'python3 --version',
    [],
    [''],
    ['a', 5],
    ['a', null],
    ['a', 'b\0c'],
    ['a', '\ud800'],
    ['x'.repeat(1_001)],
    Array.from({ length: MOST_WORDS + 1 }, () => 'x'),
    { 0: 'a' },
    null,
  ]
  for (const words of bad) {
    assert.ok(!isCommand(words))
    refused(() => checkProbes({ p: words as string[] }), 'invalid-experiment', { subject: 'probes.p' })
  }
})

test('should refuse names that are none, and too many', () => {
  for (const name of ['', '../x', 'a b', '__proto__', 'x'.repeat(101)])
    refused(() => checkProbes(JSON.parse(`{${JSON.stringify(name)}: ["x"]}`)), 'invalid-experiment', {
      subject: `probes[${JSON.stringify(name)}]`,
    })
  const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, ['x']]))
  checkProbes(many(MOST_PROBES))
  refused(() => checkProbes(many(MOST_PROBES + 1)), 'invalid-experiment', { subject: 'probes' })
  for (const odd of [[['x']], null, 'x'])
    refused(() => checkProbes(odd as never), 'invalid-experiment', { subject: 'probes' })
})
