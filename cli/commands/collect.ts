/**
 * `reprise collect`: gets what a cluster has executed without us. Of a run of this lab, of all of them, or of one that another
 * lab handed over; it is sealed here when all of it is there.
 */

import { isScheduler, namedCluster } from '../../lab/cluster-word.ts'
import { collectRun } from '../../lab/collect-run.ts'
import { demandDetached, readDetached } from '../../lab/detached.ts'
import { goingWords, stateWords } from '../../lab/far-words.ts'
import { fetchRun } from '../../lab/fetch-run.ts'
import { findLab, findRun, isRunId, type Lab, matchRun, type RunFolder } from '../../lab/lab.ts'
import type { OpenHead } from '../../lab/open-head.ts'
import { runState, runStates } from '../../lab/state.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { FarRun } from '../../runners/detached/status.ts'
import { EXIT } from '../exit.ts'
import { withHead } from '../head.ts'
import { exitOf } from '../run-exit.ts'
import { trafficAnswer } from '../runner.ts'
import { observed, tellUnfinished } from '../session.ts'
import { type Terminal, tellError, terminal } from '../terminal.ts'
import { watchTasks } from '../watch-tasks.ts'
import { count, oneLine, several, table } from '../words.ts'
import { tellVerdict } from './rerun.ts'
import { runAnswer, tellSealed } from './run.ts'

export interface CollectOptions {
  readonly json?: boolean
  /** Goes on until the run has ended there. */
  readonly follow?: boolean
  /** What is there may be removed there afterwards, although it did not become whole. */
  readonly forget?: boolean
}

export async function collect(text: string | undefined, options: CollectOptions): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const [, elsewhere, id] = /^([^/]+)(?:\/(.*))?$/s.exec(text ?? '') ?? []
  if (elsewhere !== undefined && namedCluster(elsewhere) !== null) {
    return withHead(lab, elsewhere, out, async (open) => {
      if (id === undefined) return tellRuns(await open.head.runs(), open, out)
      return collectAndForget(lab, await placed(lab, open, id), open, options, out)
    })
  }
  if (text === undefined && options.forget === true)
    throw new RepriseError('usage', 'wants to know which run', {
      subject: '--forget',
      remedy: 'Name one run',
    })
  if (text !== undefined) return collectOne(lab, findRun(lab, text), options, out)
  const detached = runStates(lab).filter(({ state }) => state === 'detached')
  if (out.json && detached.length > 1) throw whichOne(detached.length)
  if (detached.length === 0) {
    out.print(
      'no run of this lab is on a cluster; see reprise collect with the name of one, such as slurm:NAME',
    )
    out.answer({ runs: [] })
  }
  const codes: number[] = []
  for (const { run } of detached) {
    const code = await collectNext(lab, findRun(lab, run), options, out)
    codes.push(code.exit)
    if (code.left) break
  }
  return codes.find((code) => code !== EXIT.done) ?? EXIT.done
}

/** One of several: that one cluster cannot be reached keeps nobody from the others; an interrupt does. */
async function collectNext(
  lab: Lab,
  run: RunFolder,
  options: CollectOptions,
  out: Terminal,
): Promise<{ exit: number; left: boolean }> {
  const leaving = { left: false }
  try {
    return { exit: await collectOne(lab, run, options, out, leaving), ...leaving }
  } catch (error) {
    if (out.json) throw error
    return { exit: tellError(error, false), ...leaving }
  }
}

/** What is there of a run of this lab. */
export function collectOne(
  lab: Lab,
  run: RunFolder,
  options: CollectOptions,
  out: Terminal,
  leaving = { left: false },
): Promise<number> {
  const { runner } = demandDetached(run)
  return withHead(lab, runner, out, (open) => collectAndForget(lab, run, open, options, out, leaving))
}

function isWhole(run: RunFolder): boolean {
  const { state } = runState(run)
  return state === 'sealed' || state === 'sampled'
}

function tellWhole(run: RunFolder, out: Terminal): number {
  const state = runState(run)
  out.print(`${state.state} ${run.id}: all of it is here`)
  out.answer(runAnswer(run, state))
  return exitOf(run, state)
}

