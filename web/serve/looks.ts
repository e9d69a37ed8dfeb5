/** What can be looked at in a lab: each look makes a view. Nothing is written, and a damaged run is shown as such. */
import { findRun, type Lab, onlyRead } from '../../lab/lab.ts'
import type { Pace } from './pace.ts'
import { Paces } from './pace.ts'
import { compareView } from './pages/compare-page.ts'
import { ledgerView } from './pages/ledger-page.ts'
import { meansView } from './pages/means-view.ts'
import { runView } from './pages/run-page.ts'
import { runsView } from './pages/runs-page.ts'
import { States } from './states.ts'
import type { View, Whole } from './view.ts'

export interface Looks {
  runs(): View
  run(id: string): Promise<View>
  means(id: string): View
  compare(a: string, b: string): View
  ledger(about: string): View
  report(id: string): Promise<Whole>
}

export type LookName = keyof Looks
/** What a look gives. */
export type Looked<Name extends LookName> = Awaited<ReturnType<Looks[Name]>>

/** Views of runs that are kept until something changes. */
const MOST_SEEN = 20

/** `controls`: whether pages are to offer what changes something. */
export function looksAt(there: Lab, controls: boolean): Looks {
  const lab = onlyRead(there)
  const states = new States(lab)
  const paces = new Paces()
  const seen = new Map<string, View>()
  return {
    runs() {
      const known = states.all()
      const going = known.flatMap(({ state }): [string, Pace][] => {
        const pace = paces.of(state, performance.now())
        return pace === null ? [] : [[state.run, pace]]
      })
      const key = known.map(({ signature }) => signature).join('\n')
      return runsView(
        known.map(({ state }) => state),
        new Map(going),
        key,
      )
    },
    async run(id) {
      const folder = findRun(lab, id)
      const { state, signature } = states.of(folder)
      const before = seen.get(id)
      if (before?.key === signature && !before.goes) return before
      const pace = paces.of(state, performance.now())
      const view = await runView(lab, folder, { state, signature, pace }, controls)
      if (seen.size >= MOST_SEEN) seen.clear()
      seen.set(id, view)
      return view
    },
    means: (id) => meansView(findRun(lab, id)),
    compare: (a, b) =>
      compareView(
        lab,
        states.all().map(({ state }) => state),
        a,
        b,
      ),
    ledger: (about) => ledgerView(lab, about),
    async report(id) {
      const [{ reportSource }, { reportPage }] = await Promise.all([
        import('../report/source.ts'),
        import('../report/report.ts'),
      ])
      return { page: await reportPage(await reportSource(lab, findRun(lab, id).id, false)) }
    },
  }
}
