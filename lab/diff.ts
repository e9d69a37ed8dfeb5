/**
 * Two runs held against each other, level by level, each by itself: what was asked, the code, the environment, the fingerprint,
 * the results. Bit-equality, equality within a tolerance and statistical consistency are three verdicts (law 5).
 */
import { type DesignChange, designChanges } from '../lib/design-changes.ts'
import type { Tolerance } from '../lib/tolerance.ts'
import { type ModuleChange, moduleChanges } from '../provenance/modules.ts'
import { type Change, changes } from './changes.ts'
import { codeOf } from './diff-code.ts'
import { environmentChanges, type FingerprintDiff, fingerprintDiff } from './diff-environment.ts'
import { diffResults, type ResultsDiff } from './diff-results.ts'
import { diffStatistics, type StatisticsVerdict } from './diff-statistics.ts'
import type { Lab } from './lab.ts'
import { Side } from './side.ts'
import type { ToleranceVerdict } from './tolerance-judge.ts'

export interface Diff {
  readonly left: string
  readonly right: string
  /** True when both have the same root: the same results, bit for bit. */
  readonly identical: boolean
  readonly asked: readonly Change[]
  /** What is asked, factor by factor, with what each difference means. */
  readonly design: readonly DesignChange[]
  readonly code: readonly Change[]
  /** Modules of the capsules that differ, the user's own first. */
  readonly modules: readonly ModuleChange[]
  readonly environment: readonly Change[]
  readonly fingerprint: FingerprintDiff
  readonly results: ResultsDiff
  /** Where they were asked for. */
  readonly tolerance: ToleranceVerdict | null
  readonly statistics: StatisticsVerdict | null
  /** How many entries of a list were left out, since records from elsewhere may hold any number. */
  readonly omitted: Readonly<Record<'asked' | 'design' | 'code' | 'modules' | 'environment', number>>
}

export interface DiffRequest {
  /** Differing chunks that are read, at most. */
  readonly most: number
  readonly tolerance: Tolerance | null
  /** The level of the statistical comparison, where one is asked for. */
  readonly level: number | null
}

/** Bit-equality alone, and every difference. */
const PLAIN: DiffRequest = { most: Number.POSITIVE_INFINITY, tolerance: null, level: null }
const MOST_LISTED = 500

/** Compares two runs or manifests. Each is checked first: a root that is only claimed says nothing. */
export function diffRuns(lab: Lab, left: string, right: string, request: DiffRequest = PLAIN): Diff {
  const a = Side.open(lab, left)
  try {
    const b = Side.open(lab, right)
    try {
      return diffSides(a, b, request)
    } finally {
      b.close()
    }
  } finally {
    a.close()
  }
}

function diffSides(a: Side, b: Side, request: DiffRequest): Diff {
  const [l, r] = [a.manifest, b.manifest]
  const lists = {
    asked: changes(
      { ...l.experiment.document, hash: l.experiment.hash },
      { ...r.experiment.document, hash: r.experiment.hash },
    ),
    design: designChanges(l.experiment.document, r.experiment.document),
    code: changes(codeOf(l), codeOf(r)),
    modules: l.capsule.sha256 === r.capsule.sha256 ? [] : moduleChanges(a.capsule, b.capsule),
    environment: environmentChanges(l.run, r.run),
  }
  const some = <T>(list: readonly T[]) => list.slice(0, MOST_LISTED)
  return {
    left: l.run.id,
    right: r.run.id,
    identical: l.results.root === r.results.root,
    asked: some(lists.asked),
    design: some(lists.design),
    code: some(lists.code),
    modules: some(lists.modules),
    environment: some(lists.environment),
    fingerprint: fingerprintDiff(l.run, r.run),
    ...diffResults(a, b, request),
    statistics: request.level === null ? null : diffStatistics(a, b, request.level),
    omitted: Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [name, Math.max(0, list.length - MOST_LISTED)]),
    ) as Diff['omitted'],
  }
}
