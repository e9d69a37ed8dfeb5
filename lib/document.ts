/**
 * The experiment document: what is asked, and not how (FORMAT.md §4). Its hash is the root of every seed. No code,
 * environment or runner is in it, so that a refactoring can be shown to change no bit.
 */
import { canonicalBytes } from './canonical.ts'
import { checkDesign, type Design, pointCount } from './design.ts'
import { hash } from './digest.ts'
import { RepriseError } from './errors.ts'
import { checkGenerator, type Generator } from './random.ts'

/** What is asked, as it is hashed: the hash of this is the root of every seed. */
export interface ExperimentDocument {
  readonly format: 'reprise/experiment/1'
  readonly name: string
  readonly design: Design
  readonly repetitions: number
  readonly chunk: number
  readonly random: Generator
  readonly seed: string | null
}

/** More chunks than this are refused: a seal holds 32 bytes of each at once. */
export const MAX_CHUNKS = 2 ** 24

const KEYS = ['format', 'name', 'design', 'repetitions', 'chunk', 'random', 'seed']
const NICE = [1000, 500, 200, 100, 50, 20, 10, 5, 2]

/** Checks a document, ours or one from a manifest, whole. Throws `invalid-experiment`. */
export function checkDocument(document: ExperimentDocument): void {
  const fail = (subject: string, message: string, remedy: string): never => {
    throw new RepriseError('invalid-experiment', message, { subject, remedy })
  }
  if (typeof document !== 'object' || document === null)
    fail('experiment', 'is not an experiment document', 'See FORMAT.md')
  const { format, name, design, repetitions, chunk, random, seed } = document
  if (format !== 'reprise/experiment/1')
    fail('format', `is ${JSON.stringify(format)}`, 'This version reads reprise/experiment/1')
  const odd = Object.keys(document).find((key) => !KEYS.includes(key))
  if (odd !== undefined) fail(odd, 'is not part of an experiment document', 'Remove it')
  if (typeof name !== 'string' || name === '' || !name.isWellFormed())
    fail('name', 'is not a non-empty string', 'Name the experiment')
  checkShape(design, fail)
  checkDesign(design)
  if (!Number.isSafeInteger(repetitions) || repetitions < 1) {
    fail('repetitions', `is ${String(repetitions)}`, 'Give a whole number ≥ 1')
  }
  if (!Number.isSafeInteger(chunk) || chunk < 1 || chunk > 0xffff_ffff) {
    fail('chunk', `is ${String(chunk)}`, 'Give a whole number of repetitions ≥ 1, or leave it out')
  }
  checkGenerator(random)
  if (seed !== null && (typeof seed !== 'string' || !seed.isWellFormed()))
    fail('seed', 'is not a string', 'Give a string or leave it out')
  const chunks = chunkCount(document)
  if (chunks > MAX_CHUNKS)
    fail('chunk', `makes ${chunks} chunks, more than ${MAX_CHUNKS}`, 'Give a larger chunk')
}

function checkShape(design: Design, fail: (subject: string, message: string, remedy: string) => never): void {
  const keys = typeof design === 'object' && design !== null ? Object.keys(design) : []
  const [kind] = keys
  const list = kind === undefined ? undefined : (design as unknown as Record<string, unknown>)[kind]
  if (keys.length !== 1 || !['product', 'zip', 'points'].includes(kind!) || !Array.isArray(list)) {
    fail('design', 'is not one list under product, zip or points', 'See FORMAT.md')
  }
  if (kind === 'points') return
  for (const factor of list as Record<string, unknown>[]) {
    const whole =
      typeof factor === 'object' && factor !== null && Object.keys(factor).sort().join() === 'name,values'
    if (!whole || typeof factor.name !== 'string' || !Array.isArray(factor.values)) {
      fail('design', 'has a factor that is not {"name":…,"values":[…]}', 'See FORMAT.md')
    }
  }
}

/** H('reprise/experiment/1', canonical bytes of the document): 32 bytes. */
export function experimentHash(document: ExperimentDocument): Uint8Array {
  return hash('reprise/experiment/1', canonicalBytes(document))
}

/**
 * The chunk size when none is given, from the design alone: about a thousand chunks for a whole experiment, at
 * most 1,000 repetitions each, rounded down to 1, 2 or 5 times a power of ten.
 */
export function defaultChunk(design: Design, repetitions: number): number {
  const aim = Math.min((pointCount(design) * repetitions) / 1000, repetitions)
  return NICE.find((size) => size <= aim) ?? 1
}

/** How many chunks each point has. */
export function blockCount(document: ExperimentDocument): number {
  return Math.ceil(document.repetitions / document.chunk)
}

export function chunkCount(document: ExperimentDocument): number {
  return pointCount(document.design) * blockCount(document)
}

export function jobCount(document: ExperimentDocument): number {
  return pointCount(document.design) * document.repetitions
}
