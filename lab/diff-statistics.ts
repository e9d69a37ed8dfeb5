/**
 * Whether two runs are consistent statistically: per point and field an exact test, all corrected as one family (Holm). The weakest
 * of the three verdicts (law 5), and the only one for runs of different experiments. Runs of one experiment have the same seeds, so
 * their jobs are pairs and are tested as such; others are independent. It never says that two runs are equal, only that a
 * difference was found or not, and how large one would have been found.
 */
import type { Point } from '../lib/design.ts'
import { blockCount, type ExperimentDocument } from '../lib/document.ts'
import { type MatchedPoints, matchPoints } from '../lib/match-points.ts'
import { Family } from '../lib/statistics/family.ts'
import { type FieldTest, testFields, type Untested } from '../lib/statistics/fields.ts'
import { leastP, leastPairedP, visiblePairedShift, visibleShift } from '../lib/statistics/power.ts'
import { Sample } from '../lib/statistics/sample.ts'
import type { Side } from './side.ts'
import { statisticsNotes, statisticsStatement } from './statistics-words.ts'

export interface Finding extends FieldTest {
  readonly point: Point
  /** Its p-value, corrected for all tests. */
  readonly corrected: number
}

export interface StatisticsVerdict {
  /** `undecided`: nothing could be tested, pairs differ in what cannot be, or no difference could have fallen below the level. */
  readonly verdict: 'consistent' | 'inconsistent' | 'undecided'
  /** The chance of `inconsistent` where nothing differs is at most this. */
  readonly level: number
  /** True for two runs of one experiment, whose jobs have the same seeds. */
  readonly paired: boolean
  readonly points: { readonly compared: number; readonly onlyLeft: number; readonly onlyRight: number }
  /** Factors with one value on each side, not the same: left out when points were matched. */
  readonly ignored: readonly string[]
  readonly tests: number
  /** Tests of samples too large to be exact, by the limit distribution. */
  readonly approximate: number
  /** Tests below the level after correction. */
  readonly found: number
  /** True where there may be more than `found`: only the smallest p-values of very many are kept. */
  readonly foundIsLeast: boolean
  /** The smallest p-values, ascending. */
  readonly smallest: readonly Finding[]
  readonly repetitions: { readonly left: number; readonly right: number }
  /** A shift that is found with a power of 80 %, in standard deviations (of differences, for pairs). */
  readonly visibleShift: number | null
  readonly untested: readonly Untested[]
  readonly statement: string
  /** What it takes for granted, and what it does not prove. */
  readonly notes: readonly string[]
}

const NOTHING: MatchedPoints = { pairs: [], onlyLeft: 0, onlyRight: 0, ignored: [], cut: false }
const MOST_POINTS = 100_000
const MOST_FINDINGS = 20
const MOST_UNTESTED = 20

