/**
 * The part of a page that needs to be believed least: it verifies the record that the page holds, and executes chunks of it
 * again, by the same code as `reprise verify` and `reprise rerun`. A page that lies could lie here too; who doubts it takes the
 * record out of it and gives it to a Reprise of his own.
 */

import type { Finding } from '../verification/judgement.ts'
import { OTHERS_KEY } from './finding-view.ts'
import { type Judge, startJudge } from './judge-calls.ts'
import { make } from './make-element.ts'
import type { PageRecord } from './record.ts'
import { showRerun } from './rerun-view.ts'
import { showVerify } from './verify-view.ts'

/** Workers that a script with this in it holds (`clientScript` in build/client-script.ts). */
export type VerificationWorker = 'judge' | 'engine'

/**
 * Fills `section`. Nothing is verified, started or executed before its reader says so. `changed` names the sections of the page
 * whose words are not those of a record that was found intact, where the page can tell.
 */
export function mountVerification(
  section: HTMLElement,
  record: PageRecord,
  changed: ((finding: Finding) => readonly string[]) | null = null,
): void {
  let started: Judge | null = null
  const judge = () => {
    started ??= startJudge(record)
    return started
  }
  const verify = make('div', { class: 'verify' })
  const rerun = make('div', { class: 'rerun' })
  rerun.append(make('p', {}, 'Chunks are executed again once the record was verified.'))
  let end: (() => void) | null = null
  const doubt = make('p', { class: 'doubt', hidden: true }, `${OTHERS_KEY}: execute it only if you want to.`)
  const words = make('p', { class: 'page-words', role: 'status', hidden: true })
  showVerify(verify, judge, (finding) => {
    const { valid, isExpected, about } = finding
    words.hidden = !valid || changed === null
    if (valid && changed !== null) showWords(words, changed(finding))
    doubt.hidden = !valid || isExpected !== false
    if (valid && about !== null) {
      end ??= showRerun(rerun, judge(), about) // once: verified again, it may be at work
      return
    }
    end?.()
    end = null
    rerun.replaceChildren(make('p', {}, 'Nothing is executed of a record that is not intact.'))
  })
  section.append(make('h3', {}, 'Verify'), verify, words, make('h3', {}, 'Execute again'), doubt, rerun)
}

function showWords(place: HTMLElement, changed: readonly string[]): void {
  const isSame = changed.length === 0
  place.className = isSame ? 'page-words' : 'page-words verdict broken'
  place.textContent = isSame
    ? 'The words about the record in this page are those that the verified record gives: its head, “What was asked”, and the rows of “Where it comes from” but for what the lab alone knows (cost, reruns there).'
    : `Somebody has changed the words of this page (${changed.join(', ')}): believe the record above, and nothing else here.`
}
