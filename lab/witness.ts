/** From the verdict of a rerun in this lab to a signed statement about the record that it repeated. */
import { environmentNames } from '../lib/environment.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Manifest } from '../provenance/manifest.ts'
import { type WitnessStatement, witnessNote } from '../provenance/witness.ts'
import { executedBy } from './environments.ts'
import { VERSION } from './installed.ts'
import { ownKey } from './key.ts'
import { type Lab, matchRun } from './lab.ts'
import { appendEntry, readLedger } from './ledger.ts'
import { ResultsStore } from './results.ts'

/** The statement on the last rerun of this record here, as the ledger has it. Throws `not-found` where there was none. */
export function makeWitness(lab: Lab, manifest: Manifest): string {
  const { record } = manifest.proof
  const entries = readLedger(lab)?.entries ?? []
  const last = entries.findLast(({ kind, body }) => {
    const of = body.of as { record?: unknown } | undefined
    return kind.startsWith('rerun-') && of?.record === record
  })
  if (last === undefined) {
    throw new RepriseError('not-found', 'this record was not rerun in this lab', {
      subject: `run ${manifest.run.id}`,
      remedy: 'Rerun it first: reprise rerun MANIFEST',
    })
  }
  const told = last.body as unknown as Partial<WitnessStatement>
  const { compared = 0, divergent = 0, chunks = 0, sample = null, entropy = null } = told
  const { beacon = null, stratify = null } = told
  const note = witnessNote(
    {
      record,
      run: manifest.run.id,
      experiment: manifest.experiment.hash,
      root: manifest.results.root,
      time: last.time,
      verdict: last.kind.slice('rerun-'.length) as WitnessStatement['verdict'],
      compared,
      chunks,
      divergent,
      sample,
      entropy,
      beacon,
      stratify,
      environments: environmentsOf(lab, String(last.body.run)),
      reprise: VERSION,
    },
    ownKey(),
  )
  appendEntry(lab, 'exported', { run: manifest.run.id, what: 'witness statement', files: [] }, new Date())
  return note
}

/** Short names of where the rerun's chunks were executed. */
function environmentsOf(lab: Lab, rerun: string): string[] {
  const run = matchRun(lab, rerun)
  if (run === null) {
    throw new RepriseError('not-found', 'the rerun is not in the lab any more', {
      subject: `run ${rerun}`,
      remedy: 'Rerun the record once more',
    })
  }
  const store = ResultsStore.open(run)
  try {
    return environmentNames(executedBy(store).map(({ environment }) => environment))
  } finally {
    store.close()
  }
}
