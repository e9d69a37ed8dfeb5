/** What verification found, as elements: each problem in a line, what was checked and what was not (law 5). */
import type { About, Finding } from '../verification/judgement.ts'
import { listed, make, shown } from './make-element.ts'

/** What a record is whose bytes fit together and whose signer is not the one that its reader expects. */
export const OTHERS_KEY = 'Intact, but not signed by the key that you gave'

/** The text of a page comes with the record and is not part of it. */
const OUTSIDE =
  'the words, tables and figures of this page outside of this box, but for those that it says it held against the record: where they say otherwise than the record here, believe the record'

/** Replaces what is in `place`. */
export function showFinding(place: HTMLElement, finding: Finding): void {
  const { valid, problems, checked, unchecked, warnings, witnesses, about } = finding
  const told = witnesses.map(({ words, trusted, own, key }) => {
    const who = own ? 'the maker of the record' : trusted ? 'a key you trust' : 'a key you have not trusted'
    return `${words}; signed by ${who}, ${key.split('+')[0]}`
  })
  const parts = [
    about === null || !valid ? null : factList(about),
    listed(
      'Wrong',
      'problems',
      problems.map(({ where, what }) => `${where}: ${what}`),
    ),
    listed('Checked', 'checked', checked),
    listed('Not checked', 'unchecked', [...unchecked, OUTSIDE]),
    listed('Note', 'warnings', warnings),
    listed('Witnesses', 'witnesses', told),
    about === null ? null : signerOf(about),
  ]
  place.replaceChildren(...parts.filter((part) => part !== null))
}

/** In one line, for the page and for who hears it read. */
export function verdictWords({ valid, isExpected, problems, about }: Finding): string {
  if (valid && isExpected === false) return OTHERS_KEY
  if (valid && about !== null) return 'Intact: everything that was checked fits together'
  return `Not intact: ${problems.length} problem${problems.length === 1 ? '' : 's'}, told below`
}

/** What it looks like: good, bad, or neither. */
export function verdictKind({ valid, isExpected }: Finding): string {
  return valid ? (isExpected === false ? 'doubted' : 'intact') : 'broken'
}

/** What the bytes say that were verified, for a page's other words may have been changed. */
function factList({ facts }: About): HTMLElement {
  const rows = facts.flatMap(([term, words]) => [make('dt', {}, term), make('dd', {}, shown(words))])
  return make(
    'section',
    { class: 'facts' },
    make('h4', {}, 'What the verified record says'),
    make('dl', { class: 'record' }, ...rows),
  )
}

function signerOf({ signer }: About): HTMLElement {
  if (signer === null) return make('p', { class: 'signer' }, 'Nobody signed this record.')
  return make(
    'p',
    { class: 'signer' },
    'Signed by the key ',
    make('code', {}, shown(signer.key)),
    ', SHA-256 of the key ',
    make('code', {}, signer.fingerprint),
    '. Anybody can make a key: whether you trust this one is yours to say.',
  )
}
