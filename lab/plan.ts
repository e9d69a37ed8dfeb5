/**
 * From an experiment file to a planned run: capsule, inputs and plan are put into the lab. Until all of that has
 * succeeded nothing is in `runs/`.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { toHex } from '../lib/digest.ts'
import type { ExperimentDocument } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import type { GuardPolicy, MathKind } from '../lib/experiment.ts'
import type { StratumKind } from '../lib/strata.ts'
import type { CodeIdentity } from '../provenance/code.ts'
import type { Labels } from '../provenance/manifest.ts'
import type { Mapping } from '../provenance/mapped-module.ts'
import { type LockDigest, nearestLock } from '../provenance/package-lock.ts'
import type { BundledPackage } from '../provenance/packages.ts'
import type { LocalLauncher } from '../runners/launcher.ts'
import { capture } from './capture.ts'
import { storageError, syncFolder } from './durable.ts'
import { VERSION } from './installed.ts'
import { type Lab, newRunId, type RunFolder, runFolder } from './lab.ts'
import { labelsPart } from './labels.ts'
import { ResultsStore } from './results.ts'

/** What a run will execute: fixed when it is planned, never changed after. */
export interface Plan {
  readonly format: 'reprise/run/1'
  readonly run: string
  readonly planned: string
  readonly file: string
  readonly reprise: string
  readonly experiment: { readonly document: ExperimentDocument; readonly hash: string }
  readonly capsule: { readonly sha256: string; readonly bytes: number }
  readonly packages: readonly BundledPackage[]
  readonly lock: LockDigest | null
  readonly inputs: Readonly<Record<string, string>>
  /** Not there in plans of version 0.1: what they planned met the platform's Math, unguarded. */
  readonly math?: MathKind
  readonly guard?: GuardPolicy
  /** How parameters and fields are called on axes; only where the experiment says it. */
  readonly labels?: Labels
  readonly code: CodeIdentity
  /** There where it was asked for: the capsule was found to be the commit's code, and nothing else was changed. */
  readonly audited?: true
  readonly rerun: RerunPlan | null
  /** What share of the chunks is executed a second time by other engines; null or not there: none. */
  readonly replicate?: ReplicaPlan | null
}

export interface ReplicaPlan {
  /** As it was asked for: `1%`, or a number of chunks. */
  readonly share: string
  /** What the chunks are drawn by (hex), so that anybody can draw them again. */
  readonly entropy: string
}

/** A share of the chunks, with entropy to draw them by. */
export function planReplicas(share: string | null): ReplicaPlan | null {
  return share === null ? null : { share, entropy: toHex(randomBytes(32)) }
}

export interface RerunPlan {
  /** The run that is repeated, and its root. */
  readonly run: string
  readonly root: string
  /** The chunks drawn for an audit, ascending; null for all. */
  readonly sample: readonly number[] | null
  /** What the sample was drawn by (hex), so that anybody can draw it again. */
  readonly entropy: string | null
  /** The public value that, with the root, gave the entropy; not there where the entropy was made up. */
  readonly beacon?: string
  /** What the sample has chunks of each of; not there for a draw from all chunks alike. */
  readonly stratify?: StratumKind
}

/**
 * Plans a run of `file`, `replicate` of its chunks to be executed twice; `audited` refuses code that no commit has. With a
 * `mapping`, the file exports a function, and the experiment is to map it.
 * Throws `not-found`, `capsule`, `invalid-experiment` or `refused`; then the lab is as it was.
 */
export async function planRun(
  lab: Lab,
  file: string,
  launcher: LocalLauncher,
  time: Date,
  replicate: string | null = null,
  audited = false,
  mapping: Mapping | null = null,
): Promise<RunFolder> {
  const { path, capsule, description, inputs, code } = await capture(lab, file, launcher, audited, mapping)
  const id = newRunId(time)
  return placeRun(lab, {
    format: 'reprise/run/1',
    run: id,
    planned: time.toISOString(),
    file: nameOf(path, lab),
    reprise: VERSION,
    experiment: { document: description.document, hash: description.hash },
    capsule: { sha256: capsule.digest, bytes: capsule.bytes.length },
    packages: capsule.packages,
    lock: nearestLock(path),
    inputs,
    math: description.math,
    guard: description.guard,
    ...labelsPart(description),
    code,
    ...(audited ? { audited } : {}),
    rerun: null,
    replicate: planReplicas(replicate),
  })
}

/** Makes the run's folder in one step: it is there whole, or not at all. `prepare` may put more files into it. */
export function placeRun(lab: Lab, plan: Plan, prepare: (folder: string) => void = () => {}): RunFolder {
  const run = runFolder(lab, plan.run)
  const making = join(lab.runs, `.${plan.run}.new`)
  sweep(lab)
  try {
    mkdirSync(making)
    ResultsStore.create(join(making, basename(run.results)), plan)
    prepare(making)
    syncFolder(making)
    renameSync(making, run.path)
    syncFolder(lab.runs)
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    throw error instanceof RepriseError ? error : storageError(run.path, error)
  }
  return run
}

/** Removes what processes that were killed in `placeRun` left, once it is too old to be still in the making. */
function sweep(lab: Lab): void {
  const old = Date.now() - 3_600_000
  for (const name of readdirSync(lab.runs).filter((name) => /^\.\w+-\w+\.new$/.test(name))) {
    const path = join(lab.runs, name)
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? old) < old)
      rmSync(path, { recursive: true, force: true })
  }
}

/** The file's name for the record: relative to the lab's project where it lies in it, so that no home folder shows. */
function nameOf(path: string, lab: Lab): string {
  const name = relative(dirname(lab.path), path)
  return name.startsWith('..') ? basename(path) : name
}
