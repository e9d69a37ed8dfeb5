/**
 * `experiment({...})`: what the user writes. It checks the words at once and keeps apart what is asked
 * (the document, hashed into every seed) and how a job is done (the work, bound by the capsule).
 */
import { checkInputs, checkLabels, checkProbes } from './declared.ts'
import { type Design, designOf, type Listed, type Zipped } from './design.ts'
import { checkDocument, defaultChunk, type ExperimentDocument } from './document.ts'
import { RepriseError } from './errors.ts'
import { DEFAULT_GENERATOR, type Generator, type Random } from './random.ts'

type Widen<V> = V extends number ? number : V extends boolean ? boolean : V
type ValueOf<F> = F extends readonly (infer V)[] ? Widen<V> : Widen<F>

/** What may stand under `parameters`. */
export type Parameters = Readonly<Record<string, unknown>> | Zipped<unknown> | Listed<unknown>

/** The type of a point, from the parameters as written. */
export type PointOf<D> =
  D extends Listed<infer P>
    ? { readonly [K in keyof P]: Widen<P[K]> }
    : D extends Zipped<infer F>
      ? { readonly [K in keyof F]: ValueOf<F[K]> }
      : { readonly [K in keyof D]: ValueOf<D[K]> }

/** Declared input files by name: the same bytes on every engine. */
export interface Input {
  /** A fresh copy of the file's bytes. */
  (name: string): Uint8Array
  /** The file as UTF-8 text. */
  text(name: string): string
}

/**
 * An independent stream of random numbers, by label. With `sharedBy` it depends only on those factors, the label
 * and the repetition, so that different points meet the same numbers (common random numbers).
 */
export type Stream<P> = (
  label: string,
  options?: { readonly sharedBy: readonly (keyof P & string)[] },
) => Random

/** What `setup` gets, once a chunk. Here a shared stream takes the chunk's first repetition. */
export interface Setup<P> {
  readonly point: P
  readonly stream: Stream<P>
  readonly input: Input
  /** Writes a line into the run's log; no part of the result. */
  readonly log: (...words: unknown[]) => void
}

/** What `run` gets, once a job. */
export interface Job<P, S = unknown> extends Setup<P> {
  /** The how-manieth run at this point, from 0. */
  readonly repetition: number
  /** The job's own generator. */
  readonly random: Random
  /** The job's seed, 64 hex digits, for generators of other libraries. */
  readonly seed: string
  /** What `setup` returned. */
  readonly setup: S
}

/** How a job is done. `teardown` ends what `setup` began; it cannot change a result. */
export interface Work {
  readonly setup?: ((context: Setup<never>) => unknown) | undefined
  readonly run: (job: Job<never, never>) => unknown
  readonly summarise?: ((results: never[], context: { point: never }) => unknown) | undefined
  readonly teardown?: ((setup: unknown) => unknown) | undefined
}

/** A program in another language; see `command`. */
export interface Program {
  readonly program: string
  readonly arguments: readonly string[]
  readonly files: readonly string[]
}

/** Whose `Math` the jobs meet: Reprise's own, the same bits everywhere, or the platform's. */
export type MathKind = 'portable' | 'native'

/** What happens when a job touches what is not the same elsewhere: it is recorded, refused, or not looked at. */
export type GuardPolicy = 'record' | 'deny' | 'off'

/** What every way of describing an experiment has in common. */
export interface Asked<D> {
  readonly name: string
  readonly parameters?: D
  /** Runs at each point; 1 when not given. */
  readonly repetitions?: number
  /** Repetitions in one chunk; from the design alone when not given. */
  readonly chunk?: number
  readonly random?: Generator
  /** Any text: another seed gives another, independent set of results. */
  readonly seed?: string
  /** JSON Schema for what a job returns, checked at the engine. */
  readonly result?: Readonly<Record<string, unknown>>
  /** Files that jobs may read, by name; paths are relative to the experiment's file. */
  readonly inputs?: Readonly<Record<string, string>>
  /**
   * Commands by name, each a program and its arguments, such as `{ python: ['python3', '--version'] }`. An engine runs them
   * once a session, and what they print becomes part of the record. No job sees it.
   */
  readonly probes?: Readonly<Record<string, readonly string[]>>
  /** What parameters and results are called on axes, by name, with units; it changes neither seeds nor results. */
  readonly labels?: Readonly<Record<string, string>>
  /** `'portable'` when not given; with `'native'` other machines may give other bits. */
  readonly math?: MathKind
  /** `'record'` when not given. A guard is no sandbox: it sees mistakes, not malice. */
  readonly guard?: GuardPolicy
}

/** What `experiment` is told: what is asked, and how a job is done. */
export interface ExperimentSpec<D, S, R, U> extends Asked<D> {
  /** Once a chunk, at the engine: builds what its jobs share. */
  readonly setup?: (context: Setup<PointOf<D>>) => S | Promise<S>
  /** One job. What it returns is the result; what it throws makes it a failed job. */
  readonly run: (job: Job<PointOf<D>, Awaited<S>>) => R | Promise<R>
  /** Reduces the results of a chunk at the engine; only what it returns is kept. */
  readonly summarise?: (results: Awaited<R>[], context: { readonly point: PointOf<D> }) => U | Promise<U>
}

