/**
 * A task: it executes its batch of an array's chunks by engines of its own node and puts what they tell into the store, in
 * parts. Chunks that earlier attempts of the same task have put are not executed again. It may be killed at any time: what was
 * not yet put is lost and nothing else. Nobody is spoken with but the store.
 */
import { constants, hostname } from 'node:os'
import { RepriseError } from '../../lib/errors.ts'
import { ChunkSet } from '../chunk-set.ts'
import { IN_VAIN } from '../cloud/container.ts'
import { journalSink } from '../detached/journal-sink.ts'
import { type ChunkRange, chunksOf } from '../detached/submission.ts'
import type { TaskEnd, TaskEnded } from '../detached/told.ts'
import { localLauncher } from '../local.ts'
import { pool } from '../pool.ts'
import type { Assignment } from '../runner.ts'
import type { Content } from './content.ts'
import { type ArrayTasks, orderKey } from './layout.ts'
import { parseOrder } from './order.ts'
import { PartWriter } from './parts.ts'
import { doneBefore } from './past-parts.ts'
import { type Probing, probing } from './probing.ts'
import type { Store } from './store.ts'
import { type TaskSink, taskSink } from './task-sink.ts'
import type { TaskPlace } from './task-words.ts'
import { meter } from './usage.ts'

/** What schedulers and people send to those that are to end, perhaps soon before they are killed. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const

export interface HowToGather {
  /** What was told is put after this long, ms. */
  readonly gatherMs?: number
}

/** What a task has around it. */
export interface TaskSurroundings {
  readonly store: Store
  readonly content: Content
  /** Environment of engines, on top of the usual. */
  readonly env?: Readonly<Record<string, string>>
}

/** Nothing that it could execute is there, or whole, and will not be by trying again. */
class InVain extends Error {}

/**
 * Executes it to its end, and gives the exit code: 0 where nothing of the batch is left, or all the rest was given up; IN_VAIN
 * where starting it again is of no use.
 */
export async function executeTask(
  place: TaskPlace,
  around: TaskSurroundings,
  { gatherMs }: HowToGather = {},
): Promise<number> {
  const started = new Date().toISOString()
  const { store } = around
  const stop = new AbortController()
  const measured = meter()
  let signalled: (typeof SIGNALS)[number] | null = null
  let failure: Error | null = null
  let vain: Error | null = null
  const fail = (error: Error) => {
    failure ??= error
    stop.abort()
  }
  const onSignal = (signal: NodeJS.Signals) => {
    signalled ??= signal as (typeof SIGNALS)[number]
    stop.abort()
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  const writer = new PartWriter(store, place, {
    failed: fail,
    ...(gatherMs === undefined ? {} : { ms: gatherMs }),
  })
  const setAside = new Set<number>()
  const sink = taskSink(journalSink(writer, 0, setAside), measured.look)
  try {
    await executeBatch(place, { ...around, writer, sink, signal: stop.signal, fail })
  } catch (error) {
    vain = error instanceof InVain ? (error.cause as Error) : null
    fail(vain ?? (error as Error))
  }
  const ended: TaskEnded = {
    ...{ job: place.job, restarts: place.restarts, node: place.node, host: hostname() },
    ...{ started, ended: new Date().toISOString() },
    ...endOf(failure, signalled, setAside.size),
    ...measured.read(),
    chunks: sink.delivered,
  }
  measured.stop()
  writer.add({ type: 'task-ended', ...ended })
  await writer.flush()
  for (const signal of SIGNALS) process.off(signal, onSignal)
  say(`${ended.state}${ended.words === null ? '' : `: ${ended.words}`}; ${ended.chunks} chunks delivered`)
  if (failure !== null) return failure === vain ? IN_VAIN : 1
  return signalled === null ? 0 : 128 + constants.signals[signalled]
}

interface Surroundings extends TaskSurroundings {
  readonly writer: PartWriter
  readonly sink: TaskSink
  readonly signal: AbortSignal
  readonly fail: (error: Error) => void
}

async function executeBatch(place: TaskPlace, around: Surroundings) {
  const { store, writer, sink, signal, fail, content, env = {} } = around
  const { array, index } = place
  const order = await orVain(orderOf(store, place))
  const batch = order.tasks[index]!
  const all = new ChunkSet(chunksOf(batch))
  const done = await doneBefore(store, place, all, (ignored) => {
    sink.log({ engine: 0, chunk: -1, job: -1, stream: 'log', text: `${ignored}\n` })
    say(ignored)
  })
  say(
    `array ${array}, task ${index}: ${all.size} chunks, ${done.size} of them there, ${order.engines} engines`,
  )
  const probes = await probing(store, writer, fail)
  const files = done.size === all.size ? {} : await orVain(filesOf(order, content))
  const assignment = assignmentOf({ ...order, ...files }, batch, all.size, done, probes)
  sink.expect(assignment.count, probes.probed)
  const launcher = localLauncher({ env })
  try {
    await pool(launcher, howToPool(order)).execute(assignment, sink, signal)
  } finally {
    launcher.close()
    await probes.noted()
  }
}

/** Throws InVain for what will not be otherwise. */
async function orVain<T>(found: Promise<T>): Promise<T> {
  try {
    return await found
  } catch (error) {
    const vain = error instanceof RepriseError && (error.code === 'not-found' || error.code === 'not-intact')
    throw vain ? new InVain('in vain', { cause: error }) : error
  }
}

async function orderOf(store: Store, { array, index }: TaskPlace): Promise<ArrayTasks> {
  const text = await store.get(orderKey(array))
  if (text === null) throw lost(orderKey(array), 'is not in the store')
  const order = parseOrder(array, text)
  if (order.tasks[index] === undefined) throw lost(orderKey(array), `has no task ${index}`)
  return order
}

/** Its capsule and inputs as files. */
async function filesOf({ capsule, inputs }: ArrayTasks, content: Content) {
  const found: Record<string, string> = {}
  for (const [sha256, named] of Object.entries(inputs)) found[sha256] = await content(named)
  return { capsule: await content(capsule), inputs: found }
}

function assignmentOf(
  { hash, capsule, inputs }: ArrayTasks,
  batch: readonly ChunkRange[],
  all: number,
  done: ChunkSet,
  { wantsProbes }: Probing,
): Assignment {
  function* missing(): Generator<number> {
    for (const chunk of chunksOf(batch)) if (!done.has(chunk)) yield chunk
  }
  return { capsule, hash, inputs, chunks: missing(), count: all - done.size, wantsProbes }
}

function howToPool({ engines, timeoutMs, silenceMs }: ArrayTasks) {
  return { engines, timeoutMs, ...(silenceMs === null ? {} : { silenceMs }) }
}

function endOf(failure: Error | null, signalled: string | null, setAside: number) {
  const as = (state: TaskEnd, words: string | null) => ({ state, words })
  if (failure !== null) return as('failed', lineOf(failure))
  if (signalled !== null) return as('stopped', `it was sent ${signalled}`)
  return as('completed', setAside === 0 ? null : `${setAside} chunks are set aside`)
}

/** For whoever reads what the scheduler kept of its output. */
function say(text: string): void {
  console.error(`${new Date().toISOString()} ${text}`)
}

function lost(subject: string, what: string): RepriseError {
  return new RepriseError('not-found', what, {
    subject,
    remedy: 'What is missing of the run can be submitted again',
  })
}

function lineOf(error: Error): string {
  return (error instanceof RepriseError ? error.line : error.message).toWellFormed()
}
