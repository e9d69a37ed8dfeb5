/**
 * What `check` varies, as data: for each variation its name, what differs, and how engines are started and fed. Law 1
 * says that none of this may change a bit; one thing is varied at a time, so that a difference names its cause.
 */
import type { LocalOptions } from '../runners/local.ts'
import type { Runtime } from '../runners/runtime.ts'

/** What a variation is about; causes.ts reasons by it. */
export type Aspect =
  | 'moment'
  | 'zone'
  | 'locale'
  | 'folder'
  | 'environment'
  | 'state'
  | 'batch'
  | 'compiler'
  | 'node'

export interface Variation {
  readonly name: string
  /** What differs, in words. */
  readonly how: string
  readonly aspect: Aspect
  readonly start: LocalOptions
  /** Where engines work: in the baseline's folder, in another, or each in one of its own. */
  readonly folder: 'same' | 'other' | 'own'
  readonly engines: number
  readonly batch: number
  /** Which chunks, in which order; each list goes to engines of its own. */
  readonly courses: readonly (readonly number[])[]
  /** How much longer than the baseline a chunk takes, about. */
  readonly slowness: number
  /** Why it cannot be executed here, or would say nothing; null where it can and would. */
  readonly unfit: string | null
}

/** What is known of the experiment and of this machine. */
export interface Situation {
  readonly chunks: readonly number[]
  readonly program: boolean
  /** Nodes of other versions that are at hand. */
  readonly nodes: readonly Runtime[]
  /** Locales that programs find on this machine, as `locale -a` lists them. */
  readonly locales: readonly string[]
  /** A folder that exists, to stand for another user's home and another place for temporary files. */
  readonly home: string
}

/** 400 days and some hours: another year, month, day of the week, hour and minute. */
const CLOCK_MS = 34_579_031_000

/** Runs before the capsule and sets its clock forward. */
const CLOCK = `const by = ${CLOCK_MS}, { now } = Date, later = () => now() + by
globalThis.Date = new Proxy(Date, {
  construct: (date, given, made) => Reflect.construct(date, given.length === 0 ? [later()] : given, made),
  apply: (date) => new date(later()).toString(),
  get: (date, key) => (key === 'now' ? later : date[key]),
})
Object.defineProperty(Date.prototype, 'constructor', { value: Date, writable: true, configurable: true })`

/** The measure for all others: one engine, chunk by chunk, in order. */
export function baseline(chunks: readonly number[]): Variation {
  return {
    name: 'baseline',
    how: 'one engine, in order',
    aspect: 'moment',
    start: {},
    folder: 'same',
    engines: 1,
    batch: 1,
    courses: [chunks],
    slowness: 1,
    unfit: null,
  }
}

/** All variations, in the order in which they are executed. */
export function variationsFor(situation: Situation): Variation[] {
  const { chunks } = situation
  const usual = baseline(chunks)
  return [
    { ...usual, name: 'again', how: 'the same once more' },
    ...surroundings(usual, situation),
    ...courses(usual, chunks),
    ...runtimes(usual, situation),
  ]
}

function surroundings(usual: Variation, { program, locales, home }: Situation): Variation[] {
  const locale = (word: string): Variation => ({
    ...usual,
    name: `locale ${word}`,
    how: `LC_ALL=${word}.UTF-8`,
    aspect: 'locale',
    start: { env: { LC_ALL: `${word}.UTF-8`, LANG: `${word}.UTF-8`, LANGUAGE: word } },
    unfit:
      program && !locales.some((name) => name.startsWith(`${word}.`))
        ? 'programs do not find this locale on this machine'
        : null,
  })
  const clock = { flags: ['--import', `data:text/javascript,${encodeURIComponent(CLOCK)}`] }
  const shifted = 'the clock 400 days, 5 hours and 17 minutes ahead'
  const zone = { env: { TZ: 'Pacific/Chatham' } }
  const env = { ...ANOTHER_USER, TMPDIR: home, ...(program ? {} : { HOME: home }) }
  const environment = `other variables, among them ${program ? 'USER, LOGNAME' : 'USER, HOME'}, NODE_ENV, TMPDIR`
  return [
    {
      ...usual,
      name: 'clock',
      how: shifted,
      start: clock,
      unfit: program ? 'a program’s clock cannot be set from here' : null,
    },
    { ...usual, name: 'time zone', how: 'TZ=Pacific/Chatham', aspect: 'zone', start: zone },
    locale('tr_TR'), // other capitals, other numbers
    locale('et_EE'), // another alphabetical order
    {
      ...usual,
      name: 'working folder',
      how: 'engines and capsule in another folder',
      aspect: 'folder',
      folder: 'other',
    },
    { ...usual, name: 'environment', how: environment, aspect: 'environment', start: { env } },
  ]
}

function courses(usual: Variation, chunks: readonly number[]): Variation[] {
  const state = { ...usual, aspect: 'state' } as const
  const unfit = chunks.length === 1 ? 'there is only one chunk' : null
  const thrice = [...chunks, ...chunks, ...chunks]
  return [
    { ...state, name: 'order', how: 'the last chunk first', courses: [chunks.toReversed()], unfit },
    {
      ...state,
      name: 'batches',
      how: 'all chunks in one batch',
      aspect: 'batch',
      batch: chunks.length,
      unfit,
    },
    { ...state, name: 'engines', how: 'three engines at once', engines: 3, folder: 'own', unfit },
    {
      ...state,
      name: 'fresh engines',
      how: 'a fresh engine for each chunk',
      courses: chunks.map((chunk) => [chunk]),
      unfit,
    },
    { ...state, name: 'used engine', how: 'an engine that did all of it twice before', courses: [thrice] },
  ]
}

/** The variation where no other Node is at hand, and a word for all of them where some are: what is left out is the same on every machine. */
export const ANOTHER_NODE = 'another Node'

function runtimes(usual: Variation, { program, nodes }: Situation): Variation[] {
  const unfit = program ? 'a program is not executed by Node' : null
  const compiler = { ...usual, aspect: 'compiler', unfit } as const
  const node = { ...usual, aspect: 'node', unfit } as const
  const none = 'no Node of another version is at hand (give one with --runtime)'
  return [
    {
      ...compiler,
      name: 'jitless',
      how: 'node --jitless: nothing is compiled',
      start: { flags: ['--jitless'] },
      slowness: 12,
    },
    {
      ...compiler,
      name: 'no-opt',
      how: 'node --no-opt: nothing is optimized',
      start: { flags: ['--no-opt'] },
      slowness: 3,
    },
    ...(nodes.length > 0 && !program
      ? nodes.map(({ path, version }) => ({
          ...node,
          name: `Node ${version}`,
          how: path,
          start: { node: path },
        }))
      : [{ ...node, name: ANOTHER_NODE, how: 'another version of Node', unfit: unfit ?? none }]),
  ]
}

/** The variables of somebody who works in another way; the long one moves what lies in memory behind it. */
const ANOTHER_USER = {
  USER: 'somebody-else',
  LOGNAME: 'somebody-else',
  SHELL: '/bin/another',
  EDITOR: 'another',
  TERM: 'dumb',
  COLUMNS: '40',
  CI: 'true',
  DEBUG: 'nothing',
  NODE_ENV: 'development',
  UV_THREADPOOL_SIZE: '1',
  REPRISE_CHECK: 'varied '.repeat(300),
}
