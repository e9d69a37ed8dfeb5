/** Two sealed runs held against each other, level by level, each verdict by itself (law 5). */
import { type Diff, diffRuns } from '../../../lab/diff.ts'
import { isRunId, type Lab } from '../../../lab/lab.ts'
import type { RunState } from '../../../lab/state.ts'
import { count, nameWords, several } from '../../../lab/words.ts'
import { RepriseError } from '../../../lib/errors.ts'
import { type Html, html } from '../../html.ts'
import { sectionsOf, type View } from '../view.ts'
import { codeLevel, designLevel, environmentLevel } from './compare-levels.ts'
import { resultsLevel } from './compare-results.ts'
import { runLink } from './parts.ts'

/** Runs to choose from, and chunks whose values are compared. */
const [MOST_RUNS, MOST_CHUNKS] = [500, 200]
/** Level of the statistical comparison. */
const LEVEL = 0.01

/** `a` and `b` as they were asked for; only ids of runs are taken, never paths. Throws `usage`, and what comparing throws. */
export function compareView(lab: Lab, states: readonly RunState[], a: string, b: string): View {
  const sealed = states.filter(({ state }) => state === 'sealed')
  const about = { title: 'Compare', said: '', goes: false, key: '', results: '' }
  const choose = chooseForm(sealed, a, b)
  if (a === '' || b === '') return { ...about, sections: sectionsOf({ choose }) }
  for (const id of [a, b]) {
    if (!isRunId(id)) throw new RepriseError('usage', 'is not the id of a run', { subject: nameWords(id) })
  }
  const rootOf = (id: string) => sealed.find(({ run }) => run === id)?.root
  const level = rootOf(a) === rootOf(b) ? null : LEVEL // of the same bits there is nothing to test
  const found = diffRuns(lab, a, b, { most: MOST_CHUNKS, tolerance: null, level })
  return {
    ...about,
    title: `${a} and ${b}`,
    sections: sectionsOf({
      choose,
      verdict: verdict(found),
      results: resultsLevel(found),
      design: designLevel(found),
      code: codeLevel(found),
      environment: environmentLevel(found),
    }),
  }
}

function chooseForm(sealed: readonly RunState[], a: string, b: string): Html {
  const options = (chosen: string) =>
    sealed.slice(0, MOST_RUNS).map(({ run, name }) => {
      const words = `${run}  ${nameWords(name)}`
      return run === chosen
        ? html`<option value="${run}" selected>${words}</option>`
        : html`<option value="${run}">${words}</option>`
    })
  if (sealed.length < 2)
    return html`<p>Two sealed runs are needed to compare; this lab has ${sealed.length}.</p>`
  return html`<form action="compare" method="get" class="choose"><label>This run <select name="a">${options(a)}</select></label> <label>with <select name="b">${options(b)}</select></label> <button>Compare</button></form>`
}

function verdict({ left, right, identical, results }: Diff): Html {
  const words = identical
    ? html`<span class="state good">identical</span> Every one of ${several(results.chunks, 'chunk')} has the same bytes.`
    : results.chunksDiffering === null
      ? html`<span class="state warn">not comparable bit by bit</span> They are different experiments.`
      : html`<span class="state bad">divergent</span> ${count(results.chunksDiffering)} of ${several(results.chunks, 'chunk')} differ.`
  return html`<p>${runLink(left)} → ${runLink(right)}</p><p class="verdict">${words}</p>`
}
