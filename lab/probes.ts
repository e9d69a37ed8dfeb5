/**
 * Probes in the record: each output once, with the sessions and environments that gave it; and before a rerun, where those
 * of today are not those that were recorded.
 */
import { canonical } from '../lib/canonical.ts'
import { sha256, toHex, utf8 } from '../lib/digest.ts'
import { outcomeWords, type ProbeOutcome, succeeded } from '../lib/probe.ts'
import type { Executed, ProbeRecord } from '../provenance/manifest.ts'
import type { Probed } from '../runners/runner.ts'
import type { RunEvent } from './results.ts'

/** Text of all outputs together that a record holds; what comes after is there by its digest. */
const MAX_TEXTS = 2 ** 20

/** Says yes to each environment once, so that a session probes it once. */
export function onceEach(): (environment: string) => boolean {
  const asked = new Set<string>()
  return (environment) => !asked.has(environment) && asked.add(environment).size > 0
}

/** What an event keeps of probes on an engine. */
export function probedBody({ environment, outcomes }: Probed): Readonly<Record<string, unknown>> {
  return { environment: environmentDigest(environment), outcomes }
}

function environmentDigest(text: string): string {
  return toHex(sha256(utf8(text)))
}

/** What the events tell, by name and then by session. `executed` are the environments that the record lists. */
export function probesOf(events: readonly RunEvent[], executed: readonly Executed[]): ProbeRecord[] {
  const digests = executed.map(({ environment }) => environmentDigest(canonical(environment)))
  const found = new Map<string, { outcome: ProbeOutcome; sessions: Set<number>; environments: Set<number> }>()
  let session = 0
  for (const { kind, body } of events) {
    if (kind === 'started') session++
    if (kind !== 'probed') continue
    const environment = digests.indexOf(String(body.environment))
    for (const outcome of body.outcomes as ProbeOutcome[]) {
      const key = canonical(outcome)
      const one = found.get(key) ?? { outcome, sessions: new Set(), environments: new Set() }
      found.set(key, one)
      one.sessions.add(session)
      if (environment >= 0) one.environments.add(environment)
    }
  }
  let left = MAX_TEXTS
  return [...found.values()]
    .sort((a, b) => (a.outcome.name < b.outcome.name ? -1 : a.outcome.name > b.outcome.name ? 1 : 0))
    .map(({ outcome, sessions, environments }) => {
      const { text } = outcome
      left -= text?.length ?? 0
      return {
        ...outcome,
        text: left < 0 ? null : text,
        sessions: [...sessions],
        environments: [...environments].sort((a, b) => a - b),
      }
    })
}

/** A probe that gave something else than any of its recorded outputs, in words. */
export interface ProbeDifference {
  readonly name: string
  readonly recorded: string
  readonly here: string
}

/** Where today's outcomes are not among those recorded for the same name; probes that one side lacks are left out. */
export function probeDifferences(
  recorded: readonly ProbeRecord[],
  outcomes: readonly ProbeOutcome[],
): ProbeDifference[] {
  return outcomes.flatMap((outcome) => {
    const before = recorded.filter(({ name }) => name === outcome.name)
    const same = before.some(
      ({ exit, sha256, failure }) =>
        exit === outcome.exit && sha256 === outcome.sha256 && failure === outcome.failure,
    )
    if (same || before.length === 0) return []
    const words = [...new Set(before.map(outcomeWords))]
    return [{ name: outcome.name, recorded: words.slice(0, 3).join(' or '), here: outcomeWords(outcome) }]
  })
}

/** What is to be said of probes before a rerun goes on. */
export function probeStatement(
  recorded: readonly ProbeRecord[],
  outcomes: readonly ProbeOutcome[],
): { readonly lines: readonly string[]; readonly differ: boolean } {
  const differences = probeDifferences(recorded, outcomes)
  if (differences.length > 0) {
    const lines = differences.map(
      ({ name, recorded: before, here }) => `probe ${name}: recorded ${before}; here ${here}`,
    )
    return { lines, differ: true }
  }
  const compared = outcomes.filter(({ name }) => recorded.some((one) => one.name === name)).length
  if (compared === 0) return { lines: [], differ: false }
  const what = compared === 1 ? 'the probe gives' : `all ${compared} probes give`
  return { lines: [`${what} what was recorded`], differ: false }
}

/** Those that did not do what they were to do, in words. */
export function probeFailures(outcomes: readonly ProbeOutcome[]): string[] {
  return outcomes
    .filter((outcome) => !succeeded(outcome))
    .map((outcome) => `probe ${outcome.name} failed: ${outcomeWords(outcome)}`)
}
