/**
 * The manifest: the provenance record of one sealed run, self-contained (FORMAT.md §9). Its text is exact: canonical
 * key order, two spaces of indentation, one newline at the end; any other text is refused, so that no byte of it can
 * change unseen. `proof.record` is the SHA-256 of the canonical JSON of everything else.
 */
import { canonicalJson } from '../lib/canonical.ts'
import { sha256, toHex, utf8 } from '../lib/digest.ts'
import type { ExperimentDocument } from '../lib/document.ts'
import type { Environment, RecordedEnvironment } from '../lib/environment.ts'
import type { GuardPolicy, MathKind } from '../lib/experiment.ts'
import type { ProbeOutcome } from '../lib/probe.ts'
import type { Json } from '../lib/values.ts'
import type { CodeIdentity } from './code.ts'
import type { Container } from './container.ts'
import { exactText } from './exact-text.ts'
import type { LockDigest } from './package-lock.ts'
import type { BundledPackage } from './packages.ts'
import type { Scheduled } from './scheduled.ts'
import type { SlurmJob } from './slurm.ts'
import type { Variables } from './variables.ts'

/** One stretch of execution: a run that was interrupted and resumed has several. */
export interface Session {
  readonly started: string
  readonly ended: string | null
  readonly runner: string
  readonly engines: number
  /** Of the process that led it; those of its engines are in `environments`. */
  readonly environment: SessionEnvironment
  /** Environment variables of that process. Manifests of version 0.2 and before lack them. */
  readonly variables?: Variables
}

/** The machine, and what the process that leads a session lives in there. */
export interface SessionEnvironment extends Environment {
  readonly container?: Container
  readonly slurm?: SlurmJob
}

/** An output of a declared probe, with the sessions (from 1) and the environments (of `environments`, from 0) that gave it. */
export interface ProbeRecord extends ProbeOutcome {
  readonly sessions: readonly number[]
  readonly environments: readonly number[]
}

/** An environment, and the chunks that engines in it executed. */
export interface Executed {
  /** Null for chunks of a store of version 0.1, which did not say. */
  readonly environment: RecordedEnvironment | null
  readonly chunks: number
  /** Where there are several: first and last index of each stretch of chunks; null when all have too many. */
  readonly ranges?: readonly (readonly [number, number])[] | null
}

/** Chunks that were executed a second time by other engines and compared; a run in which one differs is not sealed. */
export interface Replicated {
  readonly chunks: number
  readonly identical: true
  /** How many of them by an engine of another environment than the one that executed them first. */
  readonly elsewhere: number
  /** What they were drawn by (hex); see FORMAT.md §8. */
  readonly entropy: string
}

/** A guard's finding: `name` was called by `caller` at `place` in the user's files or a package. */
export interface Touched {
  readonly kind: string
  readonly name: string
  readonly caller: string
  readonly place: string
}

/** How parameters and fields of results are called on axes, by their names: `probability of infection (1/day)`. */
export type Labels = Readonly<Record<string, string>>

/** What the ledger tells of runs of the same experiment that began before this one. */
export interface Earlier {
  readonly runs: number
  readonly sealed: number
  /** Stopped, failed, or short of chunks, and not sealed later. */
  readonly aborted: number
  /** Neither: killed, or still executing then. */
  readonly unfinished: number
  readonly reruns: number
}

export interface Registered {
  /** Number of the ledger's entry. */
  readonly seq: number
  readonly time: string
  /** The capsule that was registered, by SHA-256: the run's own may be another. */
  readonly capsule: string
}

