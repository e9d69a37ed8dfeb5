/**
 * `command({...})`: an experiment in another language. Declared `files` travel in the capsule; the program runs in
 * a folder that holds them.
 *
 * Line form: the program is started once a chunk, gets a job per line on stdin,
 *   {"chunk":…,"job":…,"point":{…},"repetition":…,"seed":"<64 hex>"}
 * and answers each with a line on stdout: {"result":…} or {"error":{"name":…,"message":…}}.
 * Simple form: an argument holds a placeholder ({infect}, {repetition}, {seed}, {seed31}); then the program is
 * started once a job and prints its result as one JSON value.
 */
import { designOf } from './design.ts'
import { RepriseError } from './errors.ts'
import {
  ASKED,
  type Asked,
  assemble,
  checkKeys,
  type Experiment,
  type Parameters,
  type PointOf,
} from './experiment.ts'

export interface CommandSpec<D> extends Asked<D> {
  /** The program's name or path, such as `python3`. */
  readonly program: string
  readonly arguments?: readonly string[]
  /** Files that travel in the capsule; paths below the experiment's folder. */
  readonly files?: readonly string[]
}

const OWN = ['seed', 'seed31', 'repetition']
const PLACEHOLDER = /\{([A-Za-z_]\w*)\}/g

/** Describes an experiment whose jobs a program executes. Throws `invalid-experiment`. */
export function command<const D extends Parameters = Readonly<Record<never, never>>>(
  spec: CommandSpec<D>,
): Experiment<PointOf<D>, unknown, never> {
  checkKeys(spec, [...ASKED, 'program', 'arguments', 'files'], 'command')
  const { program, arguments: words = [], files = [] } = spec
  if (typeof program !== 'string' || program === '')
    throw invalid('program', 'is not a string', 'Name the program, such as python3')
  if (!isTexts(words)) throw invalid('arguments', 'is not a list of strings', 'Write arguments: ["sir.py"]')
  if (!isTexts(files)) throw invalid('files', 'is not a list of paths', 'Write files: ["sir.py"]')
  for (const file of files) {
    if (file === '' || file.startsWith('/') || file.split('/').includes('..')) {
      throw invalid(
        'files',
        `${JSON.stringify(file)} is not below the experiment's folder`,
        'Use a path below it',
      )
    }
  }
  const known = [...OWN, ...parameterNames(spec.parameters ?? {})]
  for (const name of words.flatMap(placeholders)) {
    if (!known.includes(name)) {
      throw invalid(
        'arguments',
        `the placeholder {${name}} names no parameter`,
        `Known are ${known.join(', ')}`,
      )
    }
  }
  return assemble(spec, { work: null, program: { program, arguments: words, files } })
}

/** The names that stand in braces in an argument. */
export function placeholders(argument: string): string[] {
  return [...argument.matchAll(PLACEHOLDER)].map((match) => match[1]!)
}

/** Puts values in the place of placeholders: strings as they are, everything else as JSON. */
export function fillPlaceholders(argument: string, values: Readonly<Record<string, unknown>>): string {
  return argument.replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name]
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
}

function parameterNames(parameters: unknown): string[] {
  const design = designOf(parameters)
  if ('points' in design) return Object.keys(design.points[0] ?? {})
  return ('zip' in design ? design.zip : design.product).map((factor) => factor.name)
}

function isTexts(list: unknown): list is readonly string[] {
  return Array.isArray(list) && list.every((item) => typeof item === 'string')
}

function invalid(subject: string, message: string, remedy: string): RepriseError {
  return new RepriseError('invalid-experiment', message, { subject, remedy })
}
