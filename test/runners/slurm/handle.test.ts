/** Handles: what sbatch says, what is kept, and what leads nowhere. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byCluster, handleIn, readHandle, toCluster } from '../../../runners/slurm/handle.ts'

test('should find the id in what sbatch said, with its cluster and after other words', () => {
  assert.equal(handleIn('12\n'), '12')
  assert.equal(handleIn('Welcome!\n12;far.one\n'), '12;far.one')
  for (const said of ['', 'Submitted batch job 12', '12;', '12;a b', '-1', '12345678901'])
    assert.equal(handleIn(said), null, said)
})

test('should ask each cluster for its own', () => {
  const clusters = byCluster(['1', '2;far', '3'])
  assert.deepEqual(clusters.map(([cluster, ids]) => [cluster, [...ids]]), [[null, [['1', '1'], ['3', '3']]], ['far', [['2', '2;far']]]]) // biome-ignore format: pairs
  assert.deepEqual([toCluster(null), toCluster('far')], [[], ['--clusters=far']])
})

test('should refuse what is none', () => {
  for (const text of ['', '1,2', '1 --me', '1;$(x)', 'all', '1\n2'])
    assert.throws(() => readHandle(text), { code: 'not-intact' })
})
