/**
 * A run as large as it gets, made up: the plan, its submission on a head, and the parts that tasks would have put into the
 * store. What a chunk holds is what an experiment with `summarise` over a hundred jobs would have given.
 */
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { newDetached, writeDetached } from '../lab/detached.ts'
import { recordSession } from '../lab/execute.ts'
import { type Lab, labAt, makeLab, newRunId, type RunFolder } from '../lab/lab.ts'
import { keepCapsule, sha256Of } from '../lab/objects.ts'
import { type Plan, placeRun } from '../lab/plan.ts'
import { ResultsStore } from '../lab/results.ts'
import { summaryBytes } from '../lib/chunk.ts'
import { toHex, utf8 } from '../lib/digest.ts'
import { type ExperimentDocument, experimentHash } from '../lib/document.ts'
import { folderStore } from '../runners/array/folder-store.ts'
import { PartWriter } from '../runners/array/parts.ts'
import type { Store } from '../runners/array/store.ts'
import { journalSink } from '../runners/detached/journal-sink.ts'
import {
  type ChunkRange,
  chunksIn,
  chunksOf,
  type Submission,
  submissionPath,
} from '../runners/detached/submission.ts'
import type { TaskEnded } from '../runners/detached/told.ts'
import { writeWhole } from '../runners/detached/written.ts'
import { leafOf } from '../runners/protocol.ts'
import { arraysIn, tasksOf } from './array-stub.ts'

/** Jobs in a chunk, chunks of a point. */
export const JOBS = 100
const BLOCKS = 1_000

const CAPSULE = utf8('export const nothing = 0\n')

/** Where things of a simulation are: the lab, the run's folder in it, and its folder on the head. */
export interface World {
  readonly lab: Lab
  readonly far: string
}

export function worldIn(folder: string): World {
  return { lab: labAt(join(folder, 'lab')), far: join(folder, 'far') }
}

export const storeOf = (world: World) => join(world.far, 'array')

function documentOf(chunks: number): ExperimentDocument {
  return {
    format: 'reprise/experiment/1',
    name: 'made-up',
    design: { product: [{ name: 'rate', values: Array.from({ length: chunks / BLOCKS }, (_, i) => i / 8) }] },
    repetitions: BLOCKS * JOBS,
    chunk: JOBS,
    random: 'tychei',
    seed: null,
  }
}

/** Plans the run, and writes the submission where its head would. */
export function makeWorld(world: World, chunks: number): RunFolder {
  makeLab(world.lab)
  mkdirSync(world.far, { recursive: true })
  const [time, digest, document] = [new Date(), sha256Of(CAPSULE), documentOf(chunks)]
  keepCapsule(world.lab, { bytes: CAPSULE, digest })
  const plan: Plan = {
    ...{
      format: 'reprise/run/1',
      run: newRunId(time),
      planned: time.toISOString(),
      file: 'x.ts',
      reprise: '0.0.0',
    },
    experiment: { document, hash: toHex(experimentHash(document)) },
    capsule: { sha256: digest, bytes: CAPSULE.length },
    ...{ packages: [], lock: null, inputs: {}, code: { commit: null, reason: 'made up' }, rerun: null },
  }
  const run = placeRun(world.lab, plan)
  const submission: Submission = {
    ...{ format: 'reprise/submission/1', run: plan.run, name: document.name, submitted: plan.planned, plan },
    ...{ hash: plan.experiment.hash, capsule: digest, inputs: [], chunks: [[0, chunks - 1]] },
    ...{ engines: null, timeoutMs: null, headEngines: null, workers: [], env: {} },
  }
  writeWhole(submissionPath(world.far), JSON.stringify(submission))
  writeDetached(run, newDetached(basename(world.far), time))
  const store = ResultsStore.open(run)
  recordSession(world.lab, store, plan, { kind: 'ssh', engines: 2 }, chunks)
  store.addEvent(time, 'detached', { missing: chunks })
  store.close()
  return run
}

/** Puts what every task of every array would have put. */
export async function fabricateParts(world: World): Promise<void> {
  const store = folderStore(storeOf(world))
  for (const array of await arraysIn(store))
    for (const [index, batch] of (await tasksOf(store, array)).entries())
      await fabricateTask(store, array, index, batch)
}

async function fabricateTask(store: Store, array: number, index: number, batch: readonly ChunkRange[]) {
  const writer = new PartWriter(store, { array, index }, { failed: raise })
  const sink = journalSink(writer, 0, new Set())
  const [host, time] = [`n${index % 100}`, new Date().toISOString()]
  for (const engine of [1, 2]) sink.engine({ engine, pid: 1, host, node: 'v20.20.0', environment: null })
  for (const chunk of chunksOf(batch)) {
    const bytes = summaryBytes(chunk, { jobs: JOBS, mean: Math.sin(chunk), most: chunk % 97 }, [])
    const engine = 1 + (chunk % 2)
    sink.chunk({ chunk, bytes, leaf: leafOf(bytes), failed: 0, ms: 500.25, engine, stacks: [] })
  }
  const ended: TaskEnded = {
    ...{ job: `${array}_${index}`, restarts: 0, node: host, host, started: time, ended: time },
    ...{ state: 'completed', words: null, cpuMs: 1, maxRssBytes: 1, chunks: chunksIn(batch) },
  }
  writer.add({ type: 'task-ended', ...ended })
  await writer.flush()
}

function raise(error: Error): never {
  throw error
}