async function collectAndForget(
  lab: Lab,
  run: RunFolder,
  open: OpenHead,
  options: CollectOptions,
  out: Terminal,
  leaving = { left: false },
): Promise<number> {
  const code = await collectFrom(lab, run, open, options, out, leaving)
  if (options.forget !== true) return code
  const goesOn = runState(run).state === 'detached' || (await open.head.release(run.id)).state === 'running'
  if (goesOn) {
    throw new RepriseError('busy', `is not over at ${open.runner}`, {
      subject: `run ${run.id}`,
      remedy: `Cancel it first: reprise cancel ${run.id}`,
    })
  }
  out.say(`what is there of it goes with the cache: reprise cluster clean ${open.cluster.name}`)
  return code
}

/** Collects from an open head, and tells what came of it. */
export async function collectFrom(
  lab: Lab,
  run: RunFolder,
  open: OpenHead,
  { follow = false }: CollectOptions,
  out: Terminal,
  leaving = { left: false },
): Promise<number> {
  const start = performance.now()
  if (isWhole(run)) {
    await open.head.release(run.id).catch(() => {}) // only makes room, where that failed before
    return tellWhole(run, out)
  }
  const outcome = await observed(
    lab,
    run,
    out,
    (signal, observer) => {
      signal.addEventListener('abort', () => {
        leaving.left = true
      })
      return collectRun(lab, run, open.head, { follow }, signal, observer)
    },
    {
      leaving: `leaving ${open.runner}: what is here is kept …`,
      ...(follow ? { beside: (show: (words: string) => void) => watchTasks(open, run, show) } : {}),
    },
  )
  const state = runState(run)
  const traffic = trafficAnswer(open.traffic())
  const there = readDetached(run)?.far ?? null
  if ('verdict' in outcome && outcome.verdict !== undefined) {
    tellVerdict(run, outcome.verdict, out, traffic)
    return { identical: EXIT.done, divergent: EXIT.divergent, incomplete: EXIT.incomplete }[
      outcome.verdict.verdict
    ]
  }
  out.answer({ ...runAnswer(run, state), there, ...traffic })
  if (outcome.state === 'sealed') {
    tellSealed(run, state, start, out)
    return EXIT.done
  }
  if (outcome.state !== 'detached')
    return tellUnfinished(
      run,
      outcome,
      {},
      out,
      ` --runner ${open.runner}${isScheduler(open.runner) ? '' : ' --detach'}`,
    )
  const here = `${count(state.chunksDone)} of ${several(state.chunks, 'chunk')} are here`
  if (there?.state === 'running') {
    const going = goingWords(there)
    out.print(`${run.id} goes on at ${open.runner}: ${here}${going === '' ? '' : ` (${going})`}`)
    if (leaving.left)
      out.say(`it needs nobody: reprise collect ${run.id}, watch; or stop it there: reprise cancel ${run.id}`)
  } else {
    out.print(
      `${run.id} has stopped at ${open.runner} (${there === null ? 'unknown' : stateWords(there)}): ${here}`,
    )
    out.say(`go on: reprise resume ${run.id} --detach`)
  }
  if (there?.state === 'failed') return EXIT.failed
  return leaving.left || there?.state === 'interrupted' ? EXIT.interrupted : EXIT.done
}

/** The run in this lab; one that is not yet in it is brought here. */
async function placed(lab: Lab, open: OpenHead, id: string): Promise<RunFolder> {
  const there = (await open.head.runs()).filter(({ run }) => run.startsWith(id))
  if (there.length !== 1 || id === '') {
    throw new RepriseError(
      there.length === 0 ? 'not-found' : 'usage',
      `${several(there.length, 'run')} there begin so`,
      {
        subject: `${open.runner}/${id}`,
        remedy: `See which there are: reprise collect ${open.runner}`,
      },
    )
  }
  const [{ run }] = there as [FarRun]
  const here = isRunId(run) ? matchRun(lab, run) : null
  return here ?? fetchRun(lab, open.head, open.runner, run)
}

function tellRuns(runs: readonly FarRun[], { cluster, runner }: OpenHead, out: Terminal): number {
  out.answer({ cluster: cluster.name, runner, runs })
  if (runs.length === 0) out.print(`no run was handed over to ${runner}`)
  else {
    const rows = runs.map((run) => [
      run.run,
      oneLine(run.name),
      stateWords(run),
      `${count(run.done)}/${count(run.total)}`,
    ])
    for (const line of table([['run', 'experiment', 'state', 'chunks'], ...rows], [3])) out.print(line)
  }
  return EXIT.done
}

function whichOne(found: number): RepriseError {
  return new RepriseError('usage', `${several(found, 'run')} of this lab are on a cluster`, {
    subject: '--json',
    remedy: 'Name one run',
  })
}
