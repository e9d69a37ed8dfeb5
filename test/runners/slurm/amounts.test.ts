/** Times and amounts in Slurm's forms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, elapsedMs, utc } from '../../../runners/slurm/amounts.ts'

test('should read times, and none where there is none', () => {
  assert.equal(utc('2026-11-27T11:16:13'), '2026-11-27T11:16:13Z')
  for (const text of ['Unknown', 'None', 'N/A', 'NONE', '', '2026-11-27', '2026-11-27T11:16:13Z; rm'])
    assert.equal(utc(text), null)
})

test('should read processor time', () => {
  const texts = [['00:00.841', 841], ['00:01:02', 62_000], ['03:04', 184_000], ['1-00:00:01', 86_401_000], ['100:00:00', 360_000_000], ['00:00:00', 0], ['', null], ['1', null], ['01:2', null], ['-1:00', null], ['INVALID', null]] as const // biome-ignore format: pairs
  for (const [text, ms] of texts) assert.equal(elapsedMs(text), ms, text)
})

test('should read memory', () => {
  const texts = [['1024', 1024], ['12K', 12_288], ['1.5M', 1_572_864], ['2G', 2 ** 31], ['0', null], ['', null], ['12 K', null], ['-1K', null], ['1e9', null]] as const // biome-ignore format: pairs
  for (const [text, bytes] of texts) assert.equal(bytesOf(text), bytes, text)
})
