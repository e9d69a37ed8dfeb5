/**
 * Where two runs were executed: the machines key by key, and the fingerprints of what they compute by name. A name that differs
 * is evidence of where other bits may come from; the rest of an environment has no bearing on them by itself.
 */
import { canonical } from '../lib/canonical.ts'
import { environmentNames, flatEnvironment, type RecordedEnvironment } from '../lib/environment.ts'
import type { MathKind } from '../lib/experiment.ts'
import {
  type Fingerprint,
  fingerprintDifferences,
  fingerprintUncompared,
  MATH_ENTRIES,
  MATTERS_TO,
} from '../lib/fingerprint.ts'
import { outcomeWords } from '../lib/probe.ts'
import type { Executed, ProbeRecord, RunRecord } from '../provenance/manifest.ts'
import { type Change, changes } from './changes.ts'

export interface FingerprintDiff {
  /** False where a run did not record one (those of version 0.1), or not a single one. */
  readonly compared: boolean
  /** Names whose digests differ, with what each matters to. */
  readonly differing: readonly { readonly name: string; readonly matters: string }[]
  /** Names that only one run recorded: nothing is said of these. */
  readonly uncompared: readonly string[]
}

const MOST_NAMES = 500
const MOST_ENVIRONMENTS = 20

/** Changes of the process that led the last session, of its engines where they tell more, and of what probes gave. */
export function environmentChanges(left: RunRecord, right: RunRecord): Change[] {
  const [a, b] = [left, right].map(lastSession)
  const own = changes(a!, b!)
  const known = new Set(own.map((change) => canonical({ ...change, what: `engines: ${change.what}` })))
  const more = engineChanges(left.environments, right.environments)
  const probes = changes(probed(left), probed(right))
  return [...own, ...more.filter((change) => !known.has(canonical(change))), ...probes]
}

/** The process that led it, with the values of those environment variables that are recorded. */
function lastSession({ sessions }: RunRecord): Record<string, unknown> {
  const { environment, variables } = sessions.at(-1) ?? {}
  const set = Object.entries(variables?.recorded ?? {}).map(([name, value]) => [`variable ${name}`, value])
  return { ...environment, ...Object.fromEntries(set) }
}

/** What came of each probe, all of it where environments differ. */
function probed({ probes = [] }: RunRecord): Record<string, string> {
  const words = new Map<string, string[]>()
  for (const outcome of probes)
    words.set(outcome.name, [...(words.get(outcome.name) ?? []), outcomeText(outcome)])
  return Object.fromEntries([...words].map(([name, all]) => [`probe ${name}`, all.sort().join('; ')]))
}

/** The whole text where it is recorded, so that what differs in it can be shown. */
function outcomeText(outcome: ProbeRecord): string {
  const { exit, text, sha256 } = outcome
  if (exit !== 0 || text === null) return outcomeWords(outcome)
  return `${text.trim().replace(/\s*\n\s*/g, ', ')} (SHA-256 ${sha256?.slice(0, 16)}…)`
}

/** How the engines' environments differ: key by key where each run had one, else as lists of names. */
function engineChanges(left: readonly Executed[] = [], right: readonly Executed[] = []): Change[] {
  if (left.length === 0 || right.length === 0) return [] // version 0.1 does not say
  const [a, b] = [left, right].map((side) =>
    side.slice(0, MOST_ENVIRONMENTS).map(({ environment }) => bounded(environment)),
  ) as [Known, Known]
  const engines = (side: Known) => {
    const [only] = side
    if (a.length > 1 || b.length > 1 || only == null) return { engines: environmentNames(side).sort() }
    const { fingerprint: _, ...machine } = only
    return Object.fromEntries(
      Object.entries(flatEnvironment(machine)).map(([key, value]) => [`engines: ${key}`, value]),
    )
  }
  return changes(engines(a), engines(b))
}

type Known = (RecordedEnvironment | null)[]

/** An environment with no more digests than an engine can have told. */
function bounded(environment: RecordedEnvironment | null): RecordedEnvironment | null {
  if (environment?.fingerprint === undefined) return environment
  const digests = Object.entries(environment.fingerprint).slice(0, MOST_NAMES)
  return { ...environment, fingerprint: Object.fromEntries(digests) }
}

/** Names that differ between any environment of the one and any of the other. */
export function fingerprintDiff(left: RunRecord, right: RunRecord): FingerprintDiff {
  const [a, b] = [recorded(left), recorded(right)]
  const pairs = a.flatMap((l) => b.map((r) => [l, r] as const))
  const names = (of: (l: Fingerprint, r: Fingerprint) => string[]) =>
    [...new Set(pairs.flatMap(([l, r]) => of(l, r)))].slice(0, MOST_NAMES)
  const [mine, other] = [left.math ?? 'native', right.math ?? 'native']
  const differing = names(fingerprintDifferences).map((name) => ({
    name,
    matters: meaning(name, mine, other),
  }))
  return { compared: pairs.length > 0, differing, uncompared: names(fingerprintUncompared) }
}

function recorded({ environments = [] }: RunRecord): Fingerprint[] {
  return environments
    .slice(0, MOST_ENVIRONMENTS)
    .flatMap(({ environment }) => (environment?.fingerprint === undefined ? [] : [environment.fingerprint]))
}

function meaning(name: string, left: MathKind, right: MathKind): string {
  if (Object.hasOwn(MATTERS_TO, name)) return `matters only to ${MATTERS_TO[name]}`
  if (!MATH_ENTRIES.includes(name)) return 'matters to every result that it has a part in'
  return left === right
    ? `of ${left === 'portable' ? 'portable' : 'the platform’s own'} Math: matters to every result that it has a part in`
    : `follows from math: jobs met ${left} Math in one run, ${right} in the other`
}
