/**
 * Who is to be named in an export: only whom the user names, as `Name`, `Family, Given` or either with `<ORCID>`. Nobody
 * is guessed from git or the system. A name is split into family and given names only where its comma says how.
 */
import { RepriseError } from '../../lib/errors.ts'

export interface Author {
  /** As people read it: `Given Family`. */
  readonly name: string
  readonly family: string | null
  readonly given: string | null
  /** `https://orcid.org/0000-0002-1825-0097`. */
  readonly orcid: string | null
}

const MOST = 300
const FORM = /^(?<name>[^<>]+?)\s*(?:<(?:https:\/\/orcid\.org\/)?(?<orcid>(?:\d{4}-){3}\d{3}[\dX])>)?$/

/** Reads one author. Throws `usage` for what is no name, and for an ORCID whose check digit is off. */
export function parseAuthor(text: string): Author {
  const { name = '', orcid } = FORM.exec(text.trim())?.groups ?? {}
  if (name === '' || text.length > MOST || !text.isWellFormed() || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text))
    throw bad(text, 'is not a name')
  if (orcid !== undefined && checkDigit(orcid) !== orcid.at(-1))
    throw bad(text, `${orcid} is no ORCID: its last digit is not the one that follows from the others`)
  const [family, given, ...more] = name.split(',').map((part) => part.trim())
  const split = given !== undefined && more.length === 0 && family !== '' && given !== ''
  return {
    name: split ? `${given} ${family}` : name,
    family: split ? family! : null,
    given: split ? given : null,
    orcid: orcid === undefined ? null : `https://orcid.org/${orcid}`,
  }
}

/** The last character of an ORCID, by ISO 7064 MOD 11-2 over the others. */
function checkDigit(orcid: string): string {
  const digits = [...orcid.replaceAll('-', '').slice(0, -1)]
  const total = digits.reduce((sum, digit) => (sum + Number(digit)) * 2, 0)
  const result = (12 - (total % 11)) % 11
  return result === 10 ? 'X' : String(result)
}

function bad(text: string, what: string): RepriseError {
  return new RepriseError('usage', what, {
    subject: `--author ${JSON.stringify(text).slice(0, MOST)}`,
    remedy: 'Write "Jane Doe", "Doe, Jane" or "Doe, Jane <0000-0002-1825-0097>"',
  })
}
