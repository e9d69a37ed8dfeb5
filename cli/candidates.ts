/**
 * What could be typed next, told from the command tree itself: commands, options, choices, and the runs of the lab. Nothing is
 * listed twice, so that a new command or option is completed without anybody's doing.
 */
import type { Argument, Command, Option } from 'commander'

export interface Candidate {
  readonly value: string
  /** What it is, in a few words; shells that can show it do. */
  readonly about: string
}

export interface Candidates {
  readonly values: readonly Candidate[]
  /** Names of files would do as well. */
  readonly files: boolean
}

/** Gives the runs that a beginning of an id, or of an experiment's name, may mean. */
export type FindRuns = (beginning: string) => readonly Candidate[]

/** What may follow: `words` are those after the program's name, the last of them the one that is being typed. */
export function candidatesFor(program: Command, words: readonly string[], findRuns: FindRuns): Candidates {
  const typed = words.at(-1) ?? ''
  const { command, places, pending, isOver } = walk(program, words.slice(0, -1))
  const { values, files } =
    pending !== null
      ? ofOption(pending, typed, findRuns)
      : typed.startsWith('-') && !isOver
        ? { values: optionsOf(command), files: false }
        : command.commands.length > 0
          ? { values: commandsOf(command), files: false }
          : ofArgument(command, places, typed, findRuns)
  return { values, files }
}

/** Candidates that go on from what is typed; runs are found by a name, and stay. */
export function fitting({ values, files }: Candidates, typed: string): Candidates {
  return { values: values.filter(({ value }) => value.startsWith(typed) || isRun(value)), files }
}

function isRun(value: string): boolean {
  return /^\d{8}T\d{9}-/.test(value)
}

interface Walked {
  readonly command: Command
  /** How many arguments of it there are already. */
  readonly places: number
  /** An option whose value is to come. */
  readonly pending: Option | null
  /** `--` was typed: no more options. */
  readonly isOver: boolean
}

function walk(program: Command, words: readonly string[]): Walked {
  let at: Walked = { command: program, places: 0, pending: null, isOver: false }
  for (const word of words) {
    const { command, places, pending, isOver } = at
    if (pending !== null) at = { ...at, pending: null }
    else if (isOver) at = { ...at, places: places + 1 }
    else if (word === '--') at = { ...at, isOver: true }
    else if (word.startsWith('-') && word !== '-') {
      const option = command.options.find(({ long, short }) => word === long || word === short)
      at = { ...at, pending: option?.required === true ? option : null }
    } else {
      const below = command.commands.find((one) => one.name() === word)
      at = below === undefined ? { ...at, places: places + 1 } : { ...at, command: below, places: 0 }
    }
  }
  return at
}

function optionsOf(command: Command): Candidate[] {
  const options = command.options.filter(({ hidden }) => !hidden)
  return [
    ...options.map(({ long, short, description }) => ({ value: long ?? short!, about: description })),
    { value: '--help', about: 'show its help' },
  ]
}

function commandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ value: one.name(), about: one.summary() || one.description() }))
}

function ofOption(option: Option, typed: string, findRuns: FindRuns): Candidates {
  if (option.argChoices !== undefined) return { values: option.argChoices.map(plain), files: false }
  return ofWords(/<([^>]+)>/.exec(option.flags)?.[1] ?? '', typed, findRuns)
}

function ofArgument(command: Command, places: number, typed: string, findRuns: FindRuns): Candidates {
  const takes = command.registeredArguments
  const last = takes.at(-1)
  const argument: Argument | undefined = takes[places] ?? (last?.variadic === true ? last : undefined)
  if (argument === undefined) return { values: [], files: false }
  if (argument.argChoices !== undefined) return { values: argument.argChoices.map(plain), files: false }
  if (command.name() === 'help') return { values: commandsOf(command.parent!), files: false }
  const { values, files } = ofWords(argument.name(), typed, findRuns)
  return { values, files: files || values.length === 0 } // most arguments are files, whatever they are called
}

/** `run|manifest|bundle`: what an argument may be is in its name. */
const RUNS = /\b(run|about|a|b)\b/
const FILES = /\b(file|folder|path|manifest|bundle|pdf|ledger|statements|node|a|b)\b/

function ofWords(words: string, typed: string, findRuns: FindRuns): Candidates {
  return { values: RUNS.test(words) ? findRuns(typed) : [], files: FILES.test(words) }
}

function plain(value: string): Candidate {
  return { value, about: '' }
}
