/**
 * A small ledger as a lab writes it, with all that makes it long: a registration, a run that began, was stopped,
 * resumed and sealed, notes, and a change of key; and the manifest of that run.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownPublicKeys, rotateKey } from '../../lab/key.ts'
import { findLab, type Lab, makeLab } from '../../lab/lab.ts'
import { appendEntry, readLedger } from '../../lab/ledger.ts'
import { recordAbort, recordStart } from '../../lab/ledger-run.ts'
import { ResultsStore } from '../../lab/results.ts'
import { seal } from '../../lab/seal.ts'
import { utf8 } from '../../lib/digest.ts'
import type { VerifierKey } from '../../lib/note.ts'
import { ledgerText } from '../../provenance/ledger-text.ts'
import { environment } from '../../runners/environment.ts'
import type { Runner } from '../../runners/runner.ts'
import { allChunks, documentOf, plannedRun } from '../lab/run.ts'

export interface RealLedger {
  readonly lab: Lab
  readonly bytes: Uint8Array
  /** The same when it had fewer entries, with the checkpoint of then. */
  readonly earlier: Uint8Array
  readonly manifest: Uint8Array
  readonly keys: readonly VerifierKey[]
  remove(): void
}

export function realLedger(): RealLedger {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-test-'))
  process.env.XDG_CONFIG_HOME = join(folder, 'config')
  const lab = findLab('/', join(folder, 'lab'))
  makeLab(lab)
  const text = () => {
    const { bytes, checkpoint } = readLedger(lab)!
    return utf8(ledgerText({ entries: bytes, checkpoint }))
  }
  const document = documentOf({ repetitions: 2, design: { product: [{ name: 'a', values: [1, 2] }] } })
  const run = plannedRun(lab, { document })
  const store = ResultsStore.open(run)
  const plan = store.plan()
  const { experiment, capsule } = plan
  const registration = { experiment: experiment.hash, name: 'made-up', capsule: capsule.sha256 }
  appendEntry(lab, 'registered', registration, new Date())
  const runner = { kind: 'memory', engines: 1 } as Runner
  recordStart(lab, plan, runner, 2)
  recordAbort(lab, plan, 'interrupted', 1)
  const earlier = text()
  rotateKey(new Date())
  appendEntry(lab, 'note', { text: 'größe', about: null }, new Date())
  recordStart(lab, plan, runner, 1)
  store.addEvent(new Date(), 'started', { runner: 'memory', engines: 1, environment: environment() })
  store.add(allChunks(document, 2))
  seal(run, store, plan)
  store.close()
  return {
    lab,
    bytes: text(),
    earlier,
    manifest: readFileSync(run.manifest),
    keys: ownPublicKeys(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
