/**
 * A run that records the bare minimum: `node unrecorded.js FILE ENGINES` makes the capsule, executes its chunks with the
 * same engines, makes them durable and computes the root, and nothing else: no ledger, no code identity, no environment,
 * no executable's digest, no manifest. What `reprise run` takes longer than this is what recording costs.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Collector } from '../lab/collect.ts'
import { Makers } from '../lab/environments.ts'
import { labAt, makeLab, newRunId } from '../lab/lab.ts'
import { checkFile, makeCapsule } from '../lab/make-capsule.ts'
import { missingAssignment } from '../lab/missing.ts'
import { keepCapsule } from '../lab/objects.ts'
import { type Plan, placeRun } from '../lab/plan.ts'
import { ResultsStore } from '../lab/results.ts'
import { fromHex, toHex } from '../lib/digest.ts'
import { RootBuilder } from '../lib/merkle.ts'
import { localLauncher } from '../runners/local.ts'
import { pool } from '../runners/pool.ts'
import { leafOf } from '../runners/protocol.ts'

const [file, engines] = process.argv.slice(2)
const home = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
const launcher = localLauncher()
try {
  const lab = labAt(join(home, '.reprise'))
  const { capsule, description } = await makeCapsule(checkFile(file!), launcher)
  makeLab(lab)
  keepCapsule(lab, capsule)
  const plan: Plan = {
    format: 'reprise/run/1',
    run: newRunId(new Date()),
    planned: new Date().toISOString(),
    file: '',
    reprise: '',
    experiment: { document: description.document, hash: description.hash },
    capsule: { sha256: capsule.digest, bytes: capsule.bytes.length },
    packages: [],
    lock: null,
    inputs: {},
    code: { commit: null, reason: '' },
    rerun: null,
  }
  const run = placeRun(lab, plan)
  const store = ResultsStore.open(run)
  let failure: Error | undefined
  const fail = (error: Error) => {
    failure ??= error
  }
  const collector = new Collector(store, run, {}, fail, { kind: 'chunks', makers: new Makers(1) })
  const signal = new AbortController().signal
  await pool(launcher, { engines: Number(engines), timeoutMs: null }).execute(
    missingAssignment(lab, plan, store),
    collector,
    signal,
  )
  collector.close()
  if (failure !== undefined) throw failure
  const builder = new RootBuilder()
  for (const { bytes } of store.chunks()) builder.add(fromHex(leafOf(bytes)))
  store.close()
  console.log(JSON.stringify({ root: toHex(builder.root()) }))
} finally {
  launcher.close()
  rmSync(home, { recursive: true, force: true })
}
