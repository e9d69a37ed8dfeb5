/**
 * What of a run's life enters the ledger, and what the ledger tells of a run: that it began, was resumed, ended without
 * a seal or with one; how often the same was run before, and whether it was registered before that.
 */

import { canonicalJson } from '../lib/canonical.ts'
import { toHex } from '../lib/digest.ts'
import { chunkCount, jobCount } from '../lib/document.ts'
import type { Entry } from '../lib/entry.ts'
import { checkpointDigest } from '../lib/tlog-proof.ts'
import {
  type Earlier,
  MAX_TIMESTAMPS,
  type Manifest,
  type ProvenRegistration,
  type Registered,
} from '../provenance/manifest.ts'
import type { Runner } from '../runners/runner.ts'
import type { Lab } from './lab.ts'
import {
  appendEntry,
  entryName,
  type LedgerView,
  type ProvenEntry,
  provenEntry,
  readLedger,
  viewAt,
} from './ledger.ts'
import type { Plan } from './plan.ts'
import type { Verdict } from './verdict.ts'

/** An execution begins: the run's first in this ledger, or another. One that only seals again what is sealed is none. */
export function recordStart(
  lab: Lab,
  plan: Plan,
  runner: Pick<Runner, 'kind' | 'engines'>,
  missing: number,
): void {
  const { run, experiment, capsule, code, rerun } = plan
  const known = entriesOf(readLedger(lab), run)
  const begun = known.some(({ kind }) => kind === 'run-started')
  if (begun && missing === 0 && known.some(({ kind }) => isOver(kind))) return
  const common = { run, experiment: experiment.hash, runner: runner.kind, engines: runner.engines, missing }
  if (begun) {
    appendEntry(lab, 'run-resumed', common, new Date())
    return
  }
  const body = {
    ...common,
    name: entryName(experiment.document.name),
    capsule: capsule.sha256,
    chunks: chunkCount(experiment.document),
    jobs: jobCount(experiment.document),
    commit: code.commit,
    dirty: code.commit === null ? null : code.dirty,
    rerunOf: rerun === null ? null : { run: rerun.run, root: rerun.root },
    sample: rerun?.sample?.length ?? null,
  }
  appendEntry(lab, 'run-started', body, new Date())
}

/** All replicas were there too when this was said of a run. */
function isOver(kind: string): boolean {
  return kind === 'run-sealed' || kind === 'rerun-identical'
}

/** An execution ended without a seal. `state` is a word of ours, never a message that may hold anything. */
export function recordAbort(lab: Lab, plan: Plan, state: string, chunks: number): void {
  const body = { run: plan.run, experiment: plan.experiment.hash, state, chunks }
  appendEntry(lab, 'run-aborted', body, new Date())
}

/** The run is sealed with this record; said once, however often the seal is done again. */
export function recordSeal(lab: Lab, manifest: Omit<Manifest, 'proof'>, record: string): ProvenEntry {
  const { run, experiment, capsule, results } = manifest
  const { jobs, failedJobs } = run.counts
  const body = {
    run: run.id,
    experiment: experiment.hash,
    capsule: capsule.sha256,
    root: results.root,
    record,
    chunks: results.chunks,
    jobs,
    failedJobs,
  }
  const isSame = (known: Entry['body']) => known.run === run.id && known.record === record
  return appendEntry(lab, 'run-sealed', body, new Date(), isSame)
}

/** What came of comparing a rerun with its manifest, whole or by sample. */
export function recordVerdict(lab: Lab, rerun: string, of: Manifest, verdict: Verdict): void {
  const { run, experiment, results, proof } = of
  const { chunksCompared, divergentChunks, sample, entropy } = verdict
  const body = {
    run: rerun,
    experiment: experiment.hash,
    of: { run: run.id, root: results.root, record: proof.record },
    chunks: results.chunks,
    compared: chunksCompared,
    divergent: divergentChunks,
    sample: sample?.length ?? null,
    entropy,
    ...(verdict.beacon === null ? {} : { beacon: verdict.beacon }),
    ...(verdict.stratify === null ? {} : { stratify: verdict.stratify }),
  }
  // A rerun that is resumed when it is finished has nothing new to say.
  const said = canonicalJson(body)
  const isSame = (known: Entry['body']) => canonicalJson(known) === said
  appendEntry(lab, `rerun-${verdict.verdict}`, body, new Date(), isSame)
}

