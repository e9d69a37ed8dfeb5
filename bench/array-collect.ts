/** What is done with a run's parts, as it is done: the head's supervisor takes them into its journal, the lab that into its store. */
import { collectRun } from '../lab/collect-run.ts'
import type { RunFolder } from '../lab/lab.ts'
import { folderStore } from '../runners/array/folder-store.ts'
import { partsPrefix } from '../runners/array/layout.ts'
import { readPart } from '../runners/array/parts.ts'
import type { Head } from '../runners/detached/head.ts'
import { farRun } from '../runners/detached/status.ts'
import { journalFrom } from '../runners/detached/stream.ts'
import { supervise } from '../runners/detached/supervise.ts'
import type { Runner } from '../runners/runner.ts'
import { storeOf, type World } from './array-world.ts'

/** All parts of array 1, which is over, into the journal. */
export async function supervised(world: World): Promise<void> {
  const store = folderStore(storeOf(world))
  const runner: Runner = {
    kind: 'slurm',
    engines: 2,
    async execute(_, sink) {
      let engine = 0
      for (const key of await store.list(partsPrefix(1))) {
        const bytes = await store.get(key)
        engine++
        for (const told of readPart(key, bytes!))
          if (told.type === 'chunk') sink.chunk({ ...told.done, engine })
          else if (told.type === 'engine') sink.engine({ ...told.started, engine })
      }
    },
  }
  const state = await supervise(world.far, () => ({
    ...{ capsule: '', inputs: {}, runner, hosts: new Map(), close() {} },
  }))
  if (state !== 'done') throw new Error(`it ended ${state}`)
}

/** The journal into the results of the run, compared, stored and sealed. */
export async function collected(world: World, run: RunFolder): Promise<void> {
  const head = {
    run: async () => farRun(world.far),
    release: async () => farRun(world.far),
    journal: (_: string, ...from: [{ segment: number; offset: number }, boolean, AbortSignal]) =>
      journalFrom(world.far, ...from),
  } as unknown as Head
  const outcome = await collectRun(world.lab, run, head, { follow: false }, new AbortController().signal)
  if (outcome.state !== 'sealed') throw new Error(`it is ${outcome.state}`)
}
