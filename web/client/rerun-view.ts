/**
 * The part of a page in which its reader has chunks executed again. The button is the consent: what it executes is said above
 * it, and nothing of the capsule runs before it is pressed.
 */
import { count } from '../../lab/words.ts'
import type { About } from '../verification/judgement.ts'
import { counted, NOTHING } from '../verification/rerun-verdict.ts'
import { engineCount, execute } from './engines.ts'
import type { Judge } from './judge-calls.ts'
import { make, shown } from './make-element.ts'
import { type Choice, rerunForm } from './rerun-form.ts'
import { RerunOutcome } from './rerun-outcome.ts'
import { RerunProgress } from './rerun-progress.ts'

/** Replaces what is in `place`: the rerun of a record that was found intact. Gives what ends one that goes on. */
export function showRerun(place: HTMLElement, judge: Judge, about: About): () => void {
  if (about.lacking.length > 0) {
    place.replaceChildren(
      make(
        'p',
        { class: 'needs-node' },
        `This experiment cannot be executed in a browser: ${shown(about.lacking.join('; '))}. Have it executed with Node: `,
        make('code', {}, 'reprise rerun MANIFEST'),
      ),
    )
    return () => {}
  }
  const start = make('button', { type: 'button', class: 'rerun' })
  const stop = make('button', { type: 'button', class: 'stop', 'aria-disabled': 'true' }, 'Stop')
  const progress = new RerunProgress()
  const outcome = new RerunOutcome()
  let running: AbortController | null = null
  const label = (choice: Choice) => {
    start.textContent = choice.count === null ? 'Re-run every chunk' : `Re-run ${choice.count} chunks`
  }
  const form = rerunForm(about.chunks, label)
  label(form.chosen())
  start.addEventListener('click', async () => {
    if (running !== null) return
    running = new AbortController()
    start.setAttribute('aria-disabled', 'true') // and not disabled, which would take the focus away
    stop.removeAttribute('aria-disabled')
    try {
      await rerun(judge, about.chunks, form.chosen(), running.signal, { progress, outcome })
    } catch (error) {
      progress.end(`Nothing is said of the chunks: ${shown((error as Error).message)}`)
    }
    running = null
    start.removeAttribute('aria-disabled')
    stop.setAttribute('aria-disabled', 'true')
  })
  stop.addEventListener('click', () => running?.abort())
  place.replaceChildren(
    consent(about),
    form.element,
    make('div', { class: 'buttons' }, start, ' ', stop),
    progress.element,
    outcome.element,
  )
  return () => running?.abort()
}

/** What the button executes. */
function consent({ capsule, commit, dirty, file }: About): HTMLElement {
  const from =
    commit === null
      ? ' It comes from no commit.'
      : ` It comes from ${shown(file)} at commit ${shown(commit)}${dirty ? ', with changes that were not committed' : ''}.`
  return make(
    'p',
    { class: 'consent' },
    `The button executes code of the maker of this record: the capsule, ${count(capsule.bytes)} bytes with SHA-256 `,
    make('code', {}, capsule.sha256),
    `.${from} It runs in ${engineCount(Number.POSITIVE_INFINITY)} workers of this browser, which have no network and nothing of this page, and ends with them.`,
  )
}

async function rerun(
  judge: Judge,
  total: number,
  choice: Choice,
  signal: AbortSignal,
  { progress, outcome }: { readonly progress: RerunProgress; readonly outcome: RerunOutcome },
): Promise<void> {
  outcome.clear()
  const plan = await judge.call('plan', { count: choice.count, beacon: choice.beacon })
  const code = await judge.call('code', null)
  const chunks = plan.sample ?? Array.from({ length: total }, (_, i) => i)
  outcome.drawn(plan)
  progress.begin(chunks.length, `Executing ${chunks.length} chunks`)
  let tally = NOTHING
  let over = 0
  await execute({
    code,
    chunks: [...chunks].reverse(), // as rerun does: state that leaks from one job to the next shows
    limitMs: choice.limitMs,
    signal,
    async done(chunk, bytes) {
      const result = await judge.call('compare', { chunk, bytes })
      tally = counted(tally, result.likeness)
      over++
      outcome.add(chunk, result)
      progress.step()
    },
    lost(chunk, why) {
      over++
      outcome.lost(chunk, why)
      progress.step()
    },
  })
  const stopped = over < chunks.length ? 'stopped; ' : ''
  const { word, statement } = await judge.call('verdict', { plan, tally })
  progress.end('')
  outcome.verdict(word, `${stopped}${statement}`)
}
