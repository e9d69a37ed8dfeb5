/** Limits of time in sbatch's forms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeLimitMs } from '../../../runners/slurm/time-limit.ts'

test('should read limits as sbatch does', () => {
  const texts = [['90', 5_400], ['1:30', 90], ['1:00:00', 3_600], ['1-12', 129_600], ['1-12:30', 131_400], ['1-12:30:05', 131_405]] as const // biome-ignore format: pairs
  for (const [text, seconds] of texts) assert.equal(timeLimitMs(text), seconds * 1000, text)
})

test('should know none where there is none', () => {
  for (const text of ['0', 'UNLIMITED', 'soon', '', '-1', '1:2:3:4', '1-'])
    assert.equal(timeLimitMs(text), null, text)
})
