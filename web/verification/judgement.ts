/**
 * A record under judgement, in a page: what `verify` and `rerun` do, by the same code, over bytes that the page holds. It
 * neither executes anything nor believes whoever does: engines give chunk bytes, and here they are hashed and compared.
 */
import { planAudit, rerunStatement } from '../../lab/audit.ts'
import { divergenceWords } from '../../lab/divergence-words.ts'
import type { RerunPlan } from '../../lab/plan.ts'
import { sha256, toHex, utf8 } from '../../lib/digest.ts'
import { RepriseError } from '../../lib/errors.ts'
import { leafHash } from '../../lib/merkle.ts'
import { parseVerifierKey, type VerifierKey } from '../../lib/note.ts'
import { explainChunk } from '../../provenance/explain.ts'
import type { Manifest } from '../../provenance/manifest.ts'
import type { Trust } from '../../provenance/trust.ts'
import { type Problem, type Verification, verifyManifest } from '../../provenance/verify.ts'
import type { Witness } from '../../provenance/verify-proof.ts'
import { warningsOf } from '../../provenance/warnings.ts'
import { chunkIn, chunkLines } from './chunk-lines.ts'
import { type Fact, factsOf } from './facts.ts'
import { lackingInBrowser } from './lacking.ts'
import { type Likeness, likenessOf } from './likeness.ts'
import { type RerunTally, type RerunVerdict, rerunVerdict } from './rerun-verdict.ts'

/** What a page holds of a record; see web/client/record.ts. */
export interface HeldRecord {
  readonly manifest: Uint8Array
  readonly leaves: Uint8Array | null
  readonly capsule: Uint8Array | null
  readonly chunks: Uint8Array | null
  /** Input files by their SHA-256, as it is claimed. */
  readonly inputs?: ReadonlyMap<string, Uint8Array>
}

/** What verification found, as plain data. */
export interface Finding {
  readonly valid: boolean
  /** Whether the signature is that of the key that the reader gave; null where he gave none. */
  readonly isExpected: boolean | null
  readonly problems: readonly Problem[]
  readonly checked: readonly string[]
  readonly unchecked: readonly string[]
  readonly warnings: readonly string[]
  readonly witnesses: readonly Witness[]
  /** What is told of the record; null where it could not be read. */
  readonly about: About | null
}

export interface About {
  /** What the manifest itself says, to be held against the words around it. */
  readonly facts: readonly Fact[]
  readonly chunks: number
  /** The key that signed, as a verifier key's line, and its SHA-256 (hex); null where none did. */
  readonly signer: { readonly key: string; readonly fingerprint: string } | null
  readonly capsule: { readonly sha256: string; readonly bytes: number }
  readonly file: string
  /** The commit, or null with the reason why there is none. */
  readonly commit: string | null
  readonly dirty: boolean
  /** Why chunks cannot be executed in a browser; none where they can. */
  readonly lacking: readonly string[]
}

/** What engines are given. */
export interface Code {
  readonly capsule: Uint8Array
  readonly sha256: string
  /** The experiment's hash (hex) and its input files by digest. */
  readonly hash: string
  readonly inputs: ReadonlyMap<string, Uint8Array>
}

/** What came of one chunk. Both digests are leaf hashes, hex. */
export interface Compared {
  readonly likeness: Likeness
  readonly expected: string
  readonly actual: string
  /** Where the first difference is, as far as that can be told; null where there is none. */
  readonly words: string | null
}

export class Judgement {
  readonly #record: HeldRecord
  readonly #chance: () => Uint8Array
  #manifest: Manifest | null = null

  /** `chance` gives 32 bytes that nobody could know before. */
  constructor(record: HeldRecord, chance: () => Uint8Array) {
    this.#record = record
    this.#chance = chance
  }

  /**
   * Verifies the record. With a `key` (a verifier key's line) it is said whether the signature is that key's: a record can be
   * intact and another's. Throws `usage` for what is no key.
   */
  verify(key: string | null): Finding {
    const keys: VerifierKey[] = key === null ? [] : [parseVerifierKey(key)]
    const demanded = this.#verified({ keys, demanded: key !== null })
    const found = demanded.valid || key === null ? demanded : this.#verified({ keys, demanded: false })
    const isExpected = key === null ? null : demanded.valid || sameProblems(demanded, found)
    const { valid, problems, checked, unchecked, manifest, witnesses } = found
    this.#manifest = manifest
    const warnings = manifest === null ? [] : warningsOf(manifest.run)
    const about = manifest === null ? null : this.#aboutOf(manifest, witnesses)
    return { valid, isExpected, problems, checked, unchecked, warnings, witnesses, about }
  }

