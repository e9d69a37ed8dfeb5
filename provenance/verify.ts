/**
 * Verification: a manifest and, where they are given, its leaves, capsule and chunks are checked against each other
 * by recomputing. Law 6: it takes bytes, touches no file, executes nothing and shares only the formats with what
 * made them. It says what it checked and what it could not (law 5).
 */
import { chunkPlace, failedJobs, parseChunk } from '../lib/chunk.ts'
import { fromHex, sha256, toHex, utf8 } from '../lib/digest.ts'
import { chunkCount, experimentHash, jobCount } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { leafHash, merkleRoot } from '../lib/merkle.ts'
import { type Manifest, recordDigest } from './manifest.ts'
import { parseManifest } from './read-manifest.ts'
import { NO_TRUST, type Trust } from './trust.ts'
import { verifyProof, type Witness } from './verify-proof.ts'

export interface Problem {
  /** What it is about: `manifest`, `capsule`, `leaves`, `chunk 17`. */
  readonly where: string
  readonly what: string
}

export interface Verification {
  readonly valid: boolean
  readonly problems: readonly Problem[]
  readonly checked: readonly string[]
  readonly unchecked: readonly string[]
  /** Null where the manifest could not even be read. */
  readonly manifest: Manifest | null
  /** Who reran it, and with what verdict; those whose signature fits. */
  readonly witnesses: readonly Witness[]
}

export interface Evidence {
  /** The file `<sha256>.leaves`, where the manifest keeps its leaves there. */
  readonly leaves?: Uint8Array | null
  /** The capsule file, where the manifest does not embed it. */
  readonly capsule?: Uint8Array | null
  /** Stored chunks, ascending by index. */
  readonly chunks?: Iterable<{ readonly chunk: number; readonly bytes: Uint8Array }> | null
  /** Whose signature is believed; nobody's when it is not said. */
  readonly trust?: Trust
}

/** Problems told of chunks before the rest is only counted. */
const MOST = 100

export function verifyManifest(bytes: Uint8Array, evidence: Evidence = {}): Verification {
  const problems: Problem[] = []
  const checked: string[] = []
  const unchecked: string[] = []
  const report = (where: string, what: string) => void problems.push({ where, what })
  let manifest: Manifest
  try {
    manifest = parseManifest(bytes)
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    return {
      valid: false,
      problems: [{ where: error.subject, what: error.message }],
      checked,
      unchecked,
      manifest: null,
      witnesses: [],
    }
  }
  const { experiment, run, results, proof } = manifest

  // FORMAT.md §9.3: the record's digest covers every other key.
  if (recordDigest(manifest) !== proof.record)
    report('manifest', 'the record is not the one its digest was made of')
  // §4.6: the experiment hash.
  if (toHex(experimentHash(experiment.document)) !== experiment.hash) {
    report('manifest', 'experiment.hash is not the hash of experiment.document')
  }
  checked.push('record digest', 'experiment hash')
  checkCapsule(manifest, evidence, report, checked, unchecked)

  // §4.8, §9.4: the counts follow from the document.
  const chunks = chunkCount(experiment.document)
  if (results.chunks !== chunks || run.counts.chunks !== chunks)
    report('manifest', `the experiment has ${chunks} chunks, the record says ${results.chunks}`)
  if (run.counts.jobs !== jobCount(experiment.document))
    report('manifest', 'the number of jobs does not follow from the experiment')
  checked.push('counts')

  const leaves = leavesOf(manifest, evidence, report, unchecked)
  if (leaves !== null) {
    // §7: the root over the leaves.
    if (leaves.length !== chunks) report('leaves', `there are ${leaves.length} leaves for ${chunks} chunks`)
    if (toHex(merkleRoot(leaves.map(fromHex))) !== results.root)
      report('leaves', 'the root is not the root of these leaves')
    checked.push('leaves and root')
    if (evidence.chunks == null) unchecked.push('chunks (no results given)')
    else {
      checkChunks(manifest, leaves, evidence.chunks, report)
      checked.push('every chunk')
    }
  }
  const witnesses = verifyProof(manifest, evidence.trust ?? NO_TRUST, { report, checked, unchecked })
  unchecked.push('that the code gives these results (see rerun)')
  return { valid: problems.length === 0, problems, checked, unchecked, manifest, witnesses }
}

function checkCapsule(
  { capsule }: Manifest,
  evidence: Evidence,
  report: (where: string, what: string) => void,
  checked: string[],
  unchecked: string[],
): void {
  const source = capsule.source === null ? (evidence.capsule ?? null) : utf8(capsule.source)
  if (source === null) {
    unchecked.push(`capsule (${capsule.sha256}.mjs is not here)`)
    return
  }
  if (toHex(sha256(source)) !== capsule.sha256)
    report('capsule', 'the capsule is not the one with this SHA-256')
  if (source.length !== capsule.bytes) report('capsule', 'the capsule has another length')
  checked.push('capsule digest')
}

/** The leaves as hex, from the manifest or from the file that it names. */
function leavesOf(
  { results }: Manifest,
  evidence: Evidence,
  report: (where: string, what: string) => void,
  unchecked: string[],
): readonly string[] | null {
  const { leaves } = results
  if (!('sha256' in leaves)) return leaves
  const file = evidence.leaves ?? null
  if (file === null) {
    unchecked.push(`leaves and root (${leaves.sha256}.leaves is not here)`)
    return null
  }
  if (toHex(sha256(file)) !== leaves.sha256 || file.length % 32 !== 0) {
    report('leaves', 'the file of leaves is not the one with this SHA-256')
    return null
  }
  return Array.from({ length: file.length / 32 }, (_, i) => toHex(file.subarray(32 * i, 32 * i + 32)))
}

function checkChunks(
  { experiment, run }: Manifest,
  leaves: readonly string[],
  chunks: Iterable<{ readonly chunk: number; readonly bytes: Uint8Array }>,
  report: (where: string, what: string) => void,
): void {
  let next = 0
  let failed = 0
  let found = 0
  const told = (where: string, what: string) => {
    found++
    if (found <= MOST) report(where, what)
  }
  for (const { chunk, bytes } of chunks) {
    if (chunk < next) {
      told(`chunk ${chunk}`, 'comes twice or out of order')
      continue
    }
    for (; next < chunk; next++) told(`chunk ${next}`, 'is missing')
    if (chunk >= leaves.length) {
      told(`chunk ${chunk}`, 'is not part of the experiment')
      continue
    }
    next = chunk + 1
    if (toHex(leafHash(bytes)) !== leaves[chunk]) {
      told(`chunk ${chunk}`, 'its bytes are not those whose hash is in the manifest')
      continue
    }
    try {
      failed += failedJobs(parseChunk(bytes, chunkPlace(experiment.document, chunk)))
    } catch (error) {
      told(`chunk ${chunk}`, (error as Error).message)
    }
  }
  for (; next < leaves.length; next++) told(`chunk ${next}`, 'is missing')
  if (found > MOST) report('chunks', `${found - MOST} more problems`)
  if (found === 0 && failed !== run.counts.failedJobs)
    report('manifest', `${failed} jobs failed, the record says ${run.counts.failedJobs}`)
}
