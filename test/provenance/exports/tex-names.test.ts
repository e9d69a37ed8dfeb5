/** Names of commands for figures: letters alone, documented ones stay, and no two figures share one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FreeNames, spelled } from '../../../provenance/exports/tex-names.ts'

test('should spell what TeX cannot read', () => {
  const cases: [words: string[], name: string][] = [
    [['removed', 'infect', '0.05'], 'RemovedInfectZeroPointZeroFive'],
    [['mean_size', 'n', '-1e+21'], 'MeanSizeNMinusOneEPlusTwoOne'],
    [['a.b', 'x', 'true'], 'APointBXTrue'],
    [['\\input{/etc/passwd}%^^M'], 'InputEtcPasswdM'],
    [['β', ''], 'XX'],
  ]
  for (const [words, name] of cases) assert.equal(spelled(words), name)
})

test('should give letters alone, and each name once', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 })), (all) => {
      const names = new FreeNames()
      const endings = ['Error', 'Count']
      const given = all.flatMap((words) => {
        const name = names.take(`reprise${spelled(words)}`, endings)
        return ['', ...endings].map((ending) => name + ending)
      })
      assert.equal(new Set(given).size, given.length)
      for (const name of given) assert.match(name, /^[A-Za-z]+$/)
    }),
    { seed: 8, numRuns: 200 },
  )
})

test('should not give the name of a figure to the error of another', () => {
  const names = new FreeNames()
  assert.equal(names.take('x', ['Error']), 'x')
  assert.equal(names.take('xError', ['Error']), 'xErrorAgain')
})
