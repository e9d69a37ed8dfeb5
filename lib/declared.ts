/**
 * What an experiment declares beside its design and its work, and travels in its capsule: input files by name, labels, and
 * probes, commands whose output tells of what the capsule cannot hold (an interpreter, its packages).
 */
import { RepriseError } from './errors.ts'

const NAME = /^(?!(toJSON|__proto__)$)[A-Za-z0-9_][A-Za-z0-9_.-]*$/

/** Probes of one experiment, words of one, and characters of a word or name: what stands in the record again and again. */
export const MOST_PROBES = 20
export const MOST_WORDS = 50
export const MOST_CHARACTERS = 1_000

/** Throws `invalid-experiment` where a name or path is none. */
export function checkInputs(inputs: Readonly<Record<string, string>>): void {
  for (const [name, path] of Object.entries(inputs)) {
    if (!NAME.test(name))
      throw invalid(
        `inputs[${JSON.stringify(name)}]`,
        'is not a plain file name',
        'Use letters, digits, . _ -',
      )
    if (typeof path !== 'string' || path === '')
      throw invalid(`inputs.${name}`, 'is not a path', 'Give the path of a file')
  }
}

/** Labels of one experiment, and characters of one. */
export const MOST_LABELS = 200
export const LONGEST_LABEL = 200

/** Throws `invalid-experiment` where a label is no text that fits an axis. */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  const remedy = "Write { name: 'what it is (unit)' }"
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels))
    throw invalid('labels', 'is not an object', remedy)
  const entries = Object.entries(labels)
  if (entries.length > MOST_LABELS)
    throw invalid('labels', `are ${entries.length}, more than ${MOST_LABELS}`, 'Label what is shown')
  for (const [name, label] of entries) {
    if (typeof label !== 'string' || label === '' || label.length > LONGEST_LABEL || !label.isWellFormed())
      throw invalid(
        `labels[${JSON.stringify(name)}]`,
        `is not a text of 1 to ${LONGEST_LABEL} characters`,
        remedy,
      )
    if (name === '__proto__' || name === 'toJSON' || !name.isWellFormed())
      throw invalid(`labels[${JSON.stringify(name)}]`, 'is the name of no parameter or field', remedy)
  }
}

/** Throws `invalid-experiment` where a probe is no command. */
export function checkProbes(probes: Readonly<Record<string, readonly string[]>>): void {
  if (typeof probes !== 'object' || probes === null || Array.isArray(probes))
    throw invalid('probes', 'is not an object', REMEDY)
  const entries = Object.entries(probes)
  if (entries.length > MOST_PROBES)
    throw invalid('probes', `are ${entries.length}, more than ${MOST_PROBES}`, 'Put several into one program')
  for (const [name, words] of entries) {
    if (!isProbeName(name))
      throw invalid(`probes[${JSON.stringify(name)}]`, 'is not a plain name', 'Use letters, digits, . _ -')
    if (!isCommand(words)) throw invalid(`probes.${name}`, 'is not a command', REMEDY)
  }
}

const REMEDY = `Write the program and its arguments as a list of texts: { python: ['python3', '--version'] }`

/** Whether a probe may be called so. */
export function isProbeName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= 100 && NAME.test(name)
}

/** Whether this is a program and its arguments. */
export function isCommand(words: unknown): words is string[] {
  return (
    Array.isArray(words) &&
    words.length > 0 &&
    words.length <= MOST_WORDS &&
    words[0] !== '' &&
    words.every(
      (word) =>
        typeof word === 'string' &&
        word.length <= MOST_CHARACTERS &&
        word.isWellFormed() &&
        !word.includes('\0'),
    )
  )
}

function invalid(subject: string, message: string, remedy: string): RepriseError {
  return new RepriseError('invalid-experiment', message, { subject, remedy })
}
