/**
 * The fingerprint of a platform: a digest for each thing that its JavaScript engine computes in its own way, over fixed
 * inputs. Two platforms whose digests agree may be expected to give the same bits; where one differs, its name says which
 * functions did. That is evidence, not proof: inputs are some hundreds for each name (FORMAT.md defines them).
 */
import { drawWords } from './fingerprint/draws.ts'
import { comparatorDigest, numberDigest, sortingDigest, typedArrayDigest } from './fingerprint/language.ts'
import {
  exactDigest,
  functionDigest,
  type MathFunctions,
  type NumberFunction,
  OPEN_FUNCTIONS,
  type OpenFunctions,
} from './fingerprint/math.ts'
import { errorDigest, unicodeDigest } from './fingerprint/wording.ts'

/** The first 16 hex digits of a SHA-256, by name. */
export type Fingerprint = Readonly<Record<string, string>>

/** The entries that depend on whose Math the jobs meet, in order. */
export const MATH_ENTRIES: readonly string[] = [...OPEN_FUNCTIONS.map((name) => `Math.${name}`), '**']

/** What a difference in an entry matters to, where it is not the numbers of any experiment. */
export const MATTERS_TO: Readonly<Record<string, string>> = {
  'sorting algorithm': 'comparators that contradict themselves, such as () => random() - 0.5',
  Unicode: 'letters outside of ASCII',
  'error messages': 'the recorded messages of jobs that failed by an error of the engine’s own',
}

/**
 * The fingerprint of what the caller meets: its Math, and its operator `**` as the function
 * `(base, exponent) => base ** exponent` of the caller's own build.
 */
export function fingerprint(math: MathFunctions, power: NumberFunction): Fingerprint {
  const words = drawWords()
  return {
    ...mathDigests(math, power, words),
    'Math exact': exactDigest(math, words),
    'number formatting': numberDigest(words),
    sorting: sortingDigest(words),
    'sorting algorithm': comparatorDigest(words),
    'typed arrays': typedArrayDigest(words),
    Unicode: unicodeDigest(),
    'error messages': errorDigest(),
  }
}

/** Only the entries of MATH_ENTRIES: to compare one Math with another on the same platform. */
export function mathFingerprint(functions: OpenFunctions, power: NumberFunction): Fingerprint {
  return mathDigests(functions, power, drawWords())
}

function mathDigests(functions: OpenFunctions, power: NumberFunction, words: Int32Array): Fingerprint {
  const digests = OPEN_FUNCTIONS.map((name) => [`Math.${name}`, functionDigest(name, functions[name], words)])
  return { ...Object.fromEntries(digests), '**': functionDigest('pow', power, words) }
}

/**
 * The names whose digests differ, in the order of `present`. A name that only one side knows says nothing, since one version
 * of Reprise may digest what another does not; `fingerprintUncompared` tells these.
 */
export function fingerprintDifferences(recorded: Fingerprint, present: Fingerprint): string[] {
  return Object.keys(present).filter(
    (name) => Object.hasOwn(recorded, name) && recorded[name] !== present[name],
  )
}

/** The names of `present` that were not recorded, then those that were and are not present. */
export function fingerprintUncompared(recorded: Fingerprint, present: Fingerprint): string[] {
  const missing = (from: Fingerprint, names: Fingerprint) =>
    Object.keys(names).filter((name) => !Object.hasOwn(from, name))
  return [...missing(recorded, present), ...missing(present, recorded)]
}
