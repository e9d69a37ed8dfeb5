/** A run by arrays, for tests: its store, its scheduler, what its sinks were told, and runners that come and go. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { folderStore } from '../../../runners/array/folder-store.ts'
import { orderKey, PART } from '../../../runners/array/layout.ts'
import { parseOrder } from '../../../runners/array/order.ts'
import { PartWriter, readPart } from '../../../runners/array/parts.ts'
import { type ArrayRunnerOptions, arrayRunner } from '../../../runners/array/runner.ts'
import type { Store } from '../../../runners/array/store.ts'
import { journalSink } from '../../../runners/detached/journal-sink.ts'
import { chunksOf } from '../../../runners/detached/submission.ts'
import { memoryRunner } from '../../../runners/memory.ts'
import type { Assignment, TaskTold } from '../../../runners/runner.ts'
import { type Hooks, Recorder } from '../../conformance/recorder.ts'
import { assign, expectedLeaves, type Made, type Workshop } from '../../conformance/workshop.ts'
import { ProcessEngine, type ProcessEngineOptions } from './process-engine.ts'

/** A sink that keeps what array runners tell beside the usual, over all runners of a run. */
export class Heard extends Recorder {
  readonly tasks: TaskTold[] = []
  /** What is to be given back to the next runner. */
  readonly remembered = new Set<string>()

  task(told: TaskTold): void {
    this.tasks.push(told)
  }

  taken(word: string): void {
    this.remembered.add(word)
  }
}

export class Scene {
  readonly folder: string
  readonly store: Store
  readonly engine: ProcessEngine
  readonly made: Made
  readonly heard: Heard

  constructor(
    t: TestContext,
    workshop: Workshop,
    made: Made,
    options: Partial<ProcessEngineOptions> = {},
    hooks: Hooks = {},
  ) {
    this.made = made
    this.folder = workshop.path('store')
    this.store = folderStore(this.folder)
    this.engine = new ProcessEngine({ store: this.folder, ...options })
    this.heard = new Heard(hooks)
    t.after(() => this.engine.close())
  }

  /** A runner goes on with what is missing, as a supervisor would after a restart. */
  async run(more: Partial<ArrayRunnerOptions> = {}, signal: Hooks['signal'] = undefined): Promise<void> {
    const { heard, engine, store } = this
    const done = new Set(heard.delivered)
    const chunks = Array.from({ length: this.made.chunks }, (_, i) => i).filter((chunk) => !done.has(chunk))
    const lastEngine = Math.max(0, ...heard.engines.map((started) => started.engine))
    const assignment: Assignment = {
      ...assign(this.made, chunks),
      taken: new Set(heard.remembered),
      lastEngine,
    }
    const runner = arrayRunner({
      ...{ engine, store, engines: 1, timeoutMs: null, taskMs: 60, chunkMs: 10, maxTasks: null, lookMs: 30 },
      ...more,
    })
    await runner.execute(assignment, heard, signal ?? new AbortController().signal)
  }

  /** Each chunk came, with the bytes that it must have. */
  async assertWhole(without: readonly number[] = []): Promise<void> {
    const leaves = await expectedLeaves(this.made)
    const asked = [...leaves.keys()].filter((chunk) => !without.includes(chunk))
    assert.deepEqual(this.heard.delivered, asked)
    for (const chunk of asked) assert.equal(this.heard.leaf(chunk), leaves[chunk])
    assert.deepEqual(
      this.heard.aside.map(({ chunk }) => chunk).sort((a, b) => a - b),
      without,
    )
  }

  /** No name was submitted twice, and what was is what the store says. */
  async assertSubmittedOnce(): Promise<void> {
    const names = this.engine.submitted.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length, 'an array was submitted twice')
    for (const { array, name, count } of this.engine.submitted) {
      const order = parseOrder(array, (await this.store.get(orderKey(array)))!)
      assert.deepEqual([order.name, order.tasks.length], [name, count])
    }
  }

  /** Every task was told, by engines that were told before, and has delivered what came. `late`: some were told anew. */
  assertTasksTold(late = false): void {
    const tasks = [...new Map(this.heard.tasks.map((told) => [told.job, told])).values()] // told anew, it is replaced
    assert.ok(late || tasks.length === this.heard.tasks.length, 'a task was told twice')
    const known = new Set(this.heard.engines.map(({ engine }) => engine))
    assert.equal(known.size, this.heard.engines.length, 'a number means one engine')
    for (const { engine } of this.heard.chunks) assert.ok(known.has(engine))
    const ofTasks = tasks.flatMap(({ engines }) => engines)
    assert.equal(new Set(ofTasks).size, ofTasks.length)
    const delivered = tasks.reduce((sum, { chunks }) => sum + chunks, 0)
    assert.equal(delivered, this.heard.chunks.length + this.heard.again.length)
    for (const { engine } of this.heard.chunks) assert.ok(ofTasks.includes(engine))
  }

  /** How often each chunk is in the store. */
  async executed(): Promise<Map<number, number>> {
    const counts = new Map<number, number>()
    for (const key of await this.store.list('parts/'))
      if (PART.test(key))
        for (const told of readPart(key, (await this.store.get(key))!))
          if (told.type === 'chunk') counts.set(told.done.chunk, (counts.get(told.done.chunk) ?? 0) + 1)
    return counts
  }

  /** Executes a task in this process, by the capsule itself. */
  readonly inside = async (array: number, index: number): Promise<number> => {
    const order = parseOrder(array, (await this.store.get(orderKey(array)))!)
    const writer = new PartWriter(
      this.store,
      { array, index },
      {
        failed: (error) => {
          throw error
        },
      },
    )
    const chunks = [...chunksOf(order.tasks[index]!)]
    const assignment = { ...assign(this.made, chunks), hash: order.hash }
    await memoryRunner().execute(assignment, journalSink(writer, 0, new Set()), new AbortController().signal)
    await writer.flush()
    return 0
  }
}
