/**
 * The tests of one point. Independent samples: numbers by the rank-sum test (which looks for a shift, best) and by Smirnov's
 * (which looks for any change); what has two values, failures and missing values by Fisher's. Two runs of one experiment have
 * the same seeds job by job, hence pairs: their differences by the signed-rank test. All are exact and assume no distribution.
 * A field that is constant has nothing to test.
 */
import { fisher } from './fisher.ts'
import { rankSum, type Tested } from './rank-sum.ts'
import { inOrder } from './ranks.ts'
import type { Column, Measured, Sample } from './sample.ts'
import { signedRank } from './signed-rank.ts'
import { smirnov } from './smirnov.ts'

export type TestName = 'rank-sum' | 'smirnov' | 'fisher' | 'signed-rank'

export interface FieldTest extends Tested {
  /** Path in the result; `failed` for the share of failed jobs; `presence of …` where a value is sometimes missing. */
  readonly field: string
  readonly test: TestName
  readonly left: Summary
  readonly right: Summary
  /** Of pairs of numbers: the largest difference, since a leaning is found however small it is. */
  readonly largest?: number
}

export interface Summary {
  readonly count: number
  /** Of numbers; of what has two values, the share of the first. */
  readonly median?: number
  readonly share?: number
}

export interface Untested {
  readonly field: string
  readonly why: string
}

export interface PointTests {
  readonly tests: readonly FieldTest[]
  readonly untested: readonly Untested[]
}

/** Tests every field of a point; `paired` where both have the same seeds. */
export function testFields(left: Sample, right: Sample, paired: boolean): PointTests {
  const tests: FieldTest[] = []
  const untested: Untested[] = []
  const all = { left: left.jobs, right: right.jobs }
  const share = (field: string, l: readonly number[], r: readonly number[], of: typeof all) => {
    const found = paired ? pairedShares(field, l, r, of) : shares(field, l.length, r.length, of)
    if (found !== null) tests.push(found)
  }
  share('failed', left.failed, right.failed, all)
  // A value can be missing only where the job succeeded; of pairs, both.
  const onRight = new Set(right.measured)
  const isPaired = new Set(left.measured.filter((at) => onRight.has(at)))
  const measured = paired
    ? { left: isPaired.size, right: isPaired.size }
    : { left: left.measured.length, right: right.measured.length }
  const known = (field: string) => left.columns.has(field) && right.columns.has(field)
  const whole = left.passedOver.size === 0 && right.passedOver.size === 0
  for (const field of new Set([...left.columns.keys(), ...right.columns.keys()])) {
    if (!whole && !known(field)) {
      untested.push({ field, why: 'too many fields' })
      continue
    }
    const [l, r] = [left, right].map((side) => side.columns.get(field) ?? { at: [], values: [] }) as [
      Column,
      Column,
    ]
    const both = ({ at }: Column) => (paired ? at.filter((place) => isPaired.has(place)) : at)
    share(`presence of ${field}`, both(l), both(r), measured)
    const found = paired ? pairedValues(field, l, r) : values(field, l.values, r.values)
    if (typeof found === 'string') untested.push({ field, why: found })
    else tests.push(...found)
  }
  for (const field of new Set([...left.passedOver, ...right.passedOver]))
    untested.push({ field, why: 'too many fields' })
  return { tests, untested }
}

function values(field: string, left: readonly Measured[], right: readonly Measured[]): FieldTest[] | string {
  const kinds = new Set([...left, ...right].map((value) => typeof value))
  const different = new Set([...left, ...right]) // NaN is one value here, and so are both zeros
  if (left.length === 0 || right.length === 0 || different.size < 2) return []
  if (kinds.size > 1) return 'its values are of several kinds'
  if (different.size === 2) {
    const [one] = different
    const hits = (side: readonly Measured[]) => side.filter((value) => Object.is(value, one) || value === one)
    const of = { left: left.length, right: right.length }
    return [shares(field, hits(left).length, hits(right).length, of)!]
  }
  if (kinds.has('string')) return 'its texts are of more than two kinds'
  const [l, r] = [left as readonly number[], right as readonly number[]]
  const about = { field, left: summary(l), right: summary(r) }
  return [
    { ...about, test: 'rank-sum', ...rankSum(l, r) },
    { ...about, test: 'smirnov', ...smirnov(l, r) },
  ]
}

function shares(
  field: string,
  left: number,
  right: number,
  of: { left: number; right: number },
): FieldTest | null {
  const hits = left + right
  if (hits === 0 || hits === of.left + of.right || of.left === 0 || of.right === 0) return null
  const p = fisher(left, of.left, right, of.right)
  return { field, test: 'fisher', p, exact: true, ...shareSummaries(left, right, of) }
}

function shareSummaries(left: number, right: number, of: { left: number; right: number }) {
  return {
    left: { count: of.left, share: left / of.left },
    right: { count: of.right, share: right / of.right },
  }
}

/** Where something is on one side and not on the other: which way it leans. */
function pairedShares(
  field: string,
  left: readonly number[],
  right: readonly number[],
  of: { left: number; right: number },
): FieldTest | null {
  const [l, r] = [new Set(left), new Set(right)]
  const only = (these: readonly number[], those: ReadonlySet<number>) =>
    these.filter((at) => !those.has(at)).length
  const signs = [...new Array(only(left, r)).fill(-1), ...new Array(only(right, l)).fill(1)]
  if (signs.length === 0) return null
  return {
    field,
    test: 'signed-rank',
    ...signedRank(signs),
    ...shareSummaries(left.length, right.length, of),
  }
}

function pairedValues(field: string, left: Column, right: Column): FieldTest[] | string {
  const there = new Map(right.at.map((at, i) => [at, right.values[i]!]))
  const pairs = left.at.flatMap((at, i) => {
    const other = there.get(at)
    return other === undefined ? [] : [[left.values[i]!, other] as const]
  })
  const differing = pairs.filter(([a, b]) => !(Object.is(a, b) || a === b))
  if (differing.length === 0) return []
  if (differing.some(([a, b]) => typeof a !== typeof b)) return 'its values are of several kinds'
  if (differing.some(([a]) => typeof a === 'string')) return 'its texts have no order to compare'
  const numbers = pairs.map(([a, b]) => [Number(a), Number(b)] as const)
  const steps = numbers.map(([a, b]) => step(a, b))
  return [
    {
      field,
      test: 'signed-rank',
      ...signedRank(steps),
      largest: steps.reduce((most, one) => Math.max(most, Math.abs(one)), 0),
      left: summary(numbers.map(([a]) => a)),
      right: summary(numbers.map(([, b]) => b)),
    },
  ]
}

/** From one value to the other; beyond every number where one of them is not finite. */
function step(from: number, to: number): number {
  const way = inOrder(to, from)
  if (way === 0) return 0
  const far = Math.abs(to - from)
  return way * (Number.isFinite(from) && Number.isFinite(to) ? far : Number.POSITIVE_INFINITY)
}

function summary(values: readonly number[]): Summary {
  const sorted = values.toSorted(inOrder)
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!]
  return { count: values.length, median: low === high ? low : low + (high - low) / 2 }
}
