/**
 * What came of a probe: how the command ended, the digest of what it printed, and the text where it is short. It comes
 * over a wire from an engine, so it is read strictly.
 */
import { isCommand, isProbeName, MOST_PROBES } from './declared.ts'
import { utf8 } from './digest.ts'

export interface ProbeOutcome {
  readonly name: string
  /** The command as it is declared. */
  readonly argv: readonly string[]
  /** Exit code; null where it came to no end of its own. */
  readonly exit: number | null
  /** Why it came to none: it could not be started, took too long, printed too much, or was killed. */
  readonly failure: string | null
  /** Of all that it printed on stdout (hex); null where there is no exit code. */
  readonly sha256: string | null
  /** That output; null where it is longer than MAX_PROBE_TEXT bytes or not UTF-8. */
  readonly text: string | null
}

/** Bytes of output that are kept as text. */
export const MAX_PROBE_TEXT = 65_536

const MOST_FAILURE = 300

/** Outcomes as an engine told them, with the keys known here; those that are nonsense are left out. */
export function readOutcomes(told: unknown): ProbeOutcome[] {
  if (!Array.isArray(told)) return []
  return told.slice(0, MOST_PROBES).flatMap((one: unknown) => readOutcome(one) ?? [])
}

function readOutcome(told: unknown): ProbeOutcome | null {
  if (typeof told !== 'object' || told === null) return null
  const { name, argv, exit, failure, sha256, text } = told as Record<string, unknown>
  if (!isProbeName(name) || !isCommand(argv)) return null
  if (exit === null) {
    if (typeof failure !== 'string' || failure.length > MOST_FAILURE || !failure.isWellFormed()) return null
    return { name, argv, exit, failure, sha256: null, text: null }
  }
  if (!Number.isSafeInteger(exit) || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null
  if (text !== null && !isShortText(text)) return null
  return { name, argv, exit: exit as number, failure: null, sha256, text }
}

function isShortText(text: unknown): text is string {
  return typeof text === 'string' && text.isWellFormed() && utf8(text).length <= MAX_PROBE_TEXT
}

/** Whether the command did what it was to do. */
export function succeeded({ exit }: Pick<ProbeOutcome, 'exit'>): boolean {
  return exit === 0
}

/** What came of a probe, in a few words: the first line that it printed, or how it failed. */
export function outcomeWords({ exit, failure, sha256, text }: Omit<ProbeOutcome, 'name' | 'argv'>): string {
  if (failure !== null) return cut(failure)
  const lines = (text ?? '').split('\n').filter((line) => line.trim() !== '')
  const [first = ''] = lines
  const more = lines.length > 1 ? ` (${lines.length} lines, SHA-256 ${sha256?.slice(0, 8)}…)` : ''
  const said = text === null ? `SHA-256 ${sha256?.slice(0, 16)}…` : `${cut(first)}${more}`
  return exit === 0 ? said : `exit code ${exit}${said === '' ? '' : `: ${said}`}`
}

function cut(line: string): string {
  return line.length <= 100 ? line : `${line.slice(0, 100)}…`
}
