/** `reprise watch [RUN]`: follows a run that another process executes, until it ends. */
import { setTimeout as sleep } from 'node:timers/promises'
import pc from 'picocolors'
import { eventWords } from '../../lab/event-words.ts'
import { findLab, findRun, type Lab, type RunFolder } from '../../lab/lab.ts'
import { locateIn } from '../../lab/objects.ts'
import { ResultsStore, type RunEvent, readPlan } from '../../lab/results.ts'
import { comes, type RunState, runState } from '../../lab/state.ts'
import { EXIT } from '../exit.ts'
import { showAmounts } from '../progress.ts'
import { exitOf } from '../run-exit.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { tellState } from './status.ts'

const LOOK_MS = 500
/** Events that are told one by one; more are in the record. */
const MOST_TOLD = 20

export async function watch(text: string | undefined, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const folder = findRun(lab, text ?? '@last')
  for (;;) {
    let state = runState(folder)
    if (state.state === 'detached' && !comes(state)) {
      try {
        const { collectOne } = await import('./collect.ts')
        return await collectOne(lab, folder, { ...options, follow: true }, out)
      } catch (error) {
        state = runState(folder)
        if (!comes(state)) throw error // else somebody has begun to collect it just now, and we look on
      }
    }
    state = await follow(lab, folder, state, out)
    if (state.state === 'detached') continue // whoever collected it has left
    tellState(state, out)
    out.answer(state)
    return exitOf(folder, state)
  }
}

/** Tells what comes into the record until nobody is at the run any more. */
async function follow(lab: Lab, folder: RunFolder, before: RunState, out: Terminal): Promise<RunState> {
  const { experiment, capsule } = readPlan(folder)
  let state = before
  let seen = eventsAfter(folder, 0).at(-1)?.seq ?? 0
  let told = 0
  const progress = showAmounts(experiment.document, state, out.say)
  const leave = onLeave(() => {
    progress.stop()
    out.say(`run ${folder.id} goes on; see reprise watch ${folder.id}`)
  })
  while (comes(state)) {
    await sleep(LOOK_MS)
    for (const event of eventsAfter(folder, seen)) {
      seen = event.seq
      const words = eventWords(event, (place) => locateIn(lab, capsule.sha256, place))
      if (words !== null && ++told <= MOST_TOLD) out.say(pc.yellow(words))
    }
    state = runState(folder)
    progress.at(state.chunksDone)
  }
  leave.over()
  progress.stop()
  return state
}

function eventsAfter(folder: RunFolder, seq: number): RunEvent[] {
  const store = ResultsStore.open(folder)
  try {
    return store.events(seq)
  } finally {
    store.close()
  }
}

/** Ctrl-C ends the watching, and nothing else. */
function onLeave(farewell: () => void): { over(): void } {
  const end = () => {
    farewell()
    process.exit(EXIT.interrupted)
  }
  process.once('SIGINT', end)
  return { over: () => void process.off('SIGINT', end) }
}
