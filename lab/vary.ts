/**
 * One execution of the chosen chunks under a variation, kept in memory: the bytes that each chunk gave each time,
 * what was touched, and what could not be executed.
 */
import type { ExperimentDocument } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Capsule } from '../provenance/capsule.ts'
import { locate } from '../provenance/locate.ts'
import { describeCapsule } from '../runners/describe.ts'
import type { LocalOptions } from '../runners/local.ts'
import { pool } from '../runners/pool.ts'
import type { Description, Touch } from '../runners/protocol.ts'
import type { ChunkDone, Sink } from '../runners/runner.ts'
import type { Scratch } from './scratch.ts'
import type { Variation } from './variations.ts'

/** What is checked. */
export interface Subject {
  readonly capsule: Capsule
  readonly description: Description
  /** Paths of inputs by SHA-256. */
  readonly inputs: Readonly<Record<string, string>>
  readonly timeoutMs: number | null
}

export interface Execution {
  /** In the order in which they came. */
  readonly done: readonly ChunkDone[]
  readonly touches: readonly Touch[]
  readonly setAside: readonly { readonly chunk: number; readonly reason: string }[]
  /** Why it came to no end; null where it did. */
  readonly failure: RepriseError | null
  /** The document that the capsule has in these surroundings, where it is not the one that was asked for. */
  readonly otherDocument: ExperimentDocument | null
  readonly ms: number
}

/** Executes the variation's courses one after another. Only what is not an engine's failure is thrown. */
export async function vary(scratch: Scratch, subject: Subject, variation: Variation): Promise<Execution> {
  const { capsule, description, inputs } = subject
  const { engines, batch, slowness } = variation
  const timeoutMs = subject.timeoutMs === null ? null : subject.timeoutMs * slowness
  const began = performance.now()
  const done: ChunkDone[] = []
  const touches: Touch[] = []
  const setAside: { chunk: number; reason: string }[] = []
  let failure: RepriseError | null = null
  let otherDocument: ExperimentDocument | null = null
  const sink: Sink = {
    chunk: (one) => void done.push({ ...one, bytes: Uint8Array.from(one.bytes) }),
    touched: (touch) => void touches.push(touch),
    setAside: (chunk, reason) =>
      void setAside.push({ chunk, reason: locate(reason, capsule.digest, capsule.map) }),
    log() {},
    engine() {},
    lost() {},
  }
  const path = scratch.put(
    variation.folder === 'other' ? 'capsule-elsewhere' : 'capsule',
    `${capsule.digest}.mjs`,
    capsule.bytes,
  )
  for (const course of variation.courses) {
    const start = startOf(scratch, variation)
    const assignment = { capsule: path, hash: description.hash, chunks: course, count: course.length, inputs }
    try {
      await scratch.withEngines(start, (launcher) =>
        pool(launcher, { engines, batch, timeoutMs }).execute(assignment, sink, new AbortController().signal),
      )
    } catch (error) {
      if (!(error instanceof RepriseError)) throw error
      const { code, subject: where, remedy } = error
      const message = locate(error.message, capsule.digest, capsule.map)
      failure = new RepriseError(code, message, { subject: where, remedy, cause: error })
      if (error.code === 'not-intact') otherDocument = await documentUnder(scratch, start, path)
      break
    }
  }
  return { done, touches, setAside, failure, otherDocument, ms: performance.now() - began }
}

/** Which experiment the capsule holds in these surroundings. */
async function documentUnder(
  scratch: Scratch,
  start: LocalOptions,
  path: string,
): Promise<ExperimentDocument | null> {
  try {
    return await scratch.withEngines(start, async (launcher) => {
      const { document } = await describeCapsule(launcher, path)
      return document
    })
  } catch (error) {
    if (error instanceof RepriseError) return null // that it is another is known all the same
    throw error
  }
}

function startOf(scratch: Scratch, { start, folder }: Variation): LocalOptions {
  return folder === 'own' ? start : { ...start, folder: scratch.folder(folder) }
}
