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
import { checkFiles } from './verify-files.ts'
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
  /** By name (`inputs/…`, `objects/…`), the SHA-256 (hex) of files that the run used, of those that are at hand. */
  readonly digests?: ReadonlyMap<string, string>
  /** Problems of what came with the manifest and proves nothing. */
  readonly aside?: readonly Problem[]
  /** Stored chunks, ascending by index. */
  readonly chunks?: Iterable<{ readonly chunk: number; readonly bytes: Uint8Array }> | null
  /** Whose signature is believed; nobody's when it is not said. */
  readonly trust?: Trust
}

/** Problems told of chunks before the rest is only counted. */
const MOST = 100

/**
 * Verifies the manifest in these bytes against itself and the evidence; `gather` is asked for it once it is known what the
 * manifest names.
 */
export function verifyManifest(
  bytes: Uint8Array,
  gather: Evidence | ((manifest: Manifest) => Evidence) = {},
): Verification {
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
  const evidence = gathered(manifest, gather, report)

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
    const count = leaves.length / 32
    if (count !== chunks) report('leaves', `there are ${count} leaves for ${chunks} chunks`)
    else if (toHex(merkleRoot(eachLeaf(leaves))) !== results.root)
      report('leaves', 'the root is not the root of these leaves')
    checked.push('leaves and root')
    if (evidence.chunks == null) unchecked.push('chunks (no results given)')
    else if (checkChunks(manifest, leaves, evidence.chunks, report)) checked.push('every chunk')
    else unchecked.push('the chunks that could not be read')
  }
  problems.push(...(evidence.aside ?? []))
  checkFiles(manifest, evidence.digests ?? new Map(), { report, checked, unchecked })
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

/** What there is to check against; files that are not what they should be are problems. */
function gathered(
  manifest: Manifest,
  gather: Evidence | ((manifest: Manifest) => Evidence),
  report: (where: string, what: string) => void,
): Evidence {
  if (typeof gather !== 'function') return gather
  try {
    return gather(manifest)
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code !== 'not-intact') throw error
    report(error.subject, error.message)
    return {}
  }
}

/** The leaves, 32 bytes each, from the manifest or from the file that it names. */
function leavesOf(
  { results }: Manifest,
  evidence: Evidence,
  report: (where: string, what: string) => void,
  unchecked: string[],
): Uint8Array | null {
  const { leaves } = results
  if (!('sha256' in leaves)) {
    const bytes = new Uint8Array(32 * leaves.length)
    for (const [i, leaf] of leaves.entries()) bytes.set(fromHex(leaf), 32 * i)
    return bytes
  }
  const file = evidence.leaves ?? null
  if (file === null) {
    unchecked.push(`leaves and root (${leaves.sha256}.leaves is not here)`)
    return null
  }
  if (toHex(sha256(file)) !== leaves.sha256 || file.length % 32 !== 0) {
    report('leaves', 'the file of leaves is not the one with this SHA-256')
    return null
  }
  return file
}

function* eachLeaf(leaves: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < leaves.length; at += 32) yield leaves.subarray(at, at + 32)
}

function isLeaf(leaves: Uint8Array, chunk: number, digest: Uint8Array): boolean {
  return digest.every((byte, i) => byte === leaves[32 * chunk + i])
}

/** Checks every chunk; false where they could not be read to their end. */
function checkChunks(
  { experiment, run }: Manifest,
  leaves: Uint8Array,
  chunks: Iterable<{ readonly chunk: number; readonly bytes: Uint8Array }>,
  report: (where: string, what: string) => void,
): boolean {
  const total = leaves.length / 32
  let next = 0
  let failed = 0
  let found = 0
  const told = (where: string, what: string) => {
    found++
    if (found <= MOST) report(where, what)
  }
  try {
    for (const { chunk, bytes } of chunks) {
      if (chunk < next) {
        told(`chunk ${chunk}`, 'comes twice or out of order')
        continue
      }
      for (; next < Math.min(chunk, total); next++) told(`chunk ${next}`, 'is missing')
      if (chunk >= total) {
        told(`chunk ${chunk}`, 'is not part of the experiment')
        continue
      }
      next = chunk + 1
      if (!isLeaf(leaves, chunk, leafHash(bytes))) {
        told(`chunk ${chunk}`, 'its bytes are not those whose hash is in the manifest')
        continue
      }
      try {
        failed += failedJobs(parseChunk(bytes, chunkPlace(experiment.document, chunk)))
      } catch (error) {
        told(`chunk ${chunk}`, (error as Error).message)
      }
    }
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code !== 'not-intact') throw error
    report(error.subject, error.message) // they cannot be read any further
    return false
  }
  for (; next < total; next++) told(`chunk ${next}`, 'is missing')
  if (found > MOST) report('chunks', `${found - MOST} more problems`)
  if (found === 0 && failed !== run.counts.failedJobs)
    report('manifest', `${failed} jobs failed, the record says ${run.counts.failedJobs}`)
  return true
}
