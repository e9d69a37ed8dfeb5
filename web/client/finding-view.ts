/** What verification found, as elements: each problem in a line, what was checked and what was not (law 5). */
import type { About, Finding } from '../verification/judgement.ts'
import { listed, make, shown } from './make-element.ts'

/** What a record is whose bytes fit together and whose signer is not the one that its reader expects. */
export const OTHERS_KEY = 'Intact, but not signed by the key that you gave'

/** Replaces what is in `place`. */
export function showFinding(place: HTMLElement, finding: Finding): void {
  const { problems, checked, unchecked, warnings, witnesses, about } = finding
  const told = witnesses.map(({ words, trusted, own, key }) => {
    const who = own ? 'the maker of the record' : trusted ? 'a key you trust' : 'a key you have not trusted'
    return `${words}; signed by ${who}, ${key.split('+')[0]}`
  })
  const parts = [
    listed(
      'Wrong',
      'problems',
      problems.map(({ where, what }) => `${where}: ${what}`),
    ),
    listed('Checked', 'checked', checked),
    listed('Not checked', 'unchecked', unchecked),
    listed('Note', 'warnings', warnings),
    listed('Witnesses', 'witnesses', told),
    about === null ? null : make('p', {}, 'Result root ', make('code', {}, about.root)),
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
