/**
 * What each function of Math costs, portable and the platform's, in a process of its own: `node math.js` prints rows as
 * JSON. Portable Math is put in place as a capsule's banner does it, and both kinds are called from loops that know no
 * other function, as a compiler likes it. Samples are short, so that few of them are interrupted by others.
 */
import { Bench } from 'tinybench'
import { ROOT } from '../lab/installed.ts'
import { PORTABLE_MATH } from '../lib/math/portable.ts'
import { randomStream } from '../lib/random.ts'
import { stopBuilding } from '../provenance/capsule.ts'
import { portableMath, SETTLE_MATH } from '../provenance/portable-math.ts'
import { rowsOf } from './rows.ts'

type Loop = (f: unknown, a: Float64Array, b: Float64Array) => number
type Numeric = Readonly<Record<string, unknown>>

const CALLS = 2_000
const random = randomStream('xor4096', new Uint8Array(32))
const uniform = (low: number, high: number) => () => low + (high - low) * random()

/** Where arguments are taken from, for functions that are not called with numbers from -10 to 10. */
const RANGES: Readonly<Record<string, () => number>> = {
  acos: uniform(-1, 1),
  acosh: uniform(1, 20),
  asin: uniform(-1, 1),
  atanh: uniform(-1, 1),
  log: uniform(0, 1), // what an exponential draw takes
  log10: uniform(0, 1),
  log1p: uniform(-0.9, 2),
  log2: uniform(0, 1),
  pow: uniform(0, 10),
}

const names = Object.keys(PORTABLE_MATH)
const native = Object.fromEntries(names.map((name) => [name, (Math as unknown as Numeric)[name]]))
new Function(`${await portableMath(ROOT)}${SETTLE_MATH}`)()

const bench = new Bench({ time: 400, warmupTime: 200 })
let sink = 0
for (const name of names) {
  const draw = RANGES[name] ?? uniform(-10, 10)
  const a = Float64Array.from({ length: CALLS }, draw)
  const b = Float64Array.from({ length: CALLS }, uniform(-5, 5))
  add(name, 'portable', (Math as unknown as Numeric)[name], a, b)
  add(name, 'native', native[name], a, b)
}
await bench.run()
if (Number.isNaN(sink)) throw new Error('a sum was NaN')
await stopBuilding()
console.log(JSON.stringify(rowsOf(bench)))

function add(name: string, kind: string, f: unknown, a: Float64Array, b: Float64Array): void {
  const given = ['pow', 'atan2', 'hypot'].includes(name) ? 'a[i], b[i]' : 'a[i]'
  const text = `// ${name}, ${kind}\nlet sum = 0; for (let i = 0; i < ${CALLS}; i++) sum += f(${given}); return sum`
  const loop = new Function('f', 'a', 'b', text) as Loop
  bench.add(`${name} ${kind}`, () => {
    const start = bench.now()
    sink += loop(f, a, b)
    const elapsed = bench.now() - start
    return { overriddenDuration: elapsed / CALLS, overriddenIterationCost: elapsed }
  })
}
