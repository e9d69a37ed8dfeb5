/** Runs for tests of the lab: made in a folder of their own, from a document alone, with results made up here. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { findLab, type Lab, makeLab, newRunId, type RunFolder } from '../../lab/lab.ts'
import { keepCapsule, sha256Of } from '../../lab/objects.ts'
import { type Plan, placeRun, type RerunPlan } from '../../lab/plan.ts'
import { chunkPlace, jobsBytes, jobText } from '../../lib/chunk.ts'
import type { Design } from '../../lib/design.ts'
import { toHex, utf8 } from '../../lib/digest.ts'
import { type ExperimentDocument, experimentHash } from '../../lib/document.ts'
import { encode } from '../../lib/values.ts'
import { leafOf } from '../../runners/protocol.ts'
import type { ChunkDone } from '../../runners/runner.ts'

// The user's own key is not for tests.
process.env.XDG_CONFIG_HOME ??= mkdtempSync(join(tmpdir(), 'reprise-config-'))

export function temporaryFolder(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'reprise-test-')))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  return folder
}

export function temporaryLab(t: TestContext): Lab {
  const lab = findLab('/', join(temporaryFolder(t), 'lab'))
  makeLab(lab)
  return lab
}

/** Five points of four repetitions, in ten chunks of two. */
export const DESIGN: Design = { product: [{ name: 'a', values: [0, 1, 2, 3, 4] }] }

export function documentOf(changes: Partial<ExperimentDocument> = {}): ExperimentDocument {
  return {
    format: 'reprise/experiment/1',
    name: 'made-up',
    design: DESIGN,
    repetitions: 4,
    chunk: 2,
    random: 'tychei',
    seed: null,
    ...changes,
  }
}

const CAPSULE = utf8('export const nothing = 0\n')

/** A planned run in the lab. */
export function plannedRun(
  lab: Lab,
  asked: { document?: ExperimentDocument; rerun?: RerunPlan; time?: Date } = {},
): RunFolder {
  const document = asked.document ?? documentOf()
  const time = asked.time ?? new Date()
  const digest = sha256Of(CAPSULE)
  keepCapsule(lab, { bytes: CAPSULE, digest })
  const plan: Plan = {
    format: 'reprise/run/1',
    run: newRunId(time),
    planned: time.toISOString(),
    file: 'x.ts',
    reprise: '0.0.0',
    experiment: { document, hash: toHex(experimentHash(document)) },
    capsule: { sha256: digest, bytes: CAPSULE.length },
    packages: [],
    lock: null,
    inputs: {},
    code: { commit: null, reason: 'made up' },
    rerun: asked.rerun ?? null,
  }
  return placeRun(lab, plan)
}

/** A chunk whose jobs gave these results, as it comes from an engine. */
export function chunkDone(
  chunk: number,
  results: readonly unknown[],
  changes: Partial<ChunkDone> = {},
): ChunkDone {
  const bytes = jobsBytes(
    chunk,
    results.map((result) => jobText({ result: encode(result) })),
  )
  return { chunk, bytes, leaf: leafOf(bytes), failed: 0, ms: 1, engine: 1, stacks: [], ...changes }
}

/** Every chunk of a document, each job with its place as its result. */
export function allChunks(document: ExperimentDocument, count: number): ChunkDone[] {
  return Array.from({ length: count }, (_, chunk) => {
    const { first, jobs, pointIndex } = chunkPlace(document, chunk)
    return chunkDone(
      chunk,
      Array.from({ length: jobs }, (_, j) => ({ point: pointIndex, repetition: first + j })),
    )
  })
}
