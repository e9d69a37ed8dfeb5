/** Which ledger the runs of a lab were sealed in: its own, or somebody has put another in its place, or taken it away. */
import { existsSync, readFileSync } from 'node:fs'
import { RepriseError } from '../lib/errors.ts'
import { type Lab, listRuns } from './lab.ts'

/** An origin as it stands in the proof of a manifest. */
const ORIGIN = /"c2sp\.org\/tlog-proof@v1[^"]{0,4000}?\\n\\n(reprise\/ledger\/[0-9a-f]{32})\\n/

/** Throws `not-intact` where the newest sealed run names another ledger than the one of this `origin` (null: there is none). */
export function demandSealedHere(lab: Lab, origin: string | null): void {
  for (const run of listRuns(lab).reverse()) {
    const named = existsSync(run.manifest) ? ORIGIN.exec(readFileSync(run.manifest, 'utf8'))?.[1] : undefined
    if (named === undefined) continue
    if (named === origin) return
    throw new RepriseError('not-intact', `run ${run.id} was sealed in ${named}, which is not here`, {
      subject: 'ledger',
      remedy: 'Put its ledger.sqlite and checkpoint back into the lab',
    })
  }
}
