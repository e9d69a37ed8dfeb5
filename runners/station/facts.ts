/** What a host says is checked before it is believed: a host may be anybody's, and its words end up at a terminal. */
import { ERROR_CODES, type ErrorCode, type ErrorRecord, RepriseError } from '../../lib/errors.ts'
import type { Facts } from './station.ts'

const MOST_TEXT = 4_096

const WORDS = [
  'host',
  'user',
  'node',
  'nodePath',
  'platform',
  'arch',
  'cpu',
  'directory',
  'directoryId',
] as const
const NUMBERS = ['cores', 'memory', 'free', 'clock'] as const

/** Throws `engine` where it is not what a station says. */
export function readFacts(said: unknown): Facts {
  const facts: Record<string, string | number> = {}
  const given = typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {}
  for (const name of WORDS) {
    const word = given[name]
    if (typeof word !== 'string' || word.length > MOST_TEXT) throw unreadable(name)
    // The folder's path is used as it is; whoever prints it takes care.
    facts[name] = name === 'directory' ? word : inOneLine(word)
  }
  for (const name of NUMBERS) {
    const number = given[name]
    if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) throw unreadable(name)
    facts[name] = number
  }
  if (!String(facts.directory).startsWith('/')) throw unreadable('directory')
  return facts as unknown as Facts
}

/** An error of the far side as one of ours, with the host that it is about. */
export function readError(said: unknown, host: string): RepriseError {
  const given = typeof said === 'object' && said !== null ? (said as Partial<ErrorRecord>) : {}
  const text = (word: unknown) => (typeof word === 'string' ? inOneLine(word.slice(0, MOST_TEXT)) : '')
  const code = ERROR_CODES.includes(given.code as ErrorCode) ? (given.code as ErrorCode) : 'engine'
  const subject = [host, text(given.subject)].filter((part) => part !== '').join(': ')
  return new RepriseError(code, text(given.message), { subject, remedy: text(given.remedy) })
}

/** Words of a host must not feign lines of ours. */
function inOneLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ')
}

/** Without control characters, but for the ends of lines. */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '�').toWellFormed()
}

function unreadable(name: string): RepriseError {
  return new RepriseError('engine', `its station says no ${name} that can be read`)
}
