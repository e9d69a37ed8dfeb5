/** Two runs held against each other: what was asked, the code, and the results, each by itself. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonical } from '../lib/canonical.ts'
import { toHex } from '../lib/digest.ts'
import { environmentNames, flatEnvironment, type RecordedEnvironment } from '../lib/environment.ts'
import { RepriseError } from '../lib/errors.ts'
import { type Divergence, explainChunk } from '../provenance/explain.ts'
import type { Executed, Manifest, RunRecord } from '../provenance/manifest.ts'
import type { Lab } from './lab.ts'
import { type FoundRecord, findRecord, runOfManifest } from './record.ts'
import { intactManifest } from './rerun.ts'
import { ResultsStore } from './results.ts'

export interface Change {
  readonly what: string
  readonly left: unknown
  readonly right: unknown
}

export interface Diff {
  readonly left: string
  readonly right: string
  /** True when both have the same root: the same results, bit for bit. */
  readonly identical: boolean
  readonly asked: readonly Change[]
  readonly code: readonly Change[]
  readonly environment: readonly Change[]
  readonly results: {
    readonly leftRoot: string
    readonly rightRoot: string
    /** Chunks with other bytes; null where the runs have other chunks altogether. */
    readonly chunksDiffering: number | null
    readonly chunks: number
    readonly first: Divergence | null
  }
}

/** Compares two runs or manifests. Each is checked first: a root that is only claimed says nothing. */
export function diffRuns(lab: Lab, left: string, right: string): Diff {
  const [a, b] = [side(lab, left), side(lab, right)]
  const { experiment: askedA, run: runA } = a.manifest
  const { experiment: askedB, run: runB } = b.manifest
  return {
    left: runA.id,
    right: runB.id,
    identical: a.manifest.results.root === b.manifest.results.root,
    asked: changes({ ...askedA.document, hash: askedA.hash }, { ...askedB.document, hash: askedB.hash }),
    code: changes(codeOf(a.manifest), codeOf(b.manifest)),
    environment: environmentChanges(runA, runB),
    results: compareResults(lab, a, b),
  }
}

interface Side {
  readonly record: FoundRecord
  readonly manifest: Manifest
}

function side(lab: Lab, text: string): Side {
  const record = findRecord(lab, text)
  return { record, manifest: intactManifest(lab, record).manifest }
}

function codeOf({ capsule, run }: Manifest): Record<string, unknown> {
  const { packages, lock, inputs, reprise } = run
  const flat = Object.fromEntries(packages.map(({ name, version }) => [`package ${name}`, version]))
  const given = Object.fromEntries(Object.entries(inputs).map(([name, digest]) => [`input ${name}`, digest]))
  const code = flatCode(run.code)
  return { capsule: capsule.sha256, ...code, lock: lock?.sha256 ?? null, reprise, ...flat, ...given }
}

/** Code identity by single facts. */
function flatCode(code: RunRecord['code']): Record<string, unknown> {
  if (code.commit === null) return { ...code }
  const { remotes = [], swhids, patch, patchOmitted, untracked = [], ...plain } = code
  return {
    ...plain,
    ...(swhids == null ? {} : { 'experiment file': swhids.content }),
    ...Object.fromEntries(remotes.map(({ name, url }) => [`remote ${name}`, url])),
    patch: patch?.sha256 ?? patchOmitted?.reason ?? null,
    ...Object.fromEntries(untracked.map(({ path, sha256 }) => [`untracked ${path}`, sha256])),
  }
}

/** Changes of the process that led the last session, and of its engines where they tell more. */
function environmentChanges(left: RunRecord, right: RunRecord): Change[] {
  const [a, b] = [left, right].map(({ sessions }) => ({ ...sessions.at(-1)?.environment }))
  const own = changes(a!, b!)
  const known = new Set(own.map((change) => canonical({ ...change, what: `engines: ${change.what}` })))
  const more = engineChanges(left.environments, right.environments)
  return [...own, ...more.filter((change) => !known.has(canonical(change)))]
}

/** How the engines' environments differ: key by key where each run had one, else as lists of names. */
function engineChanges(left: readonly Executed[] = [], right: readonly Executed[] = []): Change[] {
  if (left.length === 0 || right.length === 0) return [] // version 0.1 does not say
  const [a, b] = [left, right].map((side) => side.map(({ environment }) => environment)) as [Known, Known]
  const engines = (side: Known) => {
    const [only] = side
    if (a.length > 1 || b.length > 1 || only == null) return { engines: environmentNames(side).sort() }
    const flat = Object.entries(flatEnvironment(only))
    return Object.fromEntries(flat.map(([key, value]) => [`engines: ${key}`, value]))
  }
  return changes(engines(a), engines(b))
}

type Known = (RecordedEnvironment | null)[]

function changes(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): Change[] {
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  const text = (value: unknown) => (value === undefined ? '' : canonical(value))
  return keys
    .filter((key) => text(left[key]) !== text(right[key]))
    .map((what) => ({ what, left: left[what] ?? null, right: right[what] ?? null }))
}

function compareResults(lab: Lab, a: Side, b: Side): Diff['results'] {
  const roots = { leftRoot: a.manifest.results.root, rightRoot: b.manifest.results.root }
  const { document } = a.manifest.experiment
  const chunks = a.manifest.results.chunks
  const comparable =
    chunks === b.manifest.results.chunks && a.manifest.experiment.hash === b.manifest.experiment.hash
  if (!comparable) return { ...roots, chunksDiffering: null, chunks, first: null }
  const [left, right] = [leavesOf(a), leavesOf(b)]
  const differing = left.flatMap((leaf, chunk) => (leaf === right[chunk] ? [] : [chunk]))
  const [first] = differing
  const bytes = (at: Side) => (first === undefined ? null : storedBytes(lab, at, first))
  const explained = first === undefined ? null : explainChunk(document, first, bytes(a), bytes(b))
  return { ...roots, chunksDiffering: differing.length, chunks, first: explained }
}

function leavesOf({ record, manifest }: Side): readonly string[] {
  const { leaves } = manifest.results
  if (!('sha256' in leaves)) return leaves
  const path = join(record.folder, `${leaves.sha256}.leaves`)
  if (!existsSync(path))
    throw new RepriseError('not-found', 'the file of leaves is not beside the manifest', { subject: path })
  const file = readFileSync(path)
  return Array.from({ length: file.length / 32 }, (_, i) => toHex(file.subarray(32 * i, 32 * i + 32)))
}

function storedBytes(lab: Lab, { record, manifest }: Side, chunk: number): Uint8Array | null {
  const run = record.run ?? runOfManifest(lab, manifest)
  if (run === null || !existsSync(run.results)) return null
  const store = ResultsStore.open(run)
  try {
    return store.bytes(chunk)
  } finally {
    store.close()
  }
}