export function diffStatistics(left: Side, right: Side, level: number): StatisticsVerdict {
  const [a, b] = [left.manifest.experiment, right.manifest.experiment]
  const paired = a.hash === b.hash
  const isHere = left.hasResults && right.hasResults // what is not executed here may be of any size
  const { pairs, onlyLeft, onlyRight, ignored, cut } = isHere
    ? matchPoints(a.document.design, b.document.design, MOST_POINTS)
    : NOTHING
  const family = new Family<FieldTest & { readonly point: Point }>()
  const untested = new Map<string, Untested>()
  const differing = new Set<string>()
  const passOver = (one: Untested) => {
    if (one.differs === true) differing.add(one.field)
    if (untested.size < MOST_UNTESTED) untested.set(`${one.field}: ${one.why}`, one)
  }
  let [compared, fewestLeft, fewestRight, least] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1]
  for (const [i, j] of pairs) {
    const [l, r] = [sampleAt(left, i), sampleAt(right, j)]
    const why = incomparable(l, r, a.document, b.document)
    if (why !== null) {
      passOver({ field: 'summary', why })
      continue
    }
    compared++
    const [m, n] = [l.measured.length, r.measured.length]
    fewestLeft = Math.min(fewestLeft, m)
    fewestRight = Math.min(fewestRight, n)
    least = Math.min(least, paired ? leastPairedP(Math.min(m, n)) : leastP(m, n))
    const { point } = left.place(i * blockCount(a.document))
    const found = testFields(l, r, paired)
    for (const test of found.tests) family.add({ ...test, point }, test.exact)
    const isOpen = paired && l.passedOver.size + r.passedOver.size > 0 && !isSamePoint(left, right, i)
    for (const one of found.untested)
      passOver(isOpen && one.why === 'too many fields' ? { ...one, differs: true } : one)
  }
  const smallest = family.smallest()
  const found = smallest.filter(({ corrected }) => corrected <= level).length
  const { tests } = family
  const repetitions = { left: a.document.repetitions, right: b.document.repetitions }
  const corrected = level / Math.max(1, tests)
  const shift =
    compared === 0 || Math.min(fewestLeft, fewestRight) === 0
      ? null
      : paired
        ? visiblePairedShift(Math.min(fewestLeft, fewestRight), corrected)
        : visibleShift(fewestLeft, fewestRight, corrected)
  const isBlind = tests > 0 && found === 0 && least * tests > level
  const nothing =
    !isHere || compared === 0 || differing.size > 0 ? true : tests === 0 && !paired && untested.size > 0
  const foundIsLeast = family.isCut && found === smallest.length
  const verdict = found > 0 ? 'inconsistent' : nothing || isBlind ? 'undecided' : 'consistent'
  const words = {
    verdict,
    level,
    paired,
    tests,
    found,
    foundIsLeast,
    differing: differing.size,
    compared,
    isHere,
    matched: pairs.length,
    isBlind,
  } as const
  return {
    verdict,
    level,
    paired,
    points: { compared, onlyLeft, onlyRight },
    ignored,
    tests,
    approximate: family.approximate,
    found,
    foundIsLeast,
    smallest: smallest.slice(0, MOST_FINDINGS).map(({ test, corrected }) => ({ ...test, corrected })),
    repetitions,
    visibleShift: shift,
    untested: [...untested.values()],
    statement: statisticsStatement(words),
    notes: statisticsNotes({ paired, tests, shift, cut: cut ? MOST_POINTS : null }),
  }
}

/** Whether both runs gave the same at a point, in what was not looked at too. */
function isSamePoint(left: Side, right: Side, point: number): boolean {
  const blocks = blockCount(left.manifest.experiment.document)
  return Array.from({ length: blocks }, (_, block) => point * blocks + block).every((at) => {
    const [l, r] = [left, right].map((side) => side.chunk(side.place(at).chunk))
    return JSON.stringify(l) === JSON.stringify(r)
  })
}

/** What a run gave at its point of that index. */
function sampleAt(side: Side, point: number): Sample {
  const { document } = side.manifest.experiment
  const blocks = blockCount(document)
  const sample = new Sample()
  for (let block = 0; block < blocks; block++) {
    const place = side.place(point * blocks + block)
    const record = side.chunk(place.chunk)
    if (record === null) continue
    // A last, shorter chunk is a summary of fewer jobs.
    const isWhole = place.jobs === document.chunk || document.repetitions < document.chunk
    if (!('summary' in record) || isWhole) sample.add(record, place.first, block, place.jobs)
  }
  return sample
}

function incomparable(
  left: Sample,
  right: Sample,
  a: ExperimentDocument,
  b: ExperimentDocument,
): string | null {
  if (left.summarised !== right.summarised) return 'one run summarises its chunks, and the other does not'
  const jobs = ({ chunk, repetitions }: ExperimentDocument) => Math.min(chunk, repetitions)
  if (left.summarised && jobs(a) !== jobs(b)) return 'the summaries are of chunks of different sizes'
  return null
}
