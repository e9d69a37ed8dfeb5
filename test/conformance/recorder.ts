/** A sink that keeps all it is told, and what must hold of it whatever happened. */
import assert from 'node:assert/strict'
import { leafOf, type Touch } from '../../runners/protocol.ts'
import type { Assignment, ChunkDone, EngineStarted, LogLine, Runner, Sink } from '../../runners/runner.ts'

/** What a case does while chunks are executed. */
export interface Hooks {
  readonly engine?: (started: EngineStarted) => void
  readonly chunk?: (done: ChunkDone) => void
  readonly signal?: AbortSignal
}

export interface Loss {
  readonly engine: number
  readonly reason: string
  readonly chunks: readonly number[]
}

export class Recorder implements Sink {
  readonly chunks: ChunkDone[] = []
  readonly logs: LogLine[] = []
  readonly engines: EngineStarted[] = []
  readonly touches: Touch[] = []
  readonly losses: Loss[] = []
  readonly aside: { chunk: number; reason: string }[] = []
  /** Chunks that came a second time. */
  readonly again: number[] = []
  readonly #leaves = new Map<number, string>()
  readonly #hooks: Hooks
  over = false

  constructor(hooks: Hooks) {
    this.#hooks = hooks
  }

  chunk(done: ChunkDone): void {
    assert.equal(this.over, false, 'a chunk was told after the end')
    const before = this.#leaves.get(done.chunk)
    if (before !== undefined) {
      assert.equal(done.leaf, before, 'executed twice, a chunk gave other bytes')
      this.again.push(done.chunk)
      return
    }
    this.#leaves.set(done.chunk, done.leaf)
    this.chunks.push({ ...done, bytes: Uint8Array.from(done.bytes) })
    this.#hooks.chunk?.(done)
  }

  log(line: LogLine): void {
    this.logs.push(line)
  }

  engine(started: EngineStarted): void {
    this.engines.push(started)
    this.#hooks.engine?.(started)
  }

  touched(touch: Touch): void {
    this.touches.push(touch)
  }

  lost(engine: number, reason: string, chunks: readonly number[]): void {
    this.losses.push({ engine, reason, chunks: [...chunks] })
  }

  setAside(chunk: number, reason: string): void {
    this.aside.push({ chunk, reason })
  }

  /** All that was said, put together. */
  get text(): string {
    return this.logs.map((line) => line.text).join('')
  }

  /** Chunks delivered, ascending. */
  get delivered(): number[] {
    return this.chunks.map(({ chunk }) => chunk).sort((a, b) => a - b)
  }

  leaf(chunk: number): string | undefined {
    return this.#leaves.get(chunk)
  }

  words(chunk: number): string {
    return Buffer.from(this.chunks.find((done) => done.chunk === chunk)!.bytes).toString('utf8')
  }
}

/**
 * Executes, and checks what must hold in any case: sound leaves, no chunk twice but where a runner may do that, no process
 * left behind.
 */
export async function record(
  runner: Runner,
  assignment: Assignment,
  hooks: Hooks = {},
  mayRepeat = false,
): Promise<Recorder> {
  const recorder = new Recorder(hooks)
  try {
    await runner.execute(assignment, recorder, hooks.signal ?? new AbortController().signal)
  } finally {
    recorder.over = true
    for (const { pid } of recorder.engines) await gone(pid)
  }
  if (!mayRepeat) assert.deepEqual(recorder.again, [], 'a chunk was told twice')
  for (const { bytes, leaf } of recorder.chunks) assert.equal(leafOf(bytes), leaf)
  return recorder
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until the process is gone; fails when it stays. */
export async function gone(pid: number, ms = 5_000): Promise<void> {
  if (pid === process.pid) return
  const until = performance.now() + ms
  while (alive(pid)) {
    assert.ok(performance.now() < until, `process ${pid} is still there`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
