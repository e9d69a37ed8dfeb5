/** Which keys are believed here: those that the user names, as a key's line or a file of such lines, and the user's own. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { RepriseError } from '../lib/errors.ts'
import { parseVerifierKey, type VerifierKey } from '../lib/note.ts'
import { NO_TRUST, type Trust } from '../provenance/trust.ts'
import { ownPublicKeys } from './key.ts'

/** Bytes of a file of keys. */
const MOST = 1_000_000

/**
 * The keys named by `words`; where there are none, the user's own, and no signature is demanded. A private key that others
 * can read is nobody's own: it is told with `say`, and not believed. Throws `usage`, and `not-intact` for what is no key.
 */
export function trustOf(words: readonly string[], say: (line: string) => void): Trust {
  if (words.length > 0) return { keys: words.flatMap(keysIn), demanded: true }
  try {
    return { keys: ownPublicKeys(), demanded: false }
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code !== 'refused') throw error
    say(`your own key is not believed: ${error.line}`)
    return NO_TRUST
  }
}

function keysIn(word: string): VerifierKey[] {
  if (word.includes('+') && !existsSync(word)) return [parseVerifierKey(word)]
  const stats = statSync(word, { throwIfNoEntry: false })
  if (stats === undefined || !stats.isFile() || stats.size > MOST) {
    throw new RepriseError('usage', 'is neither a key nor a file of keys', {
      subject: word.slice(0, 80),
      remedy: 'Give the line that reprise key show prints for whom you trust, or a file with such lines',
    })
  }
  const lines = readFileSync(word, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(parseVerifierKey)
}
