/** A head for tests: a folder as it would lie there, a run that was handed over, and supervisors as processes. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readSegment, segmentsIn } from '../../../runners/detached/journal.ts'
import { rangesOf, type Submission, submissionPath } from '../../../runners/detached/submission.ts'
import { readTold, type Told } from '../../../runners/detached/told.ts'
import { writeWhole } from '../../../runners/detached/written.ts'
import type { Made, Workshop } from '../../conformance/workshop.ts'

const SUPERVISOR = fileURLToPath(new URL('supervisor.js', import.meta.url))
export const RUN = '20260101T000000000-abcdef'

export class Site {
  readonly folder: string
  readonly #made: Made
  readonly #started = new Set<ChildProcess>()

  constructor(t: TestContext, workshop: Workshop, made: Made, more: Partial<Submission> = {}) {
    this.#made = made
    this.folder = workshop.path(RUN)
    mkdirSync(this.folder)
    writeWhole(submissionPath(this.folder), JSON.stringify(submissionOf(made, more)))
    t.after(() => {
      for (const child of this.#started) child.kill('SIGKILL')
    })
  }

  /** Starts a supervisor, perhaps through another program. */
  start(through: readonly string[] = []): {
    child: ChildProcess
    ended: Promise<{ code: number | null; words: string }>
  } {
    const [program, ...words] = [...through, process.execPath, SUPERVISOR, this.folder, this.#made.capsule]
    const child = spawn(program!, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#started.add(child)
    let told = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text
    })
    const ended = new Promise<{ code: number | null; words: string }>((resolve) => {
      child.on('close', (code) => {
        this.#started.delete(child)
        resolve({ code, words: told })
      })
    })
    return { child, ended }
  }

  /** All that the journal tells, with the segment that told it. */
  told(): (Told & { readonly in: number })[] {
    return segmentsIn(this.folder).flatMap((segment) => {
      const found: (Told & { readonly in: number })[] = []
      readSegment(this.folder, segment, 0, (record) => {
        const told = readTold(record)
        if (told !== null) found.push({ ...told, in: segment })
        return true
      })
      return found
    })
  }

  /** Chunks as they were made durable, with the segment. */
  chunks(): { chunk: number; leaf: string; in: number }[] {
    return this.told().flatMap((told) =>
      told.type === 'chunk' ? [{ chunk: told.done.chunk, leaf: told.done.leaf, in: told.in }] : [],
    )
  }
}

export function submissionOf(made: Made, more: Partial<Submission> = {}): Submission {
  return {
    format: 'reprise/submission/1',
    run: RUN,
    name: 'test',
    submitted: '2026-01-01T00:00:00.000Z',
    plan: {},
    hash: made.hash,
    capsule: basename(made.capsule, '.mjs'),
    inputs: [],
    chunks: rangesOf(Array.from({ length: made.chunks }, (_, i) => i)),
    engines: 2,
    timeoutMs: null,
    headEngines: null,
    workers: [],
    env: {},
    ...more,
  }
}

/** Asks until there is an answer. */
export async function eventually<T>(what: string, ask: () => T | undefined | false): Promise<T> {
  const end = performance.now() + 60_000
  for (;;) {
    const answer = ask()
    if (answer !== undefined && answer !== false) return answer
    assert.ok(performance.now() < end, `waited in vain until ${what}`)
    await sleep(10)
  }
}

/** A small folder of its own on this disk. */
export function folderIn(workshop: Workshop): string {
  const folder = join(workshop.path('folder'))
  mkdirSync(folder)
  return folder
}
