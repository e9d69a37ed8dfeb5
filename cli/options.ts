/** Options that several commands share, each checked as it is read. */
import { availableParallelism } from 'node:os'
import { type Command, Option } from 'commander'
import { RepriseError } from '../lib/errors.ts'

export interface EngineOptions {
  readonly engines: number
  /** Seconds. */
  readonly timeout?: number
}

export function wholeNumber(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const n = Number(text)
    if (/^\d+$/.test(text) && n >= least && n <= most) return n
    throw new RepriseError(
      'usage',
      `${JSON.stringify(text)} is not a whole number from ${least} to ${most}`,
      { subject: name },
    )
  }
}

function seconds(text: string): number {
  const n = Number(text)
  if (text.trim() !== '' && Number.isFinite(n) && n > 0) return n
  throw new RepriseError('usage', `${JSON.stringify(text)} is not a number of seconds above 0`, {
    subject: '--timeout',
  })
}

export function withEngines(command: Command): Command {
  const engines = new Option('-e, --engines <n>', 'engines at once; changes no bit of any result')
    .default(availableParallelism(), 'one per core')
    .argParser(wholeNumber('--engines', 1, 1024))
  return withTimeout(command.addOption(engines))
}

export function withTimeout(command: Command): Command {
  return command.addOption(
    new Option('-t, --timeout <seconds>', 'longest time for one job; then its engine is replaced').argParser(
      seconds,
    ),
  )
}

/** For an option that may be given several times. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object')
}