  /** Which chunks a rerun takes: `count` of them, null for all, drawn by the public value `beacon` or by chance. */
  plan(count: number | null, beacon: string | null): RerunPlan {
    return planAudit(this.#read(), count === null ? null : { count, beacon, stratify: null }, this.#chance)
  }

  /** The code and what it needs. Whoever executes it checks the digests once more. */
  code(): Code {
    const { capsule, experiment, run } = this.#read()
    const bytes = this.#capsuleOf(this.#read())
    if (bytes === null) throw new RepriseError('not-found', 'the capsule is not in this page')
    const used = new Set(Object.values(run.inputs))
    const inputs = new Map([...(this.#record.inputs ?? [])].filter(([digest]) => used.has(digest)))
    return { capsule: bytes, sha256: capsule.sha256, hash: experiment.hash, inputs }
  }

  /** Compares what an engine gave for a chunk, whatever it is, with what is recorded. */
  compare(chunk: number, bytes: Uint8Array): Compared {
    const manifest = this.#read()
    const [expected, actual] = [this.#leafOf(manifest, chunk), toHex(leafHash(bytes))]
    if (expected === actual) return { likeness: { kind: 'identical' }, expected, actual, words: null }
    const recorded = this.#record.chunks === null ? null : chunkIn(this.#record.chunks, chunk)
    const before = recorded !== null && toHex(leafHash(recorded)) === expected ? recorded : null
    const { experiment, run } = manifest
    const likeness = likenessOf(experiment.document, chunk, before, bytes, run)
    return { likeness, expected, actual, words: differenceWords(manifest, chunk, before, bytes) }
  }

  /** In a word and a sentence, what the chunks of a plan that were executed prove. */
  verdict({ sample, stratify }: RerunPlan, tally: RerunTally): RerunVerdict {
    const manifest = this.#read()
    const drawn = { sample, stratify: stratify ?? null }
    return rerunVerdict(tally, sample?.length ?? manifest.results.chunks, (compared, differing) =>
      rerunStatement(manifest, drawn, compared, differing),
    )
  }

  #verified(trust: Trust): Verification {
    const { manifest, leaves, capsule, chunks, inputs = new Map() } = this.#record
    return verifyManifest(manifest, {
      leaves,
      capsule,
      digests: new Map([...inputs].map(([digest, held]) => [`inputs/${digest}`, toHex(sha256(held))])),
      chunks: chunks === null ? null : chunkLines(chunks),
      trust,
    })
  }

  #read(): Manifest {
    if (this.#manifest !== null) return this.#manifest
    throw new RepriseError('usage', 'the record has not been verified', { remedy: 'Verify it first' })
  }

  #capsuleOf({ capsule }: Manifest): Uint8Array | null {
    return capsule.source === null ? this.#record.capsule : utf8(capsule.source)
  }

  #leafOf({ results: { leaves } }: Manifest, chunk: number): string {
    if (!('sha256' in leaves)) return leaves[chunk] ?? ''
    const { leaves: file } = this.#record
    return file === null ? '' : toHex(file.subarray(32 * chunk, 32 * chunk + 32))
  }

  #aboutOf(manifest: Manifest, witnesses: readonly Witness[]): About {
    const { capsule, run, results, proof } = manifest
    const { commit, dirty = false } = run.code as { commit: string | null; dirty?: boolean }
    const bytes = this.#capsuleOf(manifest)
    return {
      facts: factsOf(manifest, witnesses),
      chunks: results.chunks,
      signer: proof.key === undefined ? null : signerOf(proof.key),
      capsule: { sha256: capsule.sha256, bytes: capsule.bytes },
      file: run.file,
      commit,
      dirty,
      lacking: lackingInBrowser(manifest, {
        capsule: bytes === null ? null : new TextDecoder().decode(bytes),
        inputs: new Set(this.#record.inputs?.keys()),
        leaves: this.#record.leaves !== null,
      }),
    }
  }
}

function differenceWords(
  { experiment }: Manifest,
  chunk: number,
  before: Uint8Array | null,
  actual: Uint8Array,
): string {
  try {
    return divergenceWords(explainChunk(experiment.document, chunk, before, actual))
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    return `chunk ${chunk}: what came is no chunk (${error.message})`
  }
}

/** Whether demanding a signature found nothing more than was wrong without it. */
function sameProblems(demanded: Verification, found: Verification): boolean {
  return demanded.problems.length === found.problems.length
}

/** A key that cannot be read is a problem that verification tells. */
function signerOf(line: string): About['signer'] {
  try {
    return { key: line, fingerprint: toHex(sha256(parseVerifierKey(line).publicKey)) }
  } catch {
    return null
  }
}