/** An experiment, checked. The type parameters are a point, a job's result and a chunk's summary. */
export interface Experiment<P = unknown, R = unknown, U = unknown> {
  readonly document: ExperimentDocument
  readonly work: Work | null
  readonly program: Program | null
  readonly result: Readonly<Record<string, unknown>> | null
  readonly inputs: Readonly<Record<string, string>>
  readonly probes: Readonly<Record<string, readonly string[]>>
  readonly labels: Readonly<Record<string, string>>
  readonly math: MathKind
  readonly guard: GuardPolicy
  /** Types only; never there at run time. */
  readonly types?: { readonly point: P; readonly result: R; readonly summary: U }
}

/** What a job of experiment `E` returns. */
export type ResultOf<E> = E extends Experiment<infer _P, infer R, infer _U> ? R : never

const BRAND = Symbol.for('reprise/experiment')
/** Keys that every way of describing an experiment knows. */
export const ASKED: readonly (keyof Asked<unknown>)[] = [
  'name',
  'parameters',
  'repetitions',
  'chunk',
  'random',
  'seed',
  'result',
  'inputs',
  'probes',
  'labels',
  'math',
  'guard',
]
const MATH: readonly MathKind[] = ['portable', 'native']
const GUARD: readonly GuardPolicy[] = ['record', 'deny', 'off']

/** Describes an experiment. Throws `invalid-experiment`, naming the part that is off. */
export function experiment<
  const D extends Parameters = Readonly<Record<never, never>>,
  S = undefined,
  R = unknown,
  U = never,
>(spec: ExperimentSpec<D, S, R, U>): Experiment<PointOf<D>, Awaited<R>, Awaited<U>> {
  checkKeys(spec, [...ASKED, 'setup', 'run', 'summarise'], 'experiment')
  for (const key of ['setup', 'run', 'summarise'] as const) {
    if (spec[key] === undefined && key !== 'run') continue
    if (typeof spec[key] !== 'function')
      throw invalid(key, 'is not a function', `Write ${key}({ point, … }) { … }`)
  }
  const { setup, run, summarise } = spec
  return assemble(spec, { work: { setup, run, summarise } as unknown as Work, program: null })
}

/** Puts an experiment together from its common part and its work. */
export function assemble<P, R, U>(
  asked: Asked<unknown>,
  how: { work: Work | null; program: Program | null; design?: Design },
): Experiment<P, R, U> {
  const design = how.design ?? designOf(asked.parameters ?? {})
  const repetitions = asked.repetitions ?? 1
  const draft: ExperimentDocument = {
    format: 'reprise/experiment/1',
    name: asked.name,
    design,
    repetitions,
    chunk: asked.chunk ?? 1,
    random: asked.random ?? DEFAULT_GENERATOR,
    seed: asked.seed ?? null,
  }
  if (asked.chunk !== undefined) checkDocument(draft)
  const document = asked.chunk === undefined ? withDefaultChunk(draft) : draft
  checkInputs(asked.inputs ?? {})
  checkProbes(asked.probes ?? {})
  checkLabels(asked.labels ?? {})
  if (asked.result !== undefined && (typeof asked.result !== 'object' || asked.result === null)) {
    throw invalid('result', 'is not a JSON Schema', 'Write { type: "object", … }')
  }
  const made: Experiment<P, R, U> = {
    document,
    work: how.work,
    program: how.program,
    result: asked.result ?? null,
    inputs: asked.inputs ?? {},
    probes: asked.probes ?? {},
    labels: asked.labels ?? {},
    math: oneOf('math', MATH, asked.math),
    guard: oneOf('guard', GUARD, asked.guard),
  }
  return Object.defineProperty(made, BRAND, { value: true })
}

/** Repetitions and design are checked before a default is computed from them, chunks counted after. */
function withDefaultChunk(draft: ExperimentDocument): ExperimentDocument {
  checkDocument({
    ...draft,
    chunk: Number.isSafeInteger(draft.repetitions)
      ? Math.max(1, Math.min(draft.repetitions, 0xffff_ffff))
      : 1,
  })
  const document = { ...draft, chunk: defaultChunk(draft.design, draft.repetitions) }
  checkDocument(document)
  return document
}

export function isExperiment(value: unknown): value is Experiment {
  return typeof value === 'object' && value !== null && BRAND in value
}

/** Refuses unknown keys: a misspelt `repetitions` must not silently mean 1. */
export function checkKeys(spec: unknown, known: readonly string[], what: string): void {
  if (typeof spec !== 'object' || spec === null) {
    throw invalid(what, 'is not an object', `Write ${what}({ name: …, … })`)
  }
  const odd = Object.keys(spec).find((key) => !known.includes(key))
  if (odd !== undefined) throw invalid(odd, `is not part of ${what}({…})`, `Known are ${known.join(', ')}`)
}

/** The word given, or the first where none is. */
function oneOf<W extends string>(subject: string, words: readonly W[], given: W | undefined): W {
  if (given === undefined) return words[0]!
  if (words.includes(given)) return given
  throw invalid(subject, `is ${JSON.stringify(given)}`, `Write one of ${words.join(', ')}`)
}

function invalid(subject: string, message: string, remedy: string): RepriseError {
  return new RepriseError('invalid-experiment', message, { subject, remedy })
}
