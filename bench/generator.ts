/**
 * What one generator costs, in a process of its own: `node generator.js xor4096` prints rows as JSON. The default
 * generator was chosen by these figures among those that pass PractRand (RESULTS.md).
 */
import { Bench } from 'tinybench'
import { checkGenerator, randomStream } from '../lib/random.ts'
import { jobSeed } from '../lib/seed.ts'
import { rowsOf } from './rows.ts'

const DRAWS = 10_000

const [name] = process.argv.slice(2)
checkGenerator(name)
const seeds = Array.from({ length: 100 }, (_, i) => jobSeed(new Uint8Array(32), i))
const random = randomStream(name, seeds[0]!)
let sink = 0

const bench = new Bench({ time: 400, warmupTime: 200 })
bench.add(`${name}: seed`, () =>
  timed(seeds.length, () => {
    for (const seed of seeds) sink += randomStream(name, seed).int32()
  }),
)
bench.add(`${name}: random()`, () =>
  timed(DRAWS, () => {
    for (let i = 0; i < DRAWS; i++) sink += random()
  }),
)
bench.add(`${name}: random.int32()`, () =>
  timed(DRAWS, () => {
    for (let i = 0; i < DRAWS; i++) sink += random.int32()
  }),
)
await bench.run()
if (Number.isNaN(sink)) throw new Error('a generator gave NaN')
console.log(JSON.stringify(rowsOf(bench)))

/** The time of one operation, from a loop of many. */
function timed(operations: number, loop: () => void) {
  const start = bench.now()
  loop()
  const elapsed = bench.now() - start
  return { overriddenDuration: elapsed / operations, overriddenIterationCost: elapsed }
}
