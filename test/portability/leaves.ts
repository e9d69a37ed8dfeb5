/** What came of an experiment's chunks on some runner: their leaves, and whose they are. */
import assert from 'node:assert/strict'
import type { Runner } from '../../runners/runner.ts'
import { assign, type Made, rootOf } from '../conformance/workshop.ts'

export interface Leaves {
  /** Leaf hash (hex) by chunk, in order of the chunks. */
  readonly of: ReadonlyMap<number, string>
  readonly texts: ReadonlyMap<number, string>
  /** What the engines call themselves: a version, a browser. */
  readonly engines: readonly string[]
}

/** Executes the chunks. A lost engine, a failed job or a chunk set aside is refused: here it would hide a difference. */
export async function leavesOn(runner: Runner, made: Made, chunks: readonly number[]): Promise<Leaves> {
  const of = new Map<number, string>()
  const texts = new Map<number, string>()
  const engines = new Set<string>()
  const problems: string[] = []
  await runner.execute(
    assign(made, chunks),
    {
      chunk(done) {
        of.set(done.chunk, done.leaf)
        texts.set(done.chunk, new TextDecoder().decode(done.bytes))
        if (done.failed > 0) problems.push(texts.get(done.chunk)!)
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
  const sorted = new Map([...of].sort(([a], [b]) => a - b))
  return { of: sorted, texts, engines: [...engines] }
}

/** The root over these chunks alone. */
export function rootOver(leaves: Leaves): string {
  return rootOf([...leaves.of.values()])
}

/** Holds when every chunk in `found` is the same in `expected`; names the chunks that are not, and where the first differs. */
export function assertSame(found: Leaves, expected: Leaves): void {
  const other = [...found.of.keys()].filter((chunk) => found.of.get(chunk) !== expected.of.get(chunk))
  if (other.length === 0) return
  const [one, two] = [expected, found].map(({ texts }) => texts.get(other[0]!) ?? '')
  let at = 0
  while (at < one!.length && one![at] === two![at]) at++
  const part = (text: string) => text.slice(Math.max(0, at - 40), at + 20)
  assert.fail(
    `${found.engines}: ${other.length} of ${found.of.size} chunks differ (${other}); the first at …${part(one!)}… against …${part(two!)}…`,
  )
}

/** Every chunk, or each `step`-th: with a step that is no divisor of the design's sizes, from all over it. */
export function every(made: Made, step = 1): number[] {
  return Array.from({ length: Math.ceil(made.chunks / step) }, (_, i) => i * step)
}
