/**
 * Why bits differ, as far as it can be told: from what was varied and what the guards saw touched. One table, read
 * from its top; where nothing fits, that is said, with what to look at.
 */
import type { GuardPolicy, MathKind } from '../lib/experiment.ts'
import { type GuardKind, KINDS } from '../runners/guard-kinds.ts'
import type { Touch } from '../runners/protocol.ts'
import type { VariationReport } from './judge-variation.ts'
import type { Aspect } from './variations.ts'

export interface Cause {
  /** The variations that it explains. */
  readonly variations: readonly string[]
  readonly what: string
  readonly remedy: string
  /** What was touched that may be to blame, each with its place in the user's files. */
  readonly touched: readonly Touch[]
}

/** What is known of the experiment. */
export interface Known {
  readonly math: MathKind
  readonly guard: GuardPolicy
  readonly program: boolean
  readonly touched: readonly Touch[]
}

interface Row {
  readonly aspect: Aspect
  /** Kinds of touches that can be to blame: those of the first list that has any. */
  readonly kinds: readonly (readonly GuardKind[])[]
  /** Only functions with these names, where not all of the kinds can be to blame. */
  readonly names?: RegExp
  /** What of this guards do not watch. */
  readonly unwatched?: string
  /** Where nothing of these was seen. */
  readonly otherwise: string
  readonly remedy: string
  /** The remedy for a program in another language. */
  readonly inProgram?: string
}

const ROWS: readonly Row[] = [
  {
    aspect: 'moment',
    kinds: [
      ['clock', 'chance'],
      ['network', 'files', 'programs', 'timers', 'memory', 'machine'],
    ],
    otherwise: 'two executions under the same surroundings differ, so time or chance is in the result',
    remedy:
      'Look for clocks, random numbers that are not from random or stream, and what depends on which answer comes first',
    inProgram:
      'Look in the program for clocks, generators without a seed, threads, and sets in an order of chance',
  },
  {
    aspect: 'zone',
    unwatched: 'getHours and its like',
    kinds: [['locale'], ['environment']],
    names: /^Date\.prototype|^Intl\.DateTimeFormat|^Temporal|\.TZ$/,
    otherwise: 'a date is read or written in the time zone of the machine',
    remedy: 'Use the UTC methods of Date (getUTCHours, toISOString), and end the text of a date with Z',
    inProgram: 'Let the program compute with dates in UTC',
  },
  {
    aspect: 'locale',
    kinds: [['locale'], ['environment']],
    otherwise: 'a number, a date, capitals or an alphabetical order go by the language of the machine',
    remedy: 'Use String(n), toFixed and plain comparison, or name the language: localeCompare(b, "en")',
    inProgram: 'Let the program set its locale itself, or none',
  },
  {
    aspect: 'folder',
    kinds: [['files'], ['machine', 'environment', 'programs']],
    otherwise: 'the folder in which the engine works, or a path below it, is in the result',
    remedy: 'Look for process.cwd(), relative paths, and stacks of errors in results',
    inProgram: 'Look in the program for paths in what it answers',
  },
  {
    aspect: 'environment',
    kinds: [['environment'], ['machine', 'files', 'programs']],
    otherwise:
      'something reads environment variables, or what they lead to: the home folder, the temporary one',
    remedy: 'Make it a parameter, or a constant of the experiment',
    inProgram: 'Give it to the program as an argument or a parameter',
  },
  {
    aspect: 'state',
    kinds: [],
    otherwise: 'something outlives a job: a variable outside run keeps its value from one chunk to the next',
    remedy: 'Make it anew in run, or in setup, which is called for each chunk',
    inProgram: 'Look in the program for files that it leaves outside its folder',
  },
  {
    aspect: 'batch',
    kinds: [['timers']],
    otherwise:
      'what happens between two batches is in the result: a callback that waited, or how deep the stack is',
    remedy:
      'Await all that run begins; leave stacks of errors, and the depth of a stack overflow, out of results',
  },
  {
    aspect: 'compiler',
    kinds: [],
    otherwise: 'V8 came to other bits without its compilers',
    remedy:
      'Look for results that depend on how fast or how deep the code gets: clocks, timers, stack overflows caught',
  },
  {
    aspect: 'node',
    kinds: [['locale']],
    otherwise: 'versions of Node differ in this',
    remedy:
      'Look for words of V8’s own in results (messages and stacks of errors), Intl, and functions that one version lacks',
  },
]

const NATIVE = {
  otherwise: 'with math: "native" the functions of Math are the platform’s, and not the same everywhere',
  remedy: 'Leave math: "native" out: Reprise’s own Math gives the same bits everywhere',
}

/** The likely causes, one for each aspect in which bits differ. */
export function likelyCauses(reports: readonly VariationReport[], known: Known): Cause[] {
  const telling = reports.filter(({ state, unsteadyOnly }) => state === 'divergent' && !unsteadyOnly)
  return ROWS.flatMap((row) => {
    const variations = telling
      .filter((report) => aspectOf(report, telling) === row.aspect)
      .map(({ name }) => name)
    return variations.length === 0 ? [] : [{ variations, ...causeOf(row, known) }]
  })
}

/**
 * Engines at once have folders of their own: what differs by the folder differs there, too. And what outlives a job
 * can show in batches as well.
 */
function aspectOf({ name, aspect }: VariationReport, telling: readonly VariationReport[]): Aspect {
  const others = telling.filter((report) => report.name !== name)
  const also = (one: Aspect) => others.some((report) => report.aspect === one)
  if (name === 'engines' && also('folder') && !also('state')) return 'folder'
  return aspect === 'batch' && also('state') ? 'state' : aspect
}

function causeOf(row: Row, { math, guard, program, touched }: Known): Omit<Cause, 'variations'> {
  const seen = row.kinds
    .map((kinds) => touched.filter((touch) => isOf(kinds, touch) && (row.names?.test(touch.name) ?? true)))
    .find((touches) => touches.length > 0)
  if (seen !== undefined) {
    const kinds = [...new Set(seen.map(({ kind }) => kind as GuardKind))]
    const what = kinds.map((kind) => kindWords(kind, seen)).join('; ')
    return { what, remedy: kinds.map((kind) => KINDS[kind].instead).join('. '), touched: seen }
  }
  if (math === 'native' && (row.aspect === 'node' || row.aspect === 'compiler')) {
    return { what: NATIVE.otherwise, remedy: NATIVE.remedy, touched: [] }
  }
  const what = `${row.otherwise}${whyUnseen(row, guard, program)}`
  return { what, remedy: program ? (row.inProgram ?? row.remedy) : row.remedy, touched: [] }
}

function isOf(kinds: readonly string[], { kind }: Touch): boolean {
  return kinds.includes(kind)
}

/** `Date.now, called by pick at sweep.ts:12:7: the clock is another in every execution`. */
function kindWords(kind: GuardKind, touched: readonly Touch[]): string {
  const calls = touched.filter((touch) => touch.kind === kind).map(callWords)
  return `${calls.join(', and ')}: ${KINDS[kind].why}`
}

function callWords({ name, caller, place }: Touch): string {
  return `${name}, called ${caller === '' ? '' : `by ${caller} `}at ${place}`
}

function whyUnseen({ kinds, unwatched }: Row, guard: GuardPolicy, program: boolean): string {
  if (kinds.length === 0) return ''
  if (program) return ' (guards do not see into programs)'
  if (guard === 'off') return " (with guard: 'off' nobody saw where)"
  return unwatched === undefined ? ' (no guard saw where)' : ` (guards do not watch ${unwatched})`
}
