/** `reprise rerun MANIFEST|RUN`: executes the recorded capsule again and compares every bit. */
import { readFileSync } from 'node:fs'
import pc from 'picocolors'
import type { Audit } from '../../lab/audit.ts'
import { divergenceWords } from '../../lab/divergence-words.ts'
import { expectation, expectedNames, wordsBefore } from '../../lab/expected.ts'
import { findLab, type RunFolder } from '../../lab/lab.ts'
import { probeStatement } from '../../lab/probes.ts'
import { findRecord } from '../../lab/record.ts'
import { foreignCode, intactManifest, isKnownCode, planRerun } from '../../lab/rerun.ts'
import { readPlan } from '../../lab/results.ts'
import type { ChosenRunner } from '../../lab/runner-for.ts'
import { runState } from '../../lab/state.ts'
import type { Verdict } from '../../lab/verdict.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { StratumKind } from '../../lib/strata.ts'
import type { RunRecord } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import type { EngineStarted } from '../../runners/runner.ts'
import { carry } from '../carry.ts'
import { askConsent } from '../consent.ts'
import { demandDetachable } from '../detach.ts'
import { EXIT } from '../exit.ts'
import { type DetachOptions, type EngineOptions, isLocal, type ReplicaOptions } from '../options.ts'
import { tellOthers } from '../others.ts'
import { type Chosen, chooseRunner, tellTraffic, trafficAnswer } from '../runner.ts'
import { nodesWords, withRuntime } from '../runtime.ts'
import { execute, tellUnfinished } from '../session.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { drawnWords, oneLine, several } from '../words.ts'
import { tellReplicas } from './run.ts'

export interface RerunOptions extends EngineOptions, ReplicaOptions, DetachOptions {
  readonly json?: boolean
  readonly sample?: number
  readonly beacon?: string
  readonly stratify?: StratumKind
  readonly yes?: boolean
}

/** Divergent chunks told one by one. */
const TOLD = 10

export async function rerun(text: string, asked: RerunOptions): Promise<number> {
  const audit = auditOf(asked)
  demandDetachable(asked)
  const out = terminal(asked)
  const { folder, options, chosen } = await withUnpacked([text], asked, ([path]) =>
    planned(path!, audit, asked, out),
  )
  try {
    return await carry(folder, chosen, options, out)
  } finally {
    await chosen.close()
  }
}

/** Plans the rerun, once it is known that it may be executed. From here on it needs nothing but the lab. */
async function planned(
  text: string,
  audit: Audit | null,
  asked: RerunOptions,
  out: Terminal,
): Promise<{ folder: RunFolder; options: RerunOptions; chosen: Chosen }> {
  const lab = findLab(process.cwd())
  const record = findRecord(lab, text)
  const { manifest } = intactManifest(lab, record)
  if (!isKnownCode(lab, manifest)) await askConsent(foreignCode(manifest), asked, out)
  const options = await withRuntime(asked, manifest.run, out)
  const chosen = await chooseRunner(lab, options, out)
  let folder: RunFolder
  try {
    folder = planRerun(lab, record, audit, new Date(), options.replicate, true)
  } catch (error) {
    await chosen.close()
    throw error
  }
  const plan = readPlan(folder).rerun
  const drawn = plan?.sample ?? null
  const what =
    drawn === null
      ? 'every chunk'
      : `${several(drawn.length, 'chunk')} ${drawnWords(plan!)}: ${drawn.join(', ')}`
  out.say(`rerun of ${manifest.run.id} (${manifest.experiment.document.name}), ${what}`)
  return { folder, options, chosen }
}

/** The audit that is asked for; null for a rerun of every chunk. */
function auditOf(options: RerunOptions): Audit | null {
  const { sample, beacon = null, stratify = null } = options
  if (sample !== undefined) return { count: sample, beacon, stratify }
  if (beacon === null && stratify === null) return null
  throw new RepriseError('usage', 'there is nothing to draw without --sample', {
    subject: beacon === null ? '--stratify' : '--beacon',
    remedy: 'Say how many chunks, with --sample K',
  })
}

/** Executes what is missing, compares and tells; a rerun that is resumed ends in the same way. */
export async function carryOutRerun(
  folder: RunFolder,
  chosen: ChosenRunner,
  options: EngineOptions,
  out: Terminal,
): Promise<number> {
  const lab = findLab(process.cwd())
  const { run } = parseManifest(readFileSync(folder.original))
  if (isLocal(options)) out.say(nodesWords(run, options))
  tellOthers(lab, folder, out)
  const outcome = await execute(lab, folder, chosen, out, {
    engine: tellExpected(run, out),
    probed: ({ outcomes }) => {
      const { lines, differ } = probeStatement(run.probes ?? [], outcomes)
      for (const line of lines) out.say(differ ? pc.yellow(oneLine(line)) : line)
    },
  })
  const traffic = chosen.traffic()
  tellTraffic(traffic, out)
  if (outcome.state === 'interrupted' || outcome.state === 'cancelled' || outcome.state === 'detached') {
    const code = tellUnfinished(folder, outcome, options, out)
    out.answer({
      run: folder.id,
      state: outcome.state,
      verdict: 'incomplete',
      root: null,
      expectedRoot: readPlan(folder).rerun?.root,
      chunksCompared: 0,
      divergent: [],
      ...trafficAnswer(traffic),
    })
    return code
  }
  if (outcome.state === 'incomplete') tellUnfinished(folder, outcome, options, out)
  const verdict = outcome.verdict!
  tellReplicas(runState(folder), out)
  tellVerdict(folder, verdict, out, trafficAnswer(traffic))
  return { identical: EXIT.done, divergent: EXIT.divergent, incomplete: EXIT.incomplete }[verdict.verdict]
}

/** Says, of the first engine that tells its fingerprint, which differences are to be expected of it. */
function tellExpected(run: RunRecord, out: Terminal): (started: EngineStarted) => void {
  let told = false
  return ({ environment }) => {
    if (told || environment === null) return
    told = true
    const expected = expectation(run, { ...environment, math: run.math ?? 'native' })
    const differing = expectedNames(expected) ?? []
    for (const line of wordsBefore(expected)) out.say(differing.length > 0 ? pc.yellow(line) : line)
  }
}

export function tellVerdict(folder: RunFolder, verdict: Verdict, out: Terminal, more: object): void {
  const colour = verdict.verdict === 'identical' ? pc.green : pc.red
  for (const divergence of verdict.divergent.slice(0, TOLD)) out.print(divergenceWords(divergence))
  if (verdict.divergentChunks > TOLD) out.print(`… and ${verdict.divergentChunks - TOLD} more`)
  out.print(`${colour(verdict.verdict)}: ${verdict.statement}`)
  for (const line of verdict.likely) out.print(line)
  for (const warning of verdict.warnings) out.print(pc.yellow(`note: ${warning}`))
  if (verdict.root !== null) out.print(`root      ${verdict.root}`)
  if (verdict.root !== null && verdict.root !== verdict.expectedRoot)
    out.print(`expected  ${verdict.expectedRoot}`)
  out.answer({ run: folder.id, ...verdict, ...more })
}
