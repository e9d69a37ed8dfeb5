/**
 * An audit: a rerun of some chunks, drawn by entropy that is recorded. Here is which chunks it takes, and what it proves
 * when all of them are identical. It needs nothing of Node: a page's reader audits in the same words.
 */
import { differingBound } from '../lib/bound.ts'
import { toHex } from '../lib/digest.ts'
import { chunkCount } from '../lib/document.ts'
import { auditEntropy, drawSample } from '../lib/sample.ts'
import {
  drawnOf,
  drawStratified,
  engineStrata,
  pointStrata,
  type Stratum,
  type StratumKind,
} from '../lib/strata.ts'
import type { Manifest } from '../provenance/manifest.ts'
import type { RerunPlan } from './plan.ts'

/** An audit by sample. */
export interface Audit {
  /** How many chunks are drawn. */
  readonly count: number
  /** A public value to draw them by; null: entropy is made up. */
  readonly beacon: string | null
  /** What to take chunks of each of; null: from all chunks alike. */
  readonly stratify: StratumKind | null
}

/** The strata of a run that an audit draws from. */
export function strataOf({ experiment, run }: Manifest, kind: StratumKind): Stratum[] {
  const { document } = experiment
  return kind === 'point' ? pointStrata(document) : engineStrata(run.environments, chunkCount(document))
}

/** What a rerun takes; every chunk where it asks for as many. `chance` gives 32 bytes of entropy where there is no beacon. */
export function planAudit(manifest: Manifest, audit: Audit | null, chance: () => Uint8Array): RerunPlan {
  const { run, experiment, results } = manifest
  const total = chunkCount(experiment.document)
  const whole = { run: run.id, root: results.root, sample: null, entropy: null }
  if (audit === null || audit.count >= total) return whole
  const { count, beacon, stratify } = audit
  const entropy = beacon === null ? chance() : auditEntropy(results.root, beacon)
  const sample =
    stratify === null
      ? drawSample(total, count, entropy)
      : drawStratified(strataOf(manifest, stratify), count, entropy)
  return {
    ...whole,
    sample,
    entropy: toHex(entropy),
    ...(beacon === null ? {} : { beacon }),
    ...(stratify === null ? {} : { stratify }),
  }
}

/**
 * In one sentence, what a comparison proves and what it does not: of `compared` chunks of the `sample` (null: of all) `differing`
 * gave other bits.
 */
export function rerunStatement(
  manifest: Manifest,
  { sample, stratify }: { sample: readonly number[] | null; stratify: StratumKind | null },
  compared: number,
  differing: number,
): string {
  const total = chunkCount(manifest.experiment.document)
  const wanted = sample?.length ?? total
  const same = `${compared - differing} of ${compared} identical`
  if (differing > 0) return `${same}: ${several(differing, 'chunk')} gave other bits`
  if (compared === total) return `${same}: every chunk of the run, bit for bit`
  if (compared < wanted)
    return `${same}, ${wanted - compared} ${wanted - compared === 1 ? 'was' : 'were'} not executed: nothing is said of those`
  return `${same}${auditStatement(manifest, sample ?? [], stratify)}`
}

/** What a clean sample proves of all chunks, to follow «k of k identical»; see lib/bound.ts. */
function auditStatement(manifest: Manifest, sample: readonly number[], stratify: StratumKind | null): string {
  const chunks = chunkCount(manifest.experiment.document)
  const whole = { chunks, drawn: sample.length }
  const strata = stratify === null ? [whole] : drawnOf(strataOf(manifest, stratify), sample)
  const [of, where, least] =
    stratify === null
      ? ['', '', '']
      : [`, some of each of ${several(strata.length, STRATA[stratify])}`, ', wherever they lie', 'at least ']
  const rarest = strata.reduce((a, b) => (b.drawn * a.chunks < a.drawn * b.chunks ? b : a))
  return `${of}: with 95 % confidence at most ${differingBound(strata)} of the ${chunks} chunks differ${where} (a single differing chunk is found with chance ${least}${rarest.drawn}/${rarest.chunks})`
}

/** The word for a stratum of each kind. */
export const STRATA = { point: 'point', engine: 'environment' } as const

function several(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`
}