export interface RunRecord {
  readonly id: string
  readonly planned: string
  readonly sealed: string
  /** The experiment's file as it was named, below the repository or folder it lies in. */
  readonly file: string
  readonly code: CodeIdentity
  /** The run was planned on condition that the capsule's code is the commit's and nothing else was changed. */
  readonly audited?: true
  readonly packages: readonly BundledPackage[]
  /** The package lock nearest to the experiment when it was planned. */
  readonly lock: LockDigest | null
  /** SHA-256 by name. */
  readonly inputs: Readonly<Record<string, string>>
  /** Whose Math the jobs met, and how they were guarded. Manifests of version 0.1 lack these three: native, off. */
  readonly math?: MathKind
  readonly guard?: GuardPolicy
  /** Only where the experiment says them. */
  readonly labels?: Labels
  /** What user code touched that may not be the same elsewhere, sorted. */
  readonly touched?: readonly Touched[]
  /** Which environment executed which chunk. Manifests of version 0.1 lack it. */
  readonly environments?: readonly Executed[]
  /** What the experiment's probes gave, by name; not there where it declares none. */
  readonly probes?: readonly ProbeRecord[]
  /** Only where it was asked for. */
  readonly replicated?: Replicated
  /** Only where tasks of a scheduler executed chunks: by scheduler and cluster. */
  readonly scheduled?: readonly Scheduled[]
  readonly reprise: string
  readonly sessions: readonly Session[]
  readonly counts: {
    readonly chunks: number
    readonly jobs: number
    readonly failedJobs: number
    /** Chunks that were executed again because an engine was lost with them. */
    readonly retried: number
    /** Chunks that were asked for, and that came; and how often one was set aside on the way. Since version 0.3. */
    readonly planned?: number
    readonly done?: number
    readonly setAside?: number
  }
  /** Earlier runs of the same experiment in this ledger, reruns apart. Since version 0.3. */
  readonly earlier?: Earlier
  /** The experiment was registered in the ledger before this run began. */
  readonly registered?: Registered
  /** In a rerun: the run and root that it repeated. */
  readonly rerunOf: { readonly run: string; readonly root: string } | null
}

export interface Manifest {
  readonly format: 'reprise/manifest/1'
  readonly experiment: { readonly document: ExperimentDocument; readonly hash: string }
  readonly capsule: {
    readonly sha256: string
    readonly bytes: number
    /** The capsule itself, or null where it lies beside the manifest as `<sha256>.mjs`. */
    readonly source: string | null
  }
  readonly run: RunRecord
  readonly results: {
    readonly chunks: number
    readonly root: string
    /** Leaf hashes by chunk index; above MAX_LEAVES the SHA-256 of the file `<sha256>.leaves` beside the manifest. */
    readonly leaves: readonly string[] | { readonly sha256: string }
  }
  readonly proof: Proof
}

/** What shows when and by whom the record was made (FORMAT.md §9.9). Manifests before version 0.3 have only `record`. */
export interface Proof {
  /** SHA-256 of the canonical JSON of everything but the proof. */
  readonly record: string
  /** The ledger's entry about the seal: its exact text. */
  readonly entry?: string
  /** Its tlog-proof, with the signed checkpoint. */
  readonly log?: string
  /** The key that signed it, as a verifier key's line. */
  readonly key?: string
  /** The entry about the registration, under the checkpoint that was signed then. */
  readonly registered?: ProvenRegistration
  /** RFC 3161 tokens over the checkpoint in `log`, base64. */
  readonly timestamps?: readonly string[]
  /** Statements of those who reran it: signed notes. */
  readonly witnesses?: readonly string[]
  /** SHA-256 of the canonical JSON of the proof without this key. */
  readonly digest?: string
}

export interface ProvenRegistration {
  readonly entry: string
  readonly log: string
  readonly key: string
  /** RFC 3161 tokens over the checkpoint in its `log`, base64. */
  readonly timestamps?: readonly string[]
}

/** More leaves than these go into a file of their own: 32 bytes each, in order. */
export const MAX_LEAVES = 100_000
/** Environments tell which chunks they executed in at most so many ranges, all together. */
export const MAX_RANGES = 1_000
/** A checkpoint has at most so many timestamps in a manifest. */
export const MAX_TIMESTAMPS = 16
/** A capsule up to this size, in bytes, is embedded. */
export const MAX_EMBEDDED = 4 * 2 ** 20

/** A record with what proves it. */
export function withProof(
  record: Omit<Manifest, 'proof'>,
  proof: Omit<Proof, 'record' | 'digest'> = {},
): Manifest {
  const complete = { ...proof, record: recordDigest(record) }
  return { ...record, proof: { ...complete, digest: proofDigest(complete) } }
}

/** SHA-256 (hex) of the canonical JSON of a proof without its own digest. */
export function proofDigest({ digest: _, ...proof }: Proof): string {
  return toHex(sha256(utf8(canonicalJson(proof as unknown as Json))))
}

/** SHA-256 (hex) of the canonical JSON of a manifest without its proof. */
export function recordDigest(manifest: Omit<Manifest, 'proof'> & { proof?: unknown }): string {
  const { proof: _, ...record } = manifest
  return toHex(sha256(utf8(canonicalJson(record as unknown as Json))))
}

/** The manifest's file. */
export function manifestBytes(manifest: Manifest): Uint8Array {
  return utf8(exactText(manifest as unknown as Json))
}
