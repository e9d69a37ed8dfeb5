/** What tests of a size can see: against the tests themselves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256, utf8 } from '../../../lib/digest.ts'
import { randomStream } from '../../../lib/random.ts'
import { leastP, leastPairedP, visiblePairedShift, visibleShift } from '../../../lib/statistics/power.ts'
import { rankSum } from '../../../lib/statistics/rank-sum.ts'
import { signedRank } from '../../../lib/statistics/signed-rank.ts'
import { smirnov } from '../../../lib/statistics/smirnov.ts'
import { near } from '../../golden/p-values.ts'

const upTo = (n: number, from: number) => Array.from({ length: n }, (_, i) => from + i)

test('should know the least p-value that a test can give', () => {
  for (const [m, n] of [
    [1, 1],
    [3, 3],
    [5, 9],
    [20, 20],
  ] as const) {
    near(rankSum(upTo(m, 0), upTo(n, 100)).p, leastP(m, n), `${m}, ${n}`)
    near(smirnov(upTo(m, 0), upTo(n, 100)).p, leastP(m, n), `${m}, ${n}`)
  }
  for (const n of [1, 4, 30]) near(signedRank(upTo(n, 1)).p, leastPairedP(n), `${n} pairs`)
})

test('should name a shift that is found about four times of five', () => {
  const random = randomStream('alea', sha256(utf8('power')))
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const normals = (n: number, shift = 0) => Array.from({ length: n }, () => normal() + shift)
  const times = 400
  const share = (found: () => boolean) => upTo(times, 0).filter(found).length / times
  const independent = share(() => rankSum(normals(30, visibleShift(30, 40, 0.01)), normals(40)).p <= 0.01)
  const paired = share(() => signedRank(normals(40, visiblePairedShift(40, 0.01))).p <= 0.01)
  for (const power of [independent, paired]) assert.ok(power > 0.7 && power < 0.9, `${power}`)
})
