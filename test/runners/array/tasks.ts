/** Tasks for tests: a store with an order as a supervisor would put it, and the program that a job script calls, as a process. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderStore } from '../../../runners/array/folder-store.ts'
import { type ArrayTasks, orderKey, PART, partsPrefix } from '../../../runners/array/layout.ts'
import { readPart } from '../../../runners/array/parts.ts'
import type { Store } from '../../../runners/array/store.ts'
import { TASK } from '../../../runners/array/task-words.ts'
import { headProgram } from '../../../runners/detached/program.ts'
import { rangesOf } from '../../../runners/detached/submission.ts'
import type { Told } from '../../../runners/detached/told.ts'
import type { Made, Workshop } from '../../conformance/workshop.ts'

const TASKER = fileURLToPath(new URL('tasker.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly words: string
}

export class Tasks {
  readonly folder: string
  readonly store: Store
  readonly #workshop: Workshop
  readonly #started = new Set<ChildProcess>()

  constructor(t: TestContext, workshop: Workshop) {
    this.#workshop = workshop
    this.folder = workshop.path('store')
    this.store = folderStore(this.folder)
    t.after(() => {
      for (const child of this.#started) child.kill('SIGKILL')
    })
  }

  /** Puts the order of array 1, with all chunks in one task where nothing else is said. */
  async order(made: Made, more: Partial<ArrayTasks> = {}): Promise<void> {
    const all = rangesOf(Array.from({ length: made.chunks }, (_, i) => i))
    const { capsule, hash } = made
    const order: ArrayTasks = {
      ...{
        format: 'reprise/array/1',
        hash,
        capsule,
        inputs: {},
        engines: 2,
        timeoutMs: null,
        silenceMs: null,
      },
      ...{ tasks: [all], name: 'test-1', ...more },
    }
    await this.store.put(orderKey(1), Buffer.from(JSON.stringify(order)))
  }

  /** By the program that travels. */
  async bundled(index = 0, restarts = 0) {
    const { bytes } = await headProgram()
    return this.#start([this.#workshop.file('program.mjs', bytes), TASK, ...this.#words(index, restarts)])
  }

  /** Puts what it is told soon; perhaps through another program. */
  soon(index = 0, restarts = 0, through: readonly string[] = []) {
    return this.#start([TASKER, ...this.#words(index, restarts)], through)
  }

  #words(index: number, restarts: number): string[] {
    return [this.folder, '1', String(index), `9_${index}`, 'n1', String(restarts)]
  }

  #start(words: readonly string[], through: readonly string[] = []) {
    const [program, ...all] = [...through, process.execPath, ...words]
    const child = spawn(program!, all, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#started.add(child)
    let told = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text
    })
    const ended = new Promise<Finished>((resolve) => {
      child.on('close', (code) => {
        this.#started.delete(child)
        resolve({ code, words: told })
      })
    })
    return { child, ended }
  }

  parts(): Promise<string[]> {
    return this.store.list(partsPrefix(1))
  }

  /** All that is in the store's parts, with the writer that put it. */
  async told(): Promise<(Told & { readonly writer: string })[]> {
    const found: (Told & { readonly writer: string })[] = []
    for (const key of await this.parts()) {
      const writer = PART.exec(key)![3]!
      for (const told of readPart(key, (await this.store.get(key))!)) found.push({ ...told, writer })
    }
    return found
  }

  async chunks(): Promise<{ chunk: number; leaf: string; writer: string }[]> {
    return (await this.told()).flatMap((told) =>
      told.type === 'chunk' ? [{ chunk: told.done.chunk, leaf: told.done.leaf, writer: told.writer }] : [],
    )
  }

  async ends() {
    return (await this.told()).flatMap((told) => (told.type === 'task-ended' ? [told.task] : []))
  }
}
