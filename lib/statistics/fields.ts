/**
 * The tests of one point. Independent samples: numbers by the rank-sum test (which looks for a shift, best) and by Smirnov's
 * (which looks for any change); what has two values, failures and missing values by Fisher's. Two runs of one experiment have
 * the same seeds job by job, hence pairs: their differences by the signed-rank test, and how far they lie from the middle of
 * both (paired-spread.ts). All are exact and assume no distribution. A field that is constant has nothing to test.
 */
import { fisher } from './fisher.ts'
import { exactStep, isNumeric, type Numeric, ordinals, spreadSteps } from './paired-spread.ts'
import { rankSum, type Tested } from './rank-sum.ts'
import { inOrder } from './ranks.ts'
import type { Column, Measured, Sample } from './sample.ts'
import { signedRank } from './signed-rank.ts'
import { smirnov } from './smirnov.ts'

export type TestName = 'rank-sum' | 'smirnov' | 'fisher' | 'signed-rank'

export interface FieldTest extends Tested {
  /** Path in the result; `failed` for failed jobs; `presence of …` where a value is sometimes missing; `spread of …` of pairs. */
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
  /** True for pairs that are not equal: then nothing may be called consistent. */
  readonly differs?: boolean
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
    if (typeof found === 'string') untested.push({ field, why: found, ...(paired ? { differs: true } : {}) })
    else tests.push(...found)
  }
  for (const field of new Set([...left.passedOver, ...right.passedOver]))
    untested.push({ field, why: 'too many fields' })
  return { tests, untested }
}

function values(field: string, left: readonly Measured[], right: readonly Measured[]): FieldTest[] | string {
  if (left.length === 0 || right.length === 0) return []
  const all = [...left, ...right]
  // Ranks are all that the tests look at, so exact ones can stand for bigints.
  const ranked = all.every(isNumeric) && all.some((value) => typeof value === 'bigint') ? ordinals(all) : all
  const kinds = new Set(ranked.map((value) => typeof value))
  const different = new Set(ranked) // NaN is one value here, and so are both zeros
  if (different.size < 2) return []
  if (kinds.size > 1) return 'its values are of several kinds'
  if (different.size === 2) {
    const [one] = different
    const hits = (side: readonly Measured[]) => side.filter((value) => Object.is(value, one) || value === one)
    const of = { left: left.length, right: right.length }
    const [l, r] = [ranked.slice(0, left.length), ranked.slice(left.length)]
    return [shares(field, hits(l).length, hits(r).length, of)!]
  }
  if (kinds.has('string')) return 'its texts are of more than two kinds'
  const [l, r] = [ranked.slice(0, left.length), ranked.slice(left.length)] as [number[], number[]]
  const about = { field, left: summary(left.map(Number)), right: summary(right.map(Number)) }
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
  const differing = pairs.filter(([a, b]) => !isSame(a, b))
  if (differing.length === 0) return []
  if (differing.some(([a, b]) => kindOf(a) !== kindOf(b))) return 'its values are of several kinds'
  if (differing.some(([a]) => typeof a === 'string')) return 'its texts have no order to compare'
  const numbers = pairs.map(
    ([a, b]) => [isNumeric(a) ? a : Number(a), isNumeric(b) ? b : Number(b)] as [Numeric, Numeric],
  )
  const steps = numbers.map(([a, b]) => exactStep(a, b))
  const about = {
    test: 'signed-rank',
    largest: steps.reduce((most, one) => Math.max(most, Math.abs(one)), 0),
    left: summary(numbers.map(([a]) => Number(a))),
    right: summary(numbers.map(([, b]) => Number(b))),
  } as const
  const spread = spreadSteps(numbers)
  return [
    { field, ...about, ...signedRank(steps) },
    ...(spread === null ? [] : [{ field: `spread of ${field}`, ...about, ...signedRank(spread) }]),
  ]
}

function isSame(a: Measured, b: Measured): boolean {
  return isNumeric(a) && isNumeric(b) ? inOrder(a, b) === 0 : a === b
}

function kindOf(value: Measured): string {
  return isNumeric(value) ? 'number' : typeof value
}

function summary(values: readonly number[]): Summary {
  const sorted = values.toSorted(inOrder)
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!]
  return { count: values.length, median: low === high ? low : low + (high - low) / 2 }
}
