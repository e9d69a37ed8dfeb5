/**
 * In place of the program that executes chunks: it writes down how it was called, then does what it was told to for its index, and
 * says so when it is to end. Beside it, what tests of the engine share.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ArrayEngine, TaskLook } from '../../../runners/array/engine.ts'
import { type SlurmOptions, slurmEngine } from '../../../runners/slurm/engine.ts'
import type { SlurmWishes } from '../../../runners/slurm/profile.ts'
import type { SlurmCluster } from '../../slurm/cluster.ts'
import { until } from '../../sshd/processes.ts'
import type { Lasting } from '../../sshd/site.ts'

const PROGRAM = `
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const [, store, array, index, , , restarts] = process.argv.slice(2)
mkdirSync(store + '/said', { recursive: true })
const words = { words: process.argv.slice(2), cwd: process.cwd(), greeting: process.env.GREETING }
writeFileSync(store + '/said/' + array + '.' + index + '.' + restarts, JSON.stringify(words))
console.log('task ' + index + ' begins, ' + restarts)
const path = store + '/manners/' + array
const manner = existsSync(path) ? readFileSync(path, 'utf8') : 'end'
process.on('SIGTERM', () => {
  console.log('heard that it is to end')
  process.exit(0)
})
if (manner === 'wait') setInterval(() => {}, 1000)
if (manner === 'work') {
  const kept = Buffer.alloc(150e6, 1)
  const end = Date.now() + 5000
  while (Date.now() < end) kept[Date.now() % 1000] += 1
}
if (manner === 'fail') process.exitCode = 3
if (manner === 'die') process.kill(process.pid, 'SIGKILL')
`

/** What the tasks of an array do when they have said how they were called. */
export type Manner = 'end' | 'wait' | 'work' | 'fail' | 'die'

export class Stage {
  readonly store: string
  readonly program: string
  readonly #slurm: SlurmCluster

  /** \`name\` is that of the store's folder. */
  constructor(t: Lasting, slurm: SlurmCluster, name = 'store') {
    const folder = mkdtempSync(join(tmpdir(), 'reprise-slurm-stage-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    this.#slurm = slurm
    this.store = join(folder, name)
    this.program = join(folder, "it's a program.mjs")
    mkdirSync(join(this.store, 'manners'), { recursive: true })
    writeFileSync(this.program, PROGRAM)
  }

  engine(wishes: SlurmWishes = {}, more: Partial<SlurmOptions> = {}): ArrayEngine {
    const { program } = this
    const env = { ...process.env, ...this.#slurm.env }
    return slurmEngine({ wishes, storeFolder: this.store, program, node: process.execPath, env, ...more })
  }

  behave(array: number, manner: Manner): void {
    writeFileSync(join(this.store, 'manners', String(array)), manner)
  }

  /** How tasks were called: `ARRAY.INDEX.RESTARTS` → words. */
  said(): Map<string, { words: string[]; cwd: string; greeting?: string }> {
    try {
      const names = readdirSync(join(this.store, 'said'))
      return new Map(
        names.map((name) => [name, JSON.parse(readFileSync(join(this.store, 'said', name), 'utf8'))]),
      )
    } catch {
      return new Map() // not there, or being written
    }
  }
}

/** A name unlike any other. */
export const newName = (() => {
  let count = 0
  return () => `reprise-test-${process.pid}-${++count}`
})()

/** Stages and submits. */
export async function submitted(
  engine: ArrayEngine,
  array: number,
  count: number,
  name = newName(),
): Promise<string> {
  await engine.stage({ name, array, count })
  return engine.submit({ name, array, count })
}

/** What is known of the tasks of an array, as soon as it is so. */
export async function untilTasks(
  engine: ArrayEngine,
  handle: string,
  what: string,
  so: (looks: readonly TaskLook[]) => boolean,
): Promise<readonly TaskLook[]> {
  let looks: readonly TaskLook[] = []
  try {
    await until(
      what,
      async () => {
        const tasks = (await engine.status([handle])).get(handle) ?? new Map<number, TaskLook>()
        looks = [...tasks].sort(([a], [b]) => a - b).map(([, look]) => look)
        return looks.length > 0 && so(looks)
      },
      180_000,
    )
  } catch (error) {
    throw new Error(`${(error as Error).message}; it was ${JSON.stringify(looks.slice(0, 20))}`)
  }
  return looks
}

export const allAre =
  (...states: readonly string[]) =>
  (looks: readonly TaskLook[]) =>
    looks.every(({ state }) => states.includes(state))
