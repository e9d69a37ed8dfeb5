/** A scheduler that takes all arrays and executes nothing: what its tasks would have put is fabricated. */
import type { ArrayEngine, TaskLook } from '../runners/array/engine.ts'
import { handleKey, orderKey } from '../runners/array/layout.ts'
import { parseOrder } from '../runners/array/order.ts'
import { type ArrayRunnerOptions, arrayRunner } from '../runners/array/runner.ts'
import type { Store } from '../runners/array/store.ts'
import { chunksIn } from '../runners/detached/submission.ts'
import type { Runner } from '../runners/runner.ts'

/** As slurm.conf has it where nobody changed it. */
const MAX_ARRAY = 1_001
/** A task takes two minutes on two engines, a chunk half a second. */
const ASKED = { engines: 2, taskMs: 120_000, chunkMs: 500, timeoutMs: null, maxTasks: null } as const

/** `submitted` is told how many chunks an array has. */
export function stubEngine(store: Store, submitted: (chunks: number) => void = () => {}): ArrayEngine {
  return {
    kind: 'stub',
    remedy: 'See the benchmark',
    probe: async () => ({
      ...{ cluster: 'stub', version: '1', maxArray: MAX_ARRAY, maxTasks: null, accounting: false },
    }),
    async stage() {},
    async submit({ array }) {
      for (const task of await tasksOf(store, array)) submitted(chunksIn(task))
      return String(array)
    },
    find: async () => null,
    async status(handles) {
      const looks = new Map<string, Map<number, TaskLook>>()
      for (const handle of handles) {
        const look = (_: unknown, index: number) => [index, lookOf(handle, index)] as const
        looks.set(handle, new Map((await tasksOf(store, Number(handle))).map(look)))
      }
      return looks
    },
    logs: async () => '',
    async cancel() {},
    collect: async () => [],
    async clean() {},
  }
}

/** The runner that a supervisor of such a cluster uses. */
export function stubRunner(store: Store, submitted?: (chunks: number) => void): Runner {
  const options: ArrayRunnerOptions = { ...ASKED, store, engine: stubEngine(store, submitted) }
  return arrayRunner(options)
}

/** Numbers of the arrays that were submitted. */
export async function arraysIn(store: Store): Promise<number[]> {
  const keys = await store.list('arrays/')
  return keys.map((key) => Number(key.split('/')[1])).filter((n, i) => keys[i] === handleKey(n))
}

export async function tasksOf(store: Store, array: number) {
  return parseOrder(array, (await store.get(orderKey(array)))!).tasks
}

function lookOf(handle: string, index: number): TaskLook {
  return { state: 'completed', words: 'COMPLETED', node: null, job: `${handle}_${index}`, restarts: 0 }
}
