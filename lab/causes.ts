/**
 * Why bits differ, as far as it can be told: from what was varied and what the guards saw touched. One table, read
 * from its top; where nothing fits, that is said, with what to look at.
 */
import type { GuardPolicy, MathKind } from '../lib/experiment.ts'
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

/** What touching a kind means, and what to do instead. */
const KINDS: Readonly<Record<string, readonly [does: string, remedy: string]>> = {
  clock: ['reads the clock', 'Leave times out of results; log(…) is the place for them'],
  chance: ['draws from the machine’s own chance', 'Draw with random() or stream(…), or derive it from seed'],
  locale: [
    'goes by the language and time zone of the machine',
    'Name both, as in toLocaleString("en-US", { timeZone: "UTC" })',
  ],
  environment: ['reads the environment', 'Make it a parameter, or a constant of the experiment'],
  machine: ['asks about the machine or the process', 'Leave it out of results, or make it a parameter'],
  timers: ['waits for a timer', 'Let no result depend on what comes first'],
  memory: ['depends on when memory is cleared', 'Keep what you need in a plain variable'],
  network: ['asks the network', 'Get it once, declare the file under inputs and read it with input(name)'],
  files: ['reads a file that is not declared', 'Declare it under inputs and read it with input(name)'],
  programs: ['starts a program', 'Describe the program with command({ … }), with its files'],
}

interface Row {
  readonly aspect: Aspect
  /** Kinds of touches that can be to blame: those of the first list that has any. */
  readonly kinds: readonly (readonly string[])[]
  /** Where nothing of these was seen. */
  readonly otherwise: string
  readonly remedy: string
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
  },
  {
    aspect: 'zone',
    kinds: [['locale'], ['clock', 'environment']],
    otherwise: 'a date is read or written in the time zone of the machine',
    remedy: 'Use the UTC methods of Date (getUTCHours, toISOString), and end the text of a date with Z',
  },
  {
    aspect: 'locale',
    kinds: [['locale'], ['environment']],
    otherwise: 'a number, a date, capitals or an alphabetical order go by the language of the machine',
    remedy: 'Use String(n), toFixed and plain comparison, or name the language: localeCompare(b, "en")',
  },
  {
    aspect: 'folder',
    kinds: [['files'], ['machine', 'environment', 'programs']],
    otherwise: 'the folder in which the engine works, or a path below it, is in the result',
    remedy: 'Look for process.cwd(), relative paths, and stacks of errors in results',
  },
  {
    aspect: 'environment',
    kinds: [['environment'], ['machine', 'files', 'programs']],
    otherwise:
      'something reads environment variables, or what they lead to: the home folder, the temporary one',
    remedy: 'Make it a parameter, or a constant of the experiment',
  },
  {
    aspect: 'state',
    kinds: [],
    otherwise: 'something outlives a job: a variable outside run keeps its value from one chunk to the next',
    remedy: 'Make it anew in run, or in setup, which is called for each chunk',
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

/** Engines at once have folders of their own: what differs by the folder differs there too. */
function aspectOf({ name, aspect }: VariationReport, telling: readonly VariationReport[]): Aspect {
  const others = telling.filter((report) => report.name !== name)
  const folder = others.some((report) => report.aspect === 'folder')
  const state = others.some((report) => report.aspect === 'state')
  return name === 'engines' && folder && !state ? 'folder' : aspect
}

function causeOf(row: Row, { math, guard, program, touched }: Known): Omit<Cause, 'variations'> {
  const seen = row.kinds
    .map((kinds) => touched.filter(({ kind }) => kinds.includes(kind)))
    .find((touches) => touches.length > 0)
  if (seen !== undefined) {
    const remedies = new Set(seen.map(({ kind }) => KINDS[kind]?.[1] ?? row.remedy))
    return { what: seen.map(touchWords).join('; '), remedy: [...remedies].join('. '), touched: seen }
  }
  if (math === 'native' && (row.aspect === 'node' || row.aspect === 'compiler')) {
    return { what: NATIVE.otherwise, remedy: NATIVE.remedy, touched: [] }
  }
  const unseen = row.kinds.length === 0 ? '' : whyUnseen(guard, program)
  return { what: `${row.otherwise}${unseen}`, remedy: row.remedy, touched: [] }
}

function whyUnseen(guard: GuardPolicy, program: boolean): string {
  if (program) return ' (guards do not see into programs)'
  return guard === 'off' ? ' (with guard: "off" nobody saw where)' : ' (no guard saw where)'
}

/** `Date.now, called by pick at sweep.ts:12:7, reads the clock`. */
export function touchWords({ kind, name, caller, place }: Touch): string {
  const by = caller === '' ? '' : ` by ${caller}`
  const at = place === '' ? '' : ` at ${place}`
  const called = by === '' && at === '' ? ' ' : `, called${by}${at}, `
  return `${name}${called}${KINDS[kind]?.[0] ?? 'is not the same everywhere'}`
}
