/** What is done with a run by a scheduler's arrays, as it is done: planned into tasks, taken into a journal, and that into a lab. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { collectRun } from '../lab/collect-run.ts'
import type { RunFolder } from '../lab/lab.ts'
import { RepriseError } from '../lib/errors.ts'
import { folderStore } from '../runners/array/folder-store.ts'
import type { Head } from '../runners/detached/head.ts'
import { farRun } from '../runners/detached/status.ts'
import { BEGINNING, journalFrom } from '../runners/detached/stream.ts'
import { chunksIn, chunksOf, readSubmission } from '../runners/detached/submission.ts'
import { supervise } from '../runners/detached/supervise.ts'
import type { Sink } from '../runners/runner.ts'
import { stubRunner } from './array-stub.ts'
import { storeOf, type World, worldIn } from './array-world.ts'

const STAGE = fileURLToPath(new URL('array-stage.js', import.meta.url))

/** All chunks are submitted in tasks; then the supervisor is gone. */
export async function submitted(world: World): Promise<void> {
  const { hash, chunks } = readSubmission(world.far)
  const stop = new AbortController()
  let left = chunksIn(chunks)
  const runner = stubRunner(folderStore(storeOf(world)), (count) => {
    left -= count
    if (left === 0) setTimeout(() => stop.abort(new RepriseError('busy', 'others go on')), 100)
  })
  const assignment = { capsule: '/capsule.mjs', hash, chunks: chunksOf(chunks), count: left, inputs: {} }
  await runner.execute(assignment, DEAF, stop.signal)
  if (left !== 0) throw new Error(`${left} chunks were not submitted`)
}

/** All parts of all tasks, which are over, into the journal. */
export async function supervised(world: World): Promise<void> {
  const state = await supervise(world.far, () => ({
    runner: stubRunner(folderStore(storeOf(world))),
    ...{ capsule: '/capsule.mjs', inputs: {}, hosts: new Map(), remembers: true, close() {} },
  }))
  if (state !== 'done') throw new Error(`it ended ${state}`)
}

/** The whole journal to stdout, as a head sends it. */
export async function sent(world: World): Promise<void> {
  for await (const bytes of journalFrom(world.far, BEGINNING, false))
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
}

/** The journal, which another process sends, into the results of the run, compared, stored and sealed. */
export async function collected(folder: string, run: RunFolder): Promise<void> {
  const world = worldIn(folder)
  const head = {
    run: async () => farRun(world.far),
    release: async () => farRun(world.far),
    journal: () => fork(STAGE, ['send', folder, ''], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }).stdout,
  } as unknown as Head
  const outcome = await collectRun(world.lab, run, head, { follow: false }, new AbortController().signal)
  if (outcome.state !== 'sealed') throw new Error(`it is ${outcome.state}`)
}

const unexpected = () => {
  throw new Error('nothing is there to be told yet')
}
const DEAF: Sink = {
  ...{ chunk: unexpected, engine: unexpected, touched: unexpected, lost: unexpected, setAside: unexpected },
  log() {},
}
