/**
 * A witness's statement: somebody reran a record and signs what came out (FORMAT.md §12.8). It binds the record's
 * digest, and so everything in the manifest; it is as good as the key that signed it.
 */
import { canonical, parseCanonical } from '../lib/canonical.ts'
import { toHex, utf8 } from '../lib/digest.ts'
import { isEntryTime } from '../lib/entry.ts'
import { RepriseError } from '../lib/errors.ts'
import {
  parseNote,
  parseVerifierKey,
  type Signer,
  signersOf,
  signNote,
  type VerifierKey,
  verifierKeyText,
} from '../lib/note.ts'
import { auditEntropy } from '../lib/sample.ts'
import type { Manifest } from './manifest.ts'

const HEADER = 'reprise/witness/1'

export interface WitnessStatement {
  readonly record: string
  readonly run: string
  readonly experiment: string
  readonly root: string
  /** The witness's own key, which signs. */
  readonly key: string
  readonly time: string
  readonly verdict: 'identical' | 'divergent' | 'incomplete'
  /** Chunks that were executed again, of how many, and how many of those gave other bits. */
  readonly compared: number
  readonly chunks: number
  readonly divergent: number
  /** Chunks drawn, and what they were drawn by; null when it was all of them. */
  readonly sample: number | null
  readonly entropy: string | null
  /** The public value that the entropy was made of, with the root; null where there was none. */
  readonly beacon: string | null
  /** What the sample has chunks of each of; null for a draw from all chunks alike. */
  readonly stratify: 'point' | 'engine' | null
  readonly environments: readonly string[]
  readonly reprise: string
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const CONTROL = /[\0-\x1f\x7f-\x9f]/
const TEXTS = ['record', 'run', 'experiment', 'root', 'key', 'time', 'verdict', 'reprise'] as const
const COUNTS = ['compared', 'chunks', 'divergent'] as const
const KEYS = [...TEXTS, ...COUNTS, 'sample', 'entropy', 'beacon', 'stratify', 'environments'].sort().join()

/** The statement, signed. */
export function witnessNote(statement: Omit<WitnessStatement, 'key'>, signer: Signer): string {
  return signNote(`${HEADER}\n${canonical({ ...statement, key: verifierKeyText(signer.key) })}\n`, signer)
}

/** Reads a statement and checks its signature. Throws `not-intact` or `usage` for anything else. */
export function parseWitness(note: string): { statement: WitnessStatement; key: VerifierKey } {
  const parsed = parseNote(note)
  const [header, json = '', ...rest] = parsed.text.split('\n')
  if (header !== HEADER || rest.join() !== '') throw bad('is no witness’s statement')
  const statement = parseCanonical(utf8(json)) as unknown as Readonly<Record<string, unknown>>
  if (!isStatement(statement)) throw bad('is not of the form that a statement has')
  const key = parseVerifierKey(statement.key)
  if (parsed.signatures.length !== 1 || signersOf(parsed, [key]).length !== 1)
    throw bad('is not signed by the key that it names, and by it alone')
  return { statement, key }
}

function isStatement(json: unknown): json is WitnessStatement {
  if (typeof json !== 'object' || json === null || Object.keys(json).sort().join() !== KEYS) return false
  const told = json as Readonly<Record<string, unknown>>
  const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0
  const isText = (value: unknown) =>
    typeof value === 'string' && value.length <= 1_000 && !CONTROL.test(value)
  return (
    TEXTS.every((key) => isText(told[key])) &&
    COUNTS.every((key) => isCount(told[key])) &&
    isEntryTime(String(told.time)) &&
    Number(told.divergent) <= Number(told.compared) &&
    Number(told.compared) <= Number(told.chunks) &&
    (told.verdict === 'divergent') === Number(told.divergent) > 0 &&
    ['identical', 'divergent', 'incomplete'].includes(String(told.verdict)) &&
    (told.sample === null || isCount(told.sample)) &&
    (told.entropy === null || isText(told.entropy)) &&
    (told.beacon === null || isText(told.beacon)) &&
    [null, 'point', 'engine'].includes(told.stratify as string | null) &&
    Array.isArray(told.environments) &&
    told.environments.length <= 1_000 &&
    told.environments.every(isText)
  )
}

/** Whether the statement is about this record. Throws `not-intact` naming what is another's. */
export function demandAbout(
  { run, experiment, results, proof }: Manifest,
  statement: WitnessStatement,
): void {
  const expected = {
    record: proof.record,
    run: run.id,
    experiment: experiment.hash,
    root: results.root,
    chunks: results.chunks,
  }
  for (const [name, value] of Object.entries(expected))
    if (statement[name as keyof typeof expected] !== value) throw bad(`is about another ${name}`)
  const { beacon, entropy } = statement
  if (beacon !== null && toHex(auditEntropy(results.root, beacon)) !== entropy)
    throw bad('names a beacon that its entropy is not made of')
}

/** In one sentence, what a witness says. */
export function witnessWords(statement: WitnessStatement): string {
  const { verdict, compared, chunks, divergent, sample, beacon, environments, time } = statement
  const by = beacon === null ? '' : ` by the beacon ${JSON.stringify(beacon)}`
  const share =
    sample === null ? `${compared} of ${chunks} chunks` : `${compared} of ${chunks} chunks, drawn${by}`
  const differing = divergent === 0 ? '' : `, ${divergent} of them gave other bits`
  return `${verdict}: reran ${share}${differing}, on ${environments.join(' and ')}, ${time.slice(0, 10)}`
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject: 'witness' })
}
