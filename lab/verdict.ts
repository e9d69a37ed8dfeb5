/**
 * The verdict of a rerun: every leaf that it gave is compared with the recorded one. Law 5: the verdict is about bits
 * alone, and says how many chunks it speaks of.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '../lib/digest.ts'
import { chunkCount } from '../lib/document.ts'
import type { StratumKind } from '../lib/strata.ts'
import { type Divergence, explainChunk } from '../provenance/explain.ts'
import type { Manifest } from '../provenance/manifest.ts'
import { parseManifest } from '../provenance/read-manifest.ts'
import { warningsOf } from '../provenance/warnings.ts'
import { leafOf } from '../runners/protocol.ts'
import { rerunStatement } from './audit.ts'
import { executedBy } from './environments.ts'
import { expectation, expectedNames, wordsAfter } from './expected.ts'
import { isRunId, type Lab, matchRun, type RunFolder } from './lab.ts'
import { recordVerdict } from './ledger-run.ts'
import { probeStatement, probesOf } from './probes.ts'
import { ResultsStore } from './results.ts'

export interface Verdict {
  readonly verdict: 'identical' | 'divergent' | 'incomplete'
  /** Root of the rerun; null where it has none (an audit, or chunks that could not be executed). */
  readonly root: string | null
  readonly expectedRoot: string
  readonly chunksCompared: number
  readonly divergent: readonly Divergence[]
  /** Chunks that differ in all; `divergent` explains the first ones. */
  readonly divergentChunks: number
  readonly sample: readonly number[] | null
  /** What the sample was drawn by (hex); see FORMAT.md §8. */
  readonly entropy: string | null
  /** The public value that, with the root, gave the entropy; null where the entropy was made up. */
  readonly beacon: string | null
  /** What the sample has chunks of each of; null for a draw from all chunks alike. */
  readonly stratify: StratumKind | null
  readonly statement: string
  /** What a divergence may come from, as far as the fingerprints tell it. */
  readonly likely: readonly string[]
  /** What lessens the verdict, whatever it is. */
  readonly warnings: readonly string[]
}

/** Divergent chunks that are explained, of all that are counted. */
const EXPLAINED = 100

/** Compares what a rerun gave with what its manifest recorded, and records the verdict. */
export function compareRerun(lab: Lab, run: RunFolder): Verdict {
  return comparing(lab, run, (store, verdict, manifest) => {
    store.addEvent(new Date(), 'compared', {
      ...verdict,
      divergent: verdict.divergent.map(({ chunk }) => chunk),
    })
    recordVerdict(lab, run.id, manifest, verdict)
  })
}

/** The verdict on a rerun that is over, as it was recorded then. */
export function verdictOf(lab: Lab, run: RunFolder): Verdict {
  return comparing(lab, run, () => {})
}

function comparing(
  lab: Lab,
  run: RunFolder,
  then: (store: ResultsStore, verdict: Verdict, manifest: Manifest) => void,
): Verdict {
  const store = ResultsStore.open(run)
  const manifest = parseManifest(readFileSync(run.original))
  const original = originalStore(lab, manifest)
  try {
    const verdict = compare(store, original, manifest, leafLookup(run, manifest))
    then(store, verdict, manifest)
    return verdict
  } finally {
    store.close()
    original?.close()
  }
}

function compare(
  store: ResultsStore,
  original: ResultsStore | null,
  manifest: Manifest,
  leafAt: (chunk: number) => string,
): Verdict {
  const { document } = manifest.experiment
  const { sample = null, entropy = null, beacon = null, stratify = null } = store.plan().rerun ?? {}
  const wanted = sample?.length ?? chunkCount(document)
  const divergent: Divergence[] = []
  let differing = 0
  let compared = 0
  for (const { chunk, bytes, leaf } of store.chunks()) {
    compared++
    if (leaf === leafAt(chunk)) continue
    differing++
    if (differing <= EXPLAINED) {
      const before = original?.bytes(chunk) ?? null
      const expected = before !== null && leafOf(before) === leafAt(chunk) ? before : null
      divergent.push(explainChunk(document, chunk, expected, bytes))
    }
  }
  const sealed = store.events().findLast((event) => event.kind === 'sealed')
  const verdict = differing > 0 ? 'divergent' : compared < wanted ? 'incomplete' : 'identical'
  return {
    verdict,
    root: (sealed?.body.root as string | undefined) ?? null,
    expectedRoot: manifest.results.root,
    chunksCompared: compared,
    divergent,
    divergentChunks: differing,
    sample,
    entropy,
    beacon,
    stratify,
    statement: rerunStatement(manifest, { sample, stratify }, compared, differing),
    likely: differing > 0 ? likelyCauses(store, manifest) : [],
    warnings: warningsOf(manifest.run),
  }
}

function likelyCauses(store: ResultsStore, { run }: Manifest): string[] {
  const executed = executedBy(store)
  const now = probesOf(store.events(), executed)
  const probes = probeStatement(run.probes ?? [], now)
  const others = probes.differ ? probes.lines : []
  const told = executed.find(({ environment }) => environment?.fingerprint !== undefined)
  if (told === undefined) return [...others]
  const { node, arch = '', fingerprint = {} } = told.environment!
  const expected = expectation(run, { node, arch, math: run.math ?? 'native', fingerprint })
  const isCause = others.length > 0 && (expectedNames(expected) ?? []).length === 0
  return isCause ? [...others] : [...others, ...wordsAfter(expected)]
}

function leafLookup(run: RunFolder, { results }: Manifest): (chunk: number) => string {
  const { leaves } = results
  if (!('sha256' in leaves)) return (chunk) => leaves[chunk]!
  const file = readFileSync(join(run.path, `${leaves.sha256}.leaves`))
  return (chunk) => toHex(file.subarray(32 * chunk, 32 * chunk + 32))
}

/** The original's own results, where this lab has them: they tell not only that, but where bits differ. */
function originalStore(lab: Lab, manifest: Manifest): ResultsStore | null {
  const run = isRunId(manifest.run.id) ? matchRun(lab, manifest.run.id) : null
  if (run === null || !existsSync(run.results)) return null
  try {
    return ResultsStore.open(run)
  } catch {
    return null
  }
}
