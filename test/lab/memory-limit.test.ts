/** Memory as it is written for sbatch. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLimit } from '../../lab/memory-limit.ts'

test('should read what sbatch reads: MiB where no unit is said', () => {
  assert.equal(memoryLimit('4G'), 4 * 2 ** 30)
  assert.equal(memoryLimit('500'), 500 * 2 ** 20)
  assert.equal(memoryLimit('512k'), 512 * 2 ** 10)
  assert.equal(memoryLimit('2MB'), 2 * 2 ** 20)
  assert.equal(memoryLimit(' 1T '), 2 ** 40)
})

test('should give null where there is no limit, or it is none', () => {
  for (const text of ['0', '', 'all', '-1G', '1.5G', '4 G', '1GG', '9'.repeat(20)])
    assert.equal(memoryLimit(text), null, text)
})
