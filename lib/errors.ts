/**
 * The one error of Reprise. Every refusal says what is wrong, where (`subject`) and what to do next
 * (`remedy`), with a code of a closed set; the command line turns codes into exit codes.
 */

export const ERROR_CODES = [
  'usage', // the command line's words are off
  'invalid-experiment', // what is asked is not a valid experiment
  'invalid-result', // a job returned something that is not a value
  'capsule', // the code cannot be made into a capsule, or the capsule does not load
  'not-found', // a file, a run, an input that is not there
  'busy', // somebody else is at it
  'refused', // not done without consent
  'not-intact', // the record contradicts itself or its bytes
  'divergent', // the same chunk gave other bytes
  'incomplete', // some chunks could not be executed
  'engine', // engines cannot be started, or keep dying
  'storage', // the disk said no; what is on it decides
  'interrupted', // stopped by the user, resumable
] as const

/** What kind of refusal an error is; each ends in an exit code of its own. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/** An error that says what is wrong (`message`), where (`subject`) and what to do next (`remedy`). */
export class RepriseError extends Error {
  override readonly name = 'RepriseError'
  readonly code: ErrorCode
  readonly subject: string
  readonly remedy: string

  constructor(
    code: ErrorCode,
    message: string,
    options: { subject?: string; remedy?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.subject = options.subject ?? ''
    this.remedy = options.remedy ?? ''
  }

  /** Subject, message and remedy in one line, the form in which people meet it. */
  get line(): string {
    const where = this.subject === '' ? '' : `${this.subject}: `
    const what = this.message.replace(/\s*[\r\n]+\s*/g, ' ')
    return `${where}${what}${this.remedy === '' ? '' : `. ${this.remedy}`}`
  }
}

/** An error as plain data, to cross a pipe. */
export interface ErrorRecord {
  readonly code: ErrorCode
  readonly message: string
  readonly subject: string
  readonly remedy: string
}

export function toErrorRecord(error: unknown, fallback: ErrorCode): ErrorRecord {
  if (error instanceof RepriseError) {
    const { code, message, subject, remedy } = error
    return { code, message, subject, remedy }
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { code: fallback, message, subject: '', remedy: '' }
}

export function fromErrorRecord(record: ErrorRecord): RepriseError {
  return new RepriseError(record.code, record.message, record)
}
