/**
 * A chunk proof: the bytes of one chunk with the path that leads from them to the root of a run (FORMAT.md §7, RFC 6962
 * §2.1.1), so that one number of a paper can be checked without the rest. Its text is exact, as that of a manifest is.
 */
import { fromHex, toHex, utf8 } from '../lib/digest.ts'
import { MAX_CHUNKS } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { inclusionProof, rootFromInclusion } from '../lib/inclusion.ts'
import { leafHash } from '../lib/merkle.ts'
import type { Json } from '../lib/values.ts'
import { exactText, parseExactText } from './exact-text.ts'
import type { Problem } from './verify.ts'

export const CHUNK_PROOF_FORMAT = 'reprise/chunk-proof/1'

export interface ChunkProof {
  readonly format: typeof CHUNK_PROOF_FORMAT
  /** The experiment hash. */
  readonly experiment: string
  readonly chunk: number
  /** The chunk's bytes, which are text. */
  readonly bytes: string
  /** How many chunks the run has. */
  readonly chunks: number
  /** Hashes beside the way up, from the bottom. */
  readonly path: readonly string[]
  readonly root: string
  /** The ledger's entry of the seal and its proof, as in the manifest; null where it has none. */
  readonly entry: string | null
  readonly log: string | null
}

export interface ProofVerification {
  readonly valid: boolean
  readonly problems: readonly Problem[]
  readonly checked: readonly string[]
  readonly unchecked: readonly string[]
  readonly proof: ChunkProof | null
}

/** Larger than the largest chunk with all it may have around it. */
export const MAX_PROOF_BYTES = 600 * 2 ** 20
const KEYS = 'bytes,chunk,chunks,entry,experiment,format,log,path,root'
const HEX = /^[0-9a-f]{64}$/
const LONGEST_NOTE = 2 ** 20

/** The proof of a chunk by the leaf hashes of its run. */
export function chunkProof(
  run: { readonly experiment: string; readonly root: string; readonly leaves: readonly Uint8Array[] },
  chunk: number,
  bytes: Uint8Array,
  seal: { readonly entry: string | null; readonly log: string | null },
): ChunkProof {
  return {
    format: CHUNK_PROOF_FORMAT,
    experiment: run.experiment,
    chunk,
    bytes: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    chunks: run.leaves.length,
    path: inclusionProof(run.leaves, chunk).map(toHex),
    root: run.root,
    ...seal,
  }
}

/** The proof's file. */
export function chunkProofBytes(proof: ChunkProof): Uint8Array {
  return utf8(exactText(proof as unknown as Json))
}

/** Checks a proof's text, shape and path. That the root is the one of a paper is for the reader to compare. */
export function verifyChunkProof(bytes: Uint8Array): ProofVerification {
  const unchecked = [
    'that root and experiment belong together, and are those that were published (compare them)',
    'ledger and signature',
    'that the code gives these results (see rerun)',
  ]
  try {
    const proof = parseChunkProof(bytes)
    const leaf = leafHash(utf8(proof.bytes))
    const root = rootFromInclusion(leaf, proof.chunk, proof.chunks, proof.path.map(fromHex))
    if (root === null || toHex(root) !== proof.root)
      throw bad(`chunk ${proof.chunk}`, 'its bytes and path do not lead to the root')
    if (!proof.bytes.startsWith(`{"chunk":${proof.chunk},`))
      throw bad(`chunk ${proof.chunk}`, 'its bytes are those of another chunk')
    return {
      valid: true,
      problems: [],
      checked: ['exact text', 'path from the chunk to the root'],
      unchecked,
      proof,
    }
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    const problems = [{ where: error.subject === '' ? 'chunk proof' : error.subject, what: error.message }]
    return { valid: false, problems, checked: [], unchecked, proof: null }
  }
}

/** Whether a file begins as a chunk proof does, and no manifest; whether it is one is for `verifyChunkProof`. */
export function beginsAsChunkProof(bytes: Uint8Array): boolean {
  const head = '{\n  "bytes": "'
  return new TextDecoder('latin1').decode(bytes.subarray(0, head.length)) === head
}

function parseChunkProof(bytes: Uint8Array): ChunkProof {
  if (bytes.length > MAX_PROOF_BYTES) throw bad('', `is larger than ${MAX_PROOF_BYTES} bytes`)
  const json = parseExactText(bytes) as unknown as ChunkProof | null
  if (typeof json !== 'object' || json === null || Object.keys(json).sort().join() !== KEYS)
    throw bad('', `does not have exactly the keys ${KEYS}`)
  const { format, experiment, chunk, chunks, path, root, entry, log } = json
  if (format !== CHUNK_PROOF_FORMAT) throw bad('', 'has another format')
  const whole = (n: unknown, below: number) =>
    Number.isInteger(n) && (n as number) >= 0 && (n as number) < below
  const isDigest = (text: unknown) => typeof text === 'string' && HEX.test(text)
  const isNote = (text: unknown) => text === null || (typeof text === 'string' && text.length <= LONGEST_NOTE)
  const fits =
    typeof json.bytes === 'string' &&
    whole(chunks, MAX_CHUNKS + 1) &&
    whole(chunk, chunks) &&
    Array.isArray(path) &&
    path.length <= 64 &&
    [experiment, root, ...path].every(isDigest) &&
    isNote(entry) &&
    isNote(log)
  if (!fits) throw bad('', 'has a key of the wrong kind')
  return json
}

function bad(subject: string, what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject, remedy: 'Get the proof again from its source' })
}
