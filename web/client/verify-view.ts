/** The part of a page in which its reader has the record verified, and says whose signature he expects. */
import type { Finding } from '../verification/judgement.ts'
import { showFinding, verdictKind, verdictWords } from './finding-view.ts'
import type { Judge } from './judge-calls.ts'
import { make, shown } from './make-element.ts'

/** Fills `place`; `found` is told of every finding. */
export function showVerify(place: HTMLElement, judge: () => Judge, found: (finding: Finding) => void): void {
  const button = make('button', { type: 'button', class: 'verify' }, 'Verify')
  const verdict = make('p', { role: 'status', 'aria-live': 'polite', class: 'verdict' })
  const say = (words: string, kind = '') => {
    verdict.className = `verdict ${kind}`
    verdict.textContent = words
  }
  const findings = make('div', { class: 'findings' })
  const { form, key } = keyForm(() => void verify())
  const verify = async () => {
    if (button.getAttribute('aria-disabled') === 'true') return
    button.setAttribute('aria-disabled', 'true') // and not disabled, which would take the focus away
    say('Verifying…')
    try {
      const finding = await judge().call('verify', { key: key.value.trim() || null })
      showFinding(findings, finding)
      form.hidden = finding.about === null || finding.about.signer === null
      say(verdictWords(finding), verdictKind(finding))
      found(finding)
    } catch (error) {
      say(`Not verified: ${shown((error as Error).message)}`, 'broken')
    } finally {
      button.removeAttribute('aria-disabled')
    }
  }
  button.addEventListener('click', () => void verify())
  place.append(
    make(
      'p',
      {},
      'Recomputes, in this page and without a network, every digest from the bytes that it holds up to the signature ',
      'over the ledger. What is found intact was not changed since it was signed. Whether the code gives these results is ',
      'another question: for that, chunks are executed again below.',
    ),
    make('div', { class: 'buttons' }, button),
    verdict,
    findings,
    form,
  )
}

/** Where a reader says which key he expects. */
function keyForm(verify: () => void): { form: HTMLFormElement; key: HTMLInputElement } {
  const key = make('input', { id: 'expected-key', type: 'text', spellcheck: 'false', autocomplete: 'off' })
  const form = make(
    'form',
    { class: 'trust field', hidden: true },
    make('label', { for: 'expected-key' }, 'The key that you expect, as its owner publishes it'),
    key,
    make('button', { type: 'submit' }, 'Verify with this key'),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    verify()
  })
  return { form, key }
}
