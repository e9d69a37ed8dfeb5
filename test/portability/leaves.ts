/** What came of an experiment's chunks on some runner: their leaves, and whose they are. */
import assert from 'node:assert/strict'
import type { Runner } from '../../runners/runner.ts'
import { assign, type Made } from '../conformance/workshop.ts'

export interface Leaves {
  /** Leaf hash (hex) by chunk. */
  readonly of: ReadonlyMap<number, string>
  readonly bytes: ReadonlyMap<number, Uint8Array>
  /** What the engines call themselves: a version, a browser. */
  readonly engines: readonly string[]
}

/** Executes the chunks. A lost engine, a failed job or a chunk set aside is refused: here it would hide a difference. */
export async function leavesOn(runner: Runner, made: Made, chunks: readonly number[]): Promise<Leaves> {
  const of = new Map<number, string>()
  const bytes = new Map<number, Uint8Array>()
  const engines = new Set<string>()
  const problems: string[] = []
  await runner.execute(
    assign(made, chunks),
    {
      chunk(done) {
        of.set(done.chunk, done.leaf)
        bytes.set(done.chunk, done.bytes)
        if (done.failed > 0) problems.push(new TextDecoder().decode(done.bytes))
      },
      engine: ({ node }) => engines.add(node),
      log: () => {},
      touched: () => {},
      lost: (engine, reason) => problems.push(`engine ${engine} was lost: ${reason}`),
      setAside: (chunk, reason) => problems.push(`chunk ${chunk} was set aside: ${reason}`),
    },
    new AbortController().signal,
  )
  assert.deepEqual(problems, [])
  assert.equal(of.size, chunks.length)
  return { of, bytes, engines: [...engines] }
}
