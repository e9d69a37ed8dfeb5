/**
 * Which differences are to be expected when a run is executed on another platform, by name, from the fingerprints that its
 * environments recorded: said before a rerun, and after one that diverged.
 */
import type { MathKind } from '../lib/experiment.ts'
import {
  type Fingerprint,
  fingerprintDifferences,
  fingerprintUncompared,
  MATH_ENTRIES,
  MATTERS_TO,
} from '../lib/fingerprint.ts'

const MOST_NAMES = 10

/** What is asked of a manifest's `run`. Records of version 0.1 have no `environments`, only what led each session. */
export interface RecordedRun {
  readonly math?: MathKind
  readonly environments?: readonly { readonly environment: RecordedPlatform | null }[]
  readonly sessions: readonly { readonly environment: RecordedPlatform }[]
}

export interface RecordedPlatform {
  readonly node: string
  readonly arch?: string
  readonly fingerprint?: Fingerprint
}

/** The platform of a rerun. `math` says whose Math the fingerprint is of: the platform's own, or the portable one. */
export interface PresentPlatform {
  readonly node: string
  readonly arch: string
  readonly math: MathKind
  readonly fingerprint: Fingerprint
}

/** A recorded platform beside the present one. */
export interface Comparison {
  readonly recorded: string
  /** Names that differ and have a bearing on the run's bits; null where no fingerprint was recorded. */
  readonly differing: readonly string[] | null
  /** Names that agree. */
  readonly agreeing: readonly string[]
  /** Names that only one side knows: nothing is said of these. */
  readonly uncompared: readonly string[]
}

export interface Expectation {
  readonly here: string
  /** Whether the jobs meet portable Math, so that the platform's does not matter. */
  readonly portable: boolean
  readonly comparisons: readonly Comparison[]
}

/** Compares each platform on which the run was executed with the present one. */
export function expectation(run: RecordedRun, present: PresentPlatform): Expectation {
  const math = run.math ?? 'native'
  const matters = (name: string) => math === present.math || !MATH_ENTRIES.includes(name)
  const told = run.environments?.flatMap(({ environment }) => environment ?? []) ?? []
  const platforms = told.length > 0 ? told : run.sessions.map(({ environment }) => environment)
  const comparisons = platforms.map((platform) => comparison(platform, present.fingerprint, matters))
  const seen = new Set<string>()
  return {
    here: platformWords(present),
    portable: math === 'portable',
    comparisons: comparisons.filter((one) => {
      const key = JSON.stringify(one)
      return !seen.has(key) && seen.add(key)
    }),
  }
}

function comparison(
  platform: RecordedPlatform,
  present: Fingerprint,
  matters: (name: string) => boolean,
): Comparison {
  const { fingerprint = {} } = platform
  const recorded = platformWords(platform)
  if (Object.keys(fingerprint).length === 0)
    return { recorded, differing: null, agreeing: [], uncompared: [] }
  const differing = fingerprintDifferences(fingerprint, present).filter(matters)
  const uncompared = fingerprintUncompared(fingerprint, present).filter(matters)
  const agreeing = Object.keys(present).filter((name) => matters(name) && fingerprint[name] === present[name])
  return { recorded, differing, agreeing, uncompared }
}

function platformWords({ node, arch }: { readonly node: string; readonly arch?: string }): string {
  return `Node ${node}${arch === undefined ? '' : `, ${arch}`}`
}

/** All names that differ, from whichever of the recorded platforms; null where none recorded a fingerprint. */
export function expectedNames({ comparisons }: Expectation): readonly string[] | null {
  const known = comparisons.flatMap(({ differing }) => (differing === null ? [] : [differing]))
  return known.length === 0 ? null : [...new Set(known.flat())]
}

/** What to expect of a rerun here, a line for each recorded platform. */
export function wordsBefore(expected: Expectation): string[] {
  const { here, portable, comparisons } = expected
  const why = portable ? '; the jobs’ Math is portable, so the platform’s does not matter' : ''
  const lines = comparisons.flatMap(({ recorded, differing, agreeing, uncompared }) => {
    const where = `recorded on ${recorded}; here ${here}`
    if (differing === null)
      return [`${where}: no fingerprint was recorded, so which differences to expect is not known`]
    const left =
      uncompared.length === 0 ? [] : [`not compared, since only one side knows them: ${some(uncompared)}`]
    if (differing.length > 0)
      return [
        `${where}: ${names(differing)} ${isOne(differing) ? 'gives' : 'give'} other bits here${why}`,
        ...left,
      ]
    const all = `${agreeing.length} digest${agreeing.length === 1 ? '' : 's'} agree`
    return [`no difference is to be expected: ${where}; all ${all}${why}`, ...left]
  })
  return [...lines, ...asides(expectedNames(expected) ?? [])]
}

/** What a divergence may come from, as far as the fingerprints tell it. */
export function wordsAfter(expected: Expectation): string[] {
  const differing = expectedNames(expected)
  if (differing === null)
    return ['the record has no fingerprint: whether this platform computes otherwise is not known']
  if (differing.length === 0)
    return [
      'nothing that is known of the platforms differs: look for state that is kept from job to job, a clock, a locale, files, or chance that is not the job’s own',
    ]
  const verb = isOne(differing) ? 'differs' : 'differ'
  return [
    `the platform’s ${names(differing)} ${verb} from the recorded: the likely cause`,
    ...asides(differing),
  ]
}

function asides(differing: readonly string[]): string[] {
  return differing.flatMap((name) =>
    Object.hasOwn(MATTERS_TO, name) ? [`${name}: matters only to ${MATTERS_TO[name]}`] : [],
  )
}

/** `a`, `a and b`, `a, b and c`. */
function names(list: readonly string[]): string {
  return list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`
}

/** The first ones: names that only a record knows may be many. */
function some(list: readonly string[]): string {
  return list.length <= MOST_NAMES
    ? names(list)
    : `${list.slice(0, MOST_NAMES).join(', ')} and ${list.length - MOST_NAMES} more`
}

/** Whether the names take their verb in the singular. */
function isOne([first, ...others]: readonly string[]): boolean {
  return others.length === 0 && !/(arrays|messages)$/.test(first ?? '')
}
