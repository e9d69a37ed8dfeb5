/**
 * What portable Math costs: function by function, in a process of its own, and in a whole experiment that is made of
 * logarithms as much as experiments are: the epidemic of the examples, with either Math, in pairs.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MathKind } from '../lib/experiment.ts'
import { type Run, reprise } from './processes.ts'
import { type Measured, quietly } from './quiet.ts'
import type { Row } from './rows.ts'
import { median, table, time } from './table.ts'

const COMPILED = fileURLToPath(new URL('.', import.meta.url)) // dist/bench
const EXAMPLES = join(COMPILED, '../../examples')
const ENGINES = 2

/** The functions one by one: medians of both within one process, and their ratio. */
export function functionsTable(): string {
  const output = execFileSync(process.execPath, [join(COMPILED, 'math.js')], { encoding: 'utf8' })
  const rows = JSON.parse(output) as Row[]
  const lines: string[][] = []
  for (let i = 0; i < rows.length; i += 2) {
    const [portable, native] = [rows[i]!.nanoseconds, rows[i + 1]!.nanoseconds]
    lines.push([
      rows[i]!.what.replace(' portable', ''),
      time(portable),
      time(native),
      (portable / native).toFixed(2),
    ])
  }
  return table(['function', 'portable', 'native', 'ratio'], lines)
}

/** The epidemic whole, with either Math: A B, B A, … and the medians of the ratios within a pair. */
export async function epidemicTable(repeats = 5): Promise<string> {
  const [portable, native] = [epidemic('portable'), epidemic('native')]
  const pairs: { portable: Measured<Run>; native: Measured<Run> }[] = []
  for (let i = 0; i < repeats; i++) {
    const first = await quietly(() => reprise(i % 2 === 0 ? portable : native, ENGINES))
    const second = await quietly(() => reprise(i % 2 === 0 ? native : portable, ENGINES))
    pairs.push(i % 2 === 0 ? { portable: first, native: second } : { portable: second, native: first })
  }
  const row = (what: string, of: (run: Measured<Run>) => number) => [
    what,
    `${median(pairs.map((pair) => of(pair.portable))).toFixed(2)} s`,
    `${median(pairs.map((pair) => of(pair.native))).toFixed(2)} s`,
    median(pairs.map((pair) => of(pair.portable) / of(pair.native))).toFixed(3),
  ]
  const others = Math.max(...pairs.flatMap((pair) => [pair.portable.others, pair.native.others]))
  return table(
    [`the epidemic, others took ≤ ${(100 * others).toFixed(1)} %`, 'portable', 'native', 'ratio'],
    [
      row('whole process', (run) => run.value.seconds),
      row('from started to sealed', (run) => run.value.phase),
      row('processor time', (run) => run.processor),
    ],
  )
}

/** A copy of the example that asks for one or the other. */
function epidemic(math: MathKind): string {
  const folder = join(COMPILED, 'generated')
  mkdirSync(folder, { recursive: true })
  const text = readFileSync(join(EXAMPLES, 'epidemic.ts'), 'utf8')
  const asking = text.replace("name: 'epidemic',", `name: 'epidemic', math: '${math}',`)
  if (asking === text) throw new Error('the example does not say its name where it did')
  copyFileSync(join(EXAMPLES, 'network.ts'), join(folder, 'network.ts'))
  const file = join(folder, `epidemic-${math}.ts`)
  writeFileSync(file, asking)
  return file
}
