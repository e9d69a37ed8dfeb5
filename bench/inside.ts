/**
 * Measurements inside a process, with tinybench: what the parts of executing a chunk cost. Medians, since a mean
 * would hold the garbage collector's and the neighbours' bad moments.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Bench } from 'tinybench'
import { canonical, canonicalJson, parseCanonical } from '../lib/canonical.ts'
import { jobsBytes } from '../lib/chunk.ts'
import { sha256, toHex, utf8 } from '../lib/digest.ts'
import { experimentHash } from '../lib/document.ts'
import { executeChunk, type Ports } from '../lib/execute.ts'
import type { Work } from '../lib/experiment.ts'
import { leafHash, RootBuilder } from '../lib/merkle.ts'
import { DEFAULT_GENERATOR, randomStream } from '../lib/random.ts'
import { chunkSeed, jobSeed, sharedSeed } from '../lib/seed.ts'
import { encode } from '../lib/values.ts'
import { type Row, rowsOf } from './rows.ts'
import { CHUNK, tiny } from './tiny.ts'

const GENERATORS = ['xor4096', 'tychei', 'alea', 'arc4']

/** Kept from being optimised away. */
let sink: unknown

/** Measures everything; some twenty seconds. */
export async function measureInside(): Promise<Row[]> {
  const bench = new Bench({ time: 500, warmupTime: 200 })
  addSeeds(bench)
  addValues(bench)
  addChunks(bench)
  await bench.run()
  return [...measureGenerators(), ...rowsOf(bench)]
}

/** Adds a synchronous operation, timed in groups of `group` so that the clock's grain does not show. */
function add(bench: Bench, what: string, group: number, operation: (i: number) => unknown): void {
  bench.add(
    what,
    () => {
      const start = bench.now()
      for (let i = 0; i < group; i++) sink = operation(i)
      const elapsed = bench.now() - start
      return { overriddenDuration: elapsed / group, overriddenIterationCost: elapsed }
    },
    { async: false },
  )
}

function addSeeds(bench: Bench): void {
  const { document } = tiny(1_000_000)
  const hash = experimentHash(document)
  const owner = chunkSeed(hash, 0)
  const factors = utf8('{"degree":8,"nodes":100000}')
  add(bench, 'experiment hash', 50, () => experimentHash(document))
  add(bench, 'chunk seed', 200, (i) => chunkSeed(hash, i))
  add(bench, 'job seed', 200, (i) => jobSeed(owner, i))
  add(bench, 'shared stream seed', 200, (i) => sharedSeed(hash, 'network', factors, i))
  add(bench, 'hexadecimal of a seed', 500, () => toHex(owner))
}

/**
 * Each generator in a process of its own: an experiment uses one, and a process that has seen all of them compiles
 * the call of `random` for all of them, which costs more than most draws.
 */
function measureGenerators(): Row[] {
  const script = fileURLToPath(new URL('./generator.js', import.meta.url))
  const rows = GENERATORS.map((name) => {
    const output = execFileSync(process.execPath, [script, name], { encoding: 'utf8' })
    return JSON.parse(output) as Row[]
  })
  return rows[0]!.flatMap((_, i) => rows.map((of) => of[i]!))
}

function addValues(bench: Bench): void {
  const small = { removed: 67_357, duration: 157 }
  const random = randomStream(DEFAULT_GENERATOR, new Uint8Array(32))
  const list = Array.from({ length: 1000 }, () => random())
  const typed = new Float64Array(list)
  add(bench, 'encode {removed, duration}', 500, () => encode(small))
  add(bench, 'canonical {removed, duration}', 500, () => canonical(small))
  add(bench, 'canonical 1,000 numbers', 5, () => canonical(list))
  add(bench, 'canonical Float64Array(1,000)', 5, () => canonical(typed))
}

function addChunks(bench: Bench): void {
  const { document, work } = tiny(1_000_000)
  const hash = experimentHash(document)
  const random = randomStream(DEFAULT_GENERATOR, new Uint8Array(32))
  const texts = Array.from({ length: CHUNK }, () => `{"result":${canonicalJson(random())}}`)
  const bytes = jobsBytes(0, texts)
  const size = `${(bytes.length / 1000).toFixed(0)} kB`
  add(bench, `chunk bytes of 1,000 jobs (${size})`, 5, () => jobsBytes(0, texts))
  add(bench, `leaf hash of a chunk (${size})`, 5, () => leafHash(bytes))
  add(bench, `read a chunk strictly (${size})`, 2, () => parseCanonical(bytes))
  const leaves = Array.from({ length: 1000 }, (_, i) => sha256(utf8(String(i))))
  add(bench, 'root over 1,000 chunks', 1, () => {
    const builder = new RootBuilder()
    for (const leaf of leaves) builder.add(leaf)
    return builder.root()
  })
  addExecution(bench, 'execute 1,000 jobs: mean of 100 draws', work!)
  addExecution(bench, 'execute 1,000 jobs: no draw', { run: () => 1 })
  function addExecution(bench: Bench, what: string, work: Work): void {
    let chunk = 0
    bench.add(
      what,
      async () => {
        sink = await executeChunk(document, hash, work, chunk++ % 1000, PORTS)
      },
      { async: true },
    )
  }
}

const PORTS: Ports = {
  input: Object.assign(() => new Uint8Array(0), { text: () => '' }),
  log: () => {},
  at: () => {},
  chance: () => {},
  validate: null,
}

/** What was computed last; reading it keeps the compiler honest. */
export function lastComputed(): unknown {
  return sink
}
