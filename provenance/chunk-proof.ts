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
import { NO_TRUST, type Trust } from './trust.ts'
import type { Problem } from './verify.ts'
import { type Findings, type Report, verifyEntry } from './verify-proof.ts'

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
  /** The ledger's entry of the seal, its proof and the key that signed it, as in the manifest; null where it has none. */
  readonly entry: string | null
  readonly log: string | null
  readonly key: string | null
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
const KEYS = 'bytes,chunk,chunks,entry,experiment,format,key,log,path,root'
const HEX = /^[0-9a-f]{64}$/
const LONGEST_NOTE = 2 ** 20

/** The proof of a chunk by the leaf hashes of its run. */
export function chunkProof(
  run: { readonly experiment: string; readonly root: string; readonly leaves: readonly Uint8Array[] },
  chunk: number,
  bytes: Uint8Array,
  seal: Pick<ChunkProof, 'entry' | 'log' | 'key'>,
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

/** Checks a proof's text, shape, path and seal. That the root is the one of a paper is for the reader to compare. */
export function verifyChunkProof(bytes: Uint8Array, trust: Trust = NO_TRUST): ProofVerification {
  const problems: Problem[] = []
  const checked: string[] = []
  const unchecked: string[] = []
  const report = (where: string, what: string) => void problems.push({ where, what })
  let proof: ChunkProof | null = null
  try {
    proof = parseChunkProof(bytes)
    checkPath(proof, report)
    checked.push('exact text', 'path from the chunk to the root')
    checkSeal(proof, trust, { report, checked, unchecked })
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    report(error.subject === '' ? 'chunk proof' : error.subject, error.message)
  }
  unchecked.push(
    'that the root is the one that was published (compare it)',
    'that the code gives these results (see rerun)',
  )
  return { valid: problems.length === 0, problems, checked, unchecked, proof }
}

function checkPath({ bytes, chunk, chunks, path, root }: ChunkProof, report: Report): void {
  const found = rootFromInclusion(leafHash(utf8(bytes)), chunk, chunks, path.map(fromHex))
  if (found === null || toHex(found) !== root)
    report(`chunk ${chunk}`, 'its bytes and path do not lead to the root')
  if (!bytes.startsWith(`{"chunk":${chunk},`))
    report(`chunk ${chunk}`, 'its bytes are those of another chunk')
}

/** The ledger's entry speaks of this root and experiment. */
function checkSeal(proof: ChunkProof, trust: Trust, found: Findings): void {
  const { entry, log, key } = proof
  if (entry === null || log === null || key === null) {
    if (entry !== log || log !== key) found.report('proof', 'lacks a part')
    if (trust.demanded) found.report('signature', 'this proof carries no signature')
    found.unchecked.push(
      'that the root is one of this experiment',
      'ledger and signature (this proof carries none)',
    )
    return
  }
  const sealed = verifyEntry({ entry, log, key }, 'the record', trust, found)
  if (sealed === null) return
  const { kind, body } = sealed
  if (kind !== 'run-sealed')
    found.report('proof', `the ledger’s entry is of the kind ${kind}, not run-sealed`)
  for (const name of ['experiment', 'root', 'chunks'] as const)
    if (body[name] !== proof[name])
      found.report('proof', `the ledger’s entry has another ${name} than the proof`)
  found.checked.push('ledger entry and its inclusion', 'checkpoint’s signature')
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
  const { format, experiment, chunk, chunks, path, root } = json
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
    [json.entry, json.log, json.key].every(isNote)
  if (!fits) throw bad('', 'has a key of the wrong kind')
  return json
}

function bad(subject: string, what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject, remedy: 'Get the proof again from its source' })
}
