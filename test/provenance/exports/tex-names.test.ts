/** Names of commands for figures: letters alone, documented ones stay, and a name is of one figure whatever else there is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Figure, figureNames } from '../../../provenance/exports/tex-names.ts'

const named = (field: string, ...where: Figure['where']) => figureNames([{ field, where }])[0]!

test('should spell what TeX cannot read', () => {
  assert.equal(named('removed', ['infect', 0.05]), 'RemovedInfectZeroPointZeroFive')
  assert.equal(named('peakDay', ['r0', -1e21], ['fast', true]), 'PeakDayRZeroMinusOneEPlusTwoOneFastTrue')
  assert.match(named('mean_size', ['kind', 'open']), /^MeanSizeQ[a-z]{8}KindOpen$/)
  assert.match(named('\\input{/etc/passwd}%^^M'), /^InputEtcPasswdMQ[a-z]{8}$/)
  assert.match(named('x', ['kind', 'α']), /^XKindXQ[a-z]{8}$/)
})

test('should never give to another value the name that one had', () => {
  const values = [
    'α',
    'β',
    'x',
    'X',
    'a b',
    'aB',
    'a-b',
    '5',
    5,
    'five',
    'true',
    true,
    null,
    'null',
    'x'.repeat(81),
    [5],
    '[5]',
    'error',
    'count',
  ]
  const names = values.map((value) => named('mean', ['kind', value]))
  assert.equal(new Set(names).size, values.length, names.join(' '))
  const both = figureNames(values.map((value) => ({ field: 'mean', where: [['kind', value]] })))
  assert.deepEqual(both, names, 'whatever else there is')
  assert.notEqual(named('meanError'), `${named('mean')}Error`)
})

test('should give letters alone, and each name once', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a', 'A', 'aB', 'b', 'bC', 'zero', '0', '0Error', 'count'),
  )
  const figure = fc.record({
    field: word,
    where: fc.array(fc.tuple(word, fc.oneof(word, fc.double())), { maxLength: 2 }),
  })
  fc.assert(
    fc.property(fc.uniqueArray(figure, { selector: (one) => JSON.stringify(one) }), (figures) => {
      const given = figureNames(figures).flatMap((name) => [name, `${name}Error`, `${name}Count`])
      assert.equal(new Set(given).size, given.length)
      for (const name of given) assert.match(name, /^[A-Za-z]+$/)
    }),
    { seed: 8, numRuns: 200 },
  )
})

test('should give figures whose words run into each other names of their own', () => {
  const figures: Figure[] = [
    { field: 'a', where: [['bC', 1]] },
    { field: 'aB', where: [['c', 1]] },
  ]
  const names = figureNames(figures)
  assert.notEqual(names[0], names[1])
  for (const name of names) assert.match(name, /^ABCOneQ[a-z]{8}$/)
})
