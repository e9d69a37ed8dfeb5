/**
 * Chunks shared out among engines (engine.ts). A chunk that takes too long, or takes its worker with it, is told and ends nothing
 * but that worker; where the code cannot be loaded at all the course is over.
 */
import type { Code } from '../verification/judgement.ts'
import { type Told, told } from './engine-words.ts'
import { startWorker } from './workers.ts'

/** As many as there are processors, and no more than these. */
const MOST_ENGINES = 8

export interface Course {
  readonly code: Code
  /** In the order in which they are to be executed. */
  readonly chunks: readonly number[]
  /** How long the code may take to load, and each chunk, ms. */
  readonly limitMs: number
  /** Told of each chunk's bytes; the next is not begun before this is done. */
  readonly done: (chunk: number, bytes: Uint8Array) => Promise<void>
  /** Told of each chunk that could not be executed. */
  readonly lost: (chunk: number, why: string) => void
  readonly signal: AbortSignal
}

/** How many engines a course of so many chunks gets. */
export function engineCount(chunks: number): number {
  return Math.min(chunks, MOST_ENGINES, navigator.hardwareConcurrency || 2)
}

/** Executes all chunks, or those until `signal` says stop; all workers are gone after that. Throws where the code cannot be loaded. */
export async function execute(course: Course): Promise<void> {
  const next = course.chunks.values()
  const failed = new AbortController()
  const over = AbortSignal.any([course.signal, failed.signal])
  const lanes = Array.from({ length: engineCount(course.chunks.length) }, () =>
    lane(course, next, over).catch((error: unknown) => {
      failed.abort()
      throw error
    }),
  )
  const wrong = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected')
  if (wrong !== undefined) throw (wrong as PromiseRejectedResult).reason
}

/** One engine after another, each until it is lost. */
async function lane(course: Course, next: Iterator<number, undefined>, over: AbortSignal): Promise<void> {
  let engine: Engine | null = null
  try {
    while (!over.aborted) {
      engine ??= await opened(course, over)
      const { value: chunk } = engine === null ? { value: undefined } : next.next()
      if (engine === null || chunk === undefined) return
      const answer = await engine.ask(chunk, course.limitMs)
      if (over.aborted) return
      if (answer.kind === 'done' && answer.chunk === chunk) {
        await course.done(chunk, answer.bytes)
        continue
      }
      const isFailure = answer.kind === 'failed' && answer.chunk === chunk
      course.lost(chunk, 'why' in answer ? answer.why : 'its worker answered what it was not asked')
      if (isFailure) continue
      engine.end()
      engine = null
    }
  } finally {
    engine?.end()
  }
}

/** An engine that has loaded the code; null where all is over. */
async function opened({ code, limitMs }: Course, over: AbortSignal): Promise<Engine | null> {
  const engine = new Engine(code, over)
  const answer = await engine.answer(limitMs)
  if (answer.kind === 'ready') return engine
  engine.end()
  if (over.aborted) return null
  throw new Error(`the code could not be loaded: ${'why' in answer ? answer.why : 'it says nonsense'}`)
}

class Engine {
  readonly #worker = startWorker('engine')
  readonly #port: MessagePort
  #heard: (answer: Told) => void = () => {}

  constructor(code: Code, over: AbortSignal) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const lost = (why: string) => this.#heard({ kind: 'refused', why })
    port1.onmessage = ({ data }) =>
      this.#heard(told(data) ?? { kind: 'refused', why: 'its worker said nonsense' })
    this.#worker.onerror = (event) => {
      event.preventDefault()
      lost(`its worker ended: ${event.message || 'no reason is known'}`)
    }
    over.addEventListener('abort', () => lost('stopped'), { once: true })
    this.#worker.postMessage(code, [port2])
  }

  ask(chunk: number, limitMs: number): Promise<Told> {
    this.#port.postMessage(chunk)
    return this.answer(limitMs)
  }

  /** What it says next, or that it took too long. What it says without being asked is not heard. */
  answer(limitMs: number): Promise<Told> {
    return new Promise((resolve) => {
      const patience = setTimeout(
        () => this.#heard({ kind: 'refused', why: `took longer than ${limitMs / 1000} s` }),
        limitMs,
      )
      this.#heard = (answer) => {
        clearTimeout(patience)
        this.#heard = () => {}
        resolve(answer)
      }
    })
  }

  end(): void {
    this.#worker.terminate()
    this.#port.close()
  }
}