/** The ledger on what was before this run: earlier runs of the experiment, and its registration with the proof of it. */
export function historyOf(
  lab: Lab,
  plan: Plan,
): { earlier: Earlier; registered: Registered | null; proven: ProvenRegistration | null } {
  const view = readLedger(lab)
  const mine = view?.entries.find((entry) => entry.kind === 'run-started' && entry.body.run === plan.run)
  const before = (view?.entries ?? []).filter(
    ({ seq, body }) =>
      body.experiment === plan.experiment.hash && seq < (mine?.seq ?? Number.POSITIVE_INFINITY),
  )
  const registrations = before.filter((entry) => entry.kind === 'registered')
  const ofThisCode = registrations.find((entry) => entry.body.capsule === plan.capsule.sha256)
  const registration = ofThisCode ?? registrations[0]
  const earlier = earlierRuns(before)
  if (registration === undefined) return { earlier, registered: null, proven: null }
  const { seq, time, body } = registration
  const registered = { seq, time, capsule: String(body.capsule) }
  return {
    earlier,
    registered,
    proven: provenRegistration(lab, view!, seq, mine?.seq ?? view!.entries.length),
  }
}

/**
 * The registration under the earliest checkpoint that was timestamped, of those that cover it and no more than stood
 * before the run; else under the one that was signed with it. With the timestamps that this checkpoint has.
 */
function provenRegistration(lab: Lab, view: LedgerView, seq: number, before: number): ProvenRegistration {
  const stamps = view.entries
    .filter(
      ({ kind, body }) => kind === 'timestamped' && Number(body.size) > seq && Number(body.size) <= before,
    )
    .map(({ body }) => body)
  const sizes = [...new Set(stamps.map(({ size }) => Number(size)))].sort((a, b) => a - b)
  for (const size of sizes) {
    const then = viewAt(lab, view, size)
    const note = toHex(checkpointDigest(then.checkpoint))
    // A number alone says nothing: the token is over the note of this digest.
    const tokens = stamps.filter(({ checkpoint }) => checkpoint === note).map(({ token }) => String(token))
    if (tokens.length > 0)
      return { ...registrationIn(then, seq), timestamps: tokens.slice(0, MAX_TIMESTAMPS) }
  }
  return registrationIn(viewAt(lab, view, seq + 1), seq)
}

function registrationIn(view: LedgerView, seq: number): ProvenRegistration {
  const { text, log, key } = provenEntry(view, seq)
  return { entry: text, log, key }
}

/** As it stood when this run began, so that sealing it again gives the same record. */
function earlierRuns(before: readonly Entry[]): Earlier {
  const started = before.filter((entry) => entry.kind === 'run-started')
  const runs = started.filter((entry) => entry.body.rerunOf === null)
  const ends = runs.map(({ body }) => {
    const own = before.filter(
      (entry) => entry.body.run === body.run && ['run-sealed', 'run-aborted'].includes(entry.kind),
    )
    if (own.some((entry) => entry.kind === 'run-sealed')) return 'sealed'
    return own.length > 0 ? 'aborted' : 'unfinished'
  })
  const many = (end: string) => ends.filter((one) => one === end).length
  return {
    runs: runs.length,
    sealed: many('sealed'),
    aborted: many('aborted'),
    unfinished: many('unfinished'),
    reruns: started.length - runs.length,
  }
}

/** Entries about one run, in order. */
export function entriesOf(view: LedgerView | null, run: string): Entry[] {
  return (view?.entries ?? []).filter((entry) => entry.body.run === run)
}
