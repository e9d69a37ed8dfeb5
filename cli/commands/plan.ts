/** `reprise plan FILE`: what a run would take, from a pilot of a few chunks, before anything is spent. */
import pc from 'picocolors'
import { findLab } from '../../lab/lab.ts'
import { type Ahead, lookAhead } from '../../lab/look-ahead.ts'
import { checkFile } from '../../lab/make-capsule.ts'
import { type Place, placeFor } from '../../lab/places.ts'
import { shortTime } from '../../lab/rough-words.ts'
import { Scratch } from '../../lab/scratch.ts'
import { EXIT } from '../exit.ts'
import { endOnInterrupt } from '../interrupt.ts'
import { cautions } from '../plan-cautions.ts'
import { planRows } from '../plan-words.ts'
import { terminal } from '../terminal.ts'
import { several } from '../words.ts'

export interface PlanCommandOptions {
  readonly runner: string
  readonly engines?: number
  /** Seconds. */
  readonly taskTime?: number
  readonly pilot: number
  /** Seconds. */
  readonly pilotTime: number
  readonly json?: boolean
}

export async function plan(file: string, options: PlanCommandOptions): Promise<number> {
  const { runner, engines, taskTime, pilot, pilotTime } = options
  const out = terminal(options)
  const path = checkFile(file)
  const wanted = {
    ...(engines === undefined ? {} : { engines }),
    ...(taskTime === undefined ? {} : { taskTime }),
  }
  const place = await placeFor(findLab(process.cwd()), runner, wanted, out.say)
  const scratch = new Scratch('plan')
  const isOver = endOnInterrupt(() => scratch.close(), out.json, 'stopped; a plan leaves nothing behind')
  let ahead: Ahead
  try {
    out.say(
      pc.dim(`a pilot of ${several(pilot, 'chunk')} or more, for at most ${shortTime(1000 * pilotTime)} …`),
    )
    ahead = await lookAhead(path, place, { chunks: pilot, limitMs: 1000 * pilotTime }, scratch)
  } finally {
    scratch.close()
    isOver()
  }
  const rows = planRows(ahead, runner, place)
  const width = Math.max(...rows.map(([label]) => label.length)) + 2
  for (const [label, words] of rows) out.print(`${pc.bold(label.padEnd(width))}${words}`)
  const notes = cautions(ahead, place)
  for (const note of notes) out.print(pc.yellow(`note: ${note}`))
  out.answer(answerOf(ahead, runner, place, notes))
  return ahead.pilot.setAside.length === 0 ? EXIT.done : EXIT.incomplete
}

function answerOf(
  { pilot, forecast }: Ahead,
  runner: string,
  place: Place,
  notes: readonly string[],
): object {
  const { document, hash, done, jobsEach, unfinished, setAside, startMs, memoryBytes, limitMs } = pilot
  const { points, jobs, chunks, ...rest } = forecast
  return {
    name: document.name,
    experiment: hash,
    runner,
    points,
    repetitions: document.repetitions,
    jobs,
    chunks,
    engines: place.engines,
    pilot: { chunks: done, jobsEach, unfinished, setAside, startMs, memoryBytes, limitMs },
    ...rest,
    notes,
  }
}
