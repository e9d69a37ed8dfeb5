/** Two sealed runs held against each other, level by level, each verdict by itself (law 5). */
import { type Diff, diffRuns } from '../../../lab/diff.ts'
import { divergenceWords } from '../../../lab/divergence-words.ts'
import { isRunId, type Lab } from '../../../lab/lab.ts'
import type { RunState } from '../../../lab/state.ts'
import { count, nameWords, several } from '../../../lab/words.ts'
import type { DesignChange } from '../../../lib/design-changes.ts'
import { RepriseError } from '../../../lib/errors.ts'
import { type Html, html, type Insert } from '../../html.ts'
import { sectionsOf, type View } from '../view.ts'
import { facts, runLink, table } from './parts.ts'

/** Runs to choose from, chunks whose values are compared, rows of each level. */
const [MOST_RUNS, MOST_CHUNKS, MOST_ROWS] = [500, 200, 50]
/** Level of the statistical comparison. */
const LEVEL = 0.01
const MOST_VALUE = 200

/** `a` and `b` as they were asked for; only ids of runs are taken, never paths. Throws `usage`, and what comparing throws. */
export function compareView(lab: Lab, states: readonly RunState[], a: string, b: string): View {
  const sealed = states.filter(({ state }) => state === 'sealed')
  const about = { title: 'Compare', said: '', goes: false, key: '', results: '' }
  const choose = chooseForm(sealed, a, b)
  if (a === '' || b === '') return { ...about, sections: sectionsOf({ choose }) }
  for (const id of [a, b]) {
    if (!isRunId(id)) throw new RepriseError('usage', 'is not the id of a run', { subject: nameWords(id) })
  }
  const found = diffRuns(lab, a, b, { most: MOST_CHUNKS, tolerance: null, level: LEVEL })
  const { asked, code, modules, environment, fingerprint, omitted } = found
  const differing = fingerprint.differing.map(({ name, matters }) => [
    nameWords(name),
    nameWords(matters, 300),
  ])
  return {
    ...about,
    title: `${a} and ${b}`,
    sections: sectionsOf({
      choose,
      verdict: verdict(found),
      results: resultsPart(found),
      asked: level(
        'Design',
        [
          found.design.length === 0 ? null : designTable(found.design),
          asked.length === 0 ? null : html`<p class="quiet">Another experiment hash, hence other seeds.</p>`,
        ],
        omitted.design,
      ),
      code: level(
        'Code',
        [
          code.length === 0 ? null : changeTable('What is recorded of the code', code),
          modules.length === 0
            ? null
            : table(
                'Modules of the capsule',
                [{ name: 'module' }, { name: 'how' }],
                modules.slice(0, MOST_ROWS).map(({ name, change }) => [nameWords(name, 200), change]),
              ),
        ],
        omitted.code + Math.max(0, modules.length - MOST_ROWS) + omitted.modules,
      ),
      environment: level(
        'Environment',
        [
          environment.length === 0 ? null : changeTable('What is recorded of the machines', environment),
          differing.length === 0
            ? null
            : table(
                'Functions of the platform that give other numbers',
                [{ name: 'functions' }, { name: 'what that means' }],
                differing,
              ),
          fingerprint.compared
            ? null
            : html`<p class="quiet">Fingerprints of the platforms’ arithmetic are not recorded on both sides.</p>`,
        ],
        omitted.environment,
      ),
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

function resultsPart(found: Diff): Html {
  const { results, statistics } = found
  const { first, values, failedJobs } = results
  const judged =
    statistics === null || found.identical
      ? null
      : html`<strong>${statistics.verdict}</strong>: ${nameWords(statistics.statement, 1_000)}`
  return html`<h2>Results</h2>${facts([
    ['left root', html`<code>${results.leftRoot}</code>`],
    ['right root', html`<code>${results.rightRoot}</code>`],
    failedJobs.left + failedJobs.right === 0
      ? null
      : ['failed jobs', `${count(failedJobs.left)} → ${count(failedJobs.right)}`],
    first === null ? null : ['first difference', nameWords(divergenceWords(first), 1_000)],
    values === null
      ? null
      : [
          'values',
          `${count(values.differing)} of ${several(values.compared, 'value')} differ in ${several(values.chunksRead, 'chunk')} that were read`,
        ],
    values === null || values.chunksUnread === 0
      ? null
      : [
          'not read',
          `${several(values.chunksUnread, 'more chunk')} that differ; reprise diff reads them all`,
        ],
    judged === null ? null : ['statistics', judged],
  ])}${
    values === null || values.fields.length === 0
      ? null
      : table(
          'Fields that differ',
          [
            { name: 'field' },
            { name: 'values', isNumber: true },
            { name: 'largest, in ulps', isNumber: true },
            { name: 'largest, relative', isNumber: true },
          ],
          values.fields
            .slice(0, MOST_ROWS)
            .map(({ field, differing, ulps, relative }) => [
              nameWords(field),
              count(differing),
              ulps === null ? '' : ulps < 1e9 ? count(ulps) : ulps.toPrecision(2),
              relative === null ? '' : relative.toPrecision(2),
            ]),
        )
  }`
}

function level(title: string, parts: readonly (Html | null)[], omitted: number): Html {
  const there = parts.filter((part) => part !== null)
  const more = omitted > 0 ? html`<p class="quiet">… and ${count(omitted)} more; see reprise diff.</p>` : null
  return html`<h2>${title}</h2>${there.length === 0 ? html`<p>The same.</p>` : there}${more}`
}

function changeTable(
  caption: string,
  changes: readonly { readonly what: string; readonly left: unknown; readonly right: unknown }[],
): Html {
  const rows = changes
    .slice(0, MOST_ROWS)
    .map(({ what, left, right }): Insert[] => [nameWords(what), short(left), short(right)])
  return table(caption, [{ name: 'what' }, { name: 'left' }, { name: 'right' }], rows)
}

function designTable(changes: readonly DesignChange[]): Html {
  const rows = changes
    .slice(0, MOST_ROWS)
    .map(({ what, left, right, means }): Insert[] => [nameWords(what), short(left), short(right), means])
  return table(
    'What is asked',
    [{ name: 'what' }, { name: 'left' }, { name: 'right' }, { name: 'what that means' }],
    rows,
  )
}

function short(value: unknown): string {
  return nameWords(typeof value === 'string' ? value : JSON.stringify(value), MOST_VALUE)
}
