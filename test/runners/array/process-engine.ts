/**
 * An array engine of this machine, for tests: each task is a process, started as a job script would start it, a few at a time. It
 * knows what it was told for as long as the test lasts, whoever asks; and it does on demand what real ones do only seldom.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RepriseError } from '../../../lib/errors.ts'
import type {
  ArrayEngine,
  ArrayOrder,
  EngineFacts,
  TaskLook,
  TaskState,
  TaskUsage,
} from '../../../runners/array/engine.ts'

const TASKER = fileURLToPath(new URL('tasker.js', import.meta.url))

export type Call = 'probe' | 'stage' | 'submit' | 'find' | 'status' | 'logs' | 'cancel' | 'collect'

export interface ProcessEngineOptions {
  readonly store: string
  /** Tasks that run at once. */
  readonly slots?: number
  readonly facts?: Partial<EngineFacts>
  /** Told before each call; what it throws is the answer, and nothing is done. */
  readonly before?: (call: Call, engine: ProcessEngine) => void
  /** Told after each call; what it throws is the answer, though it was done. */
  readonly after?: (call: Call, engine: ProcessEngine) => void
  /** The program of a task and its first words, before those of tasks. */
  readonly program?: readonly string[]
  /** In place of a process: executes a task in here, and gives its exit code. */
  readonly inside?: (array: number, index: number) => Promise<number>
  /** Told when a task was started. */
  readonly started?: (task: FakeTask, engine: ProcessEngine) => void
}

export interface FakeTask {
  readonly handle: string
  readonly array: number
  readonly index: number
  state: TaskState
  restarts: number
  child: ChildProcess | null
  /** What its end is to be called, whatever it was. */
  as: TaskState | null
}

export class ProcessEngine implements ArrayEngine {
  readonly kind = 'processes'
  readonly remedy = 'See what tasks printed'
  /** Names that were submitted, each as often as it was. */
  readonly submitted: ArrayOrder[] = []
  readonly tasks: FakeTask[] = []
  readonly calls: Call[] = []
  /** Arrays that it does not know any more. */
  readonly forgotten = new Set<string>()
  readonly #options: ProcessEngineOptions
  readonly #handles = new Map<string, string>()
  #closed = false

  constructor(options: ProcessEngineOptions) {
    this.#options = options
  }

  probe(): Promise<EngineFacts> {
    const { facts = {} } = this.#options
    return this.#call('probe', () => ({
      ...{ cluster: 'here', version: '1', maxArray: 1001, maxTasks: null, accounting: false },
      ...facts,
    }))
  }

  stage(): Promise<void> {
    return this.#call('stage', () => {})
  }

  submit(order: ArrayOrder): Promise<string> {
    return this.#call('submit', () => {
      const { maxArray = 1001, maxTasks = null } = this.#options.facts ?? {}
      const active = this.tasks.filter(({ state }) => state === 'pending' || state === 'running').length
      if (order.count > maxArray) throw new RepriseError('usage', 'too large an array')
      if (maxTasks !== null && active + order.count > maxTasks) throw new RepriseError('busy', 'no room')
      this.submitted.push(order)
      const handle = String(100 + this.submitted.length)
      this.#handles.set(order.name, handle)
      for (let index = 0; index < order.count; index++)
        this.tasks.push({
          handle,
          array: order.array,
          index,
          state: 'pending',
          restarts: 0,
          child: null,
          as: null,
        })
      this.#fill()
      return handle
    })
  }

  find(name: string): Promise<string | null> {
    return this.#call('find', () => {
      const handle = this.#handles.get(name)
      return handle === undefined || this.forgotten.has(handle) ? null : handle
    })
  }

  status(handles: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<number, TaskLook>>> {
    return this.#call('status', () => {
      const known = handles.filter((handle) => !this.forgotten.has(handle))
      return new Map(known.map((handle) => [handle, this.#looks(handle)]))
    })
  }

  logs(array: number, index: number): Promise<string> {
    return this.#call('logs', () => {
      const path = this.#logPath(array, index)
      return existsSync(path) ? readFileSync(path, 'utf8').slice(-4_000) : ''
    })
  }

  cancel(handles: readonly string[]): Promise<void> {
    return this.#call('cancel', () => {
      for (const task of this.tasks) if (handles.includes(task.handle)) this.end(task, 'cancelled', 'SIGTERM')
    })
  }

  collect(handle: string): Promise<readonly TaskUsage[]> {
    return this.#call('collect', () =>
      this.tasks
        .filter((task) => task.handle === handle && task.state !== 'pending' && task.state !== 'running')
        .map(({ index, state }) => ({
          ...{ index, job: `${handle}_${index}`, node: 'n1', state, exit: '0:0' },
          ...{ started: '2026-01-01T00:00:00.000Z', ended: '2026-01-01T00:01:00.000Z' },
          ...{ cpuMs: 1_000, maxRssBytes: 2 ** 20 },
        })),
    )
  }

  async clean(): Promise<void> {}

  /** As if it were killed, or had never been begun: its end is called so. */
  end(task: FakeTask, as: TaskState, signal: NodeJS.Signals = 'SIGKILL'): void {
    if (task.state === 'pending') task.state = as
    if (task.state !== 'running' || task.as !== null) return
    task.as = as
    task.child!.kill(signal)
    if (signal !== 'SIGKILL') setTimeout(() => task.child?.kill('SIGKILL'), 5_000).unref()
  }

  /** It is killed, and started again. */
  requeue(task: FakeTask): void {
    this.end(task, 'pending')
  }

  /** The same, but for what is said here. */
  but(changes: Partial<ArrayEngine>): ArrayEngine {
    return {
      kind: this.kind,
      remedy: this.remedy,
      probe: () => this.probe(),
      stage: () => this.stage(),
      submit: (order) => this.submit(order),
      find: (name) => this.find(name),
      status: (handles) => this.status(handles),
      logs: (array, index) => this.logs(array, index),
      cancel: (handles) => this.cancel(handles),
      collect: (handle) => this.collect(handle),
      clean: () => this.clean(),
      ...changes,
    }
  }

  close(): void {
    this.#closed = true
    for (const { child } of this.tasks) child?.kill('SIGTERM')
  }

  #looks(handle: string): ReadonlyMap<number, TaskLook> {
    const own = this.tasks.filter((task) => task.handle === handle)
    return new Map(
      own.map(({ index, state, restarts }) => [
        index,
        { state, words: state.toUpperCase(), node: 'n1', job: `${handle}_${index}`, restarts },
      ]),
    )
  }

  #fill(): void {
    const { slots = 2 } = this.#options
    let free = slots - this.tasks.filter(({ state }) => state === 'running').length
    for (const task of this.tasks) {
      if (this.#closed || free < 1) return
      if (task.state !== 'pending') continue
      free--
      this.#start(task)
    }
  }

  #start(task: FakeTask): void {
    const { store, program = [process.execPath, TASKER], inside, started } = this.#options
    if (inside !== undefined) {
      task.state = 'running'
      inside(task.array, task.index).then(
        (code) => this.#over(task, code),
        () => this.#over(task, 1),
      )
      return
    }
    const words = [store, task.array, task.index, `${task.handle}_${task.index}`, 'n1', task.restarts]
    const log = openSync(this.#logPath(task.array, task.index), 'a')
    const child = spawn(program[0]!, [...program.slice(1), ...words.map(String)], {
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    Object.assign(task, { state: 'running', child })
    const over = (code: number | null) => {
      if (task.child === child) this.#over(task, code)
    }
    child.on('error', () => over(127))
    child.on('close', over)
    started?.(task, this)
  }

  #over(task: FakeTask, code: number | null): void {
    const state = task.as ?? (code === 0 ? 'completed' : 'failed')
    if (state === 'pending') task.restarts++
    Object.assign(task, { state, child: null, as: null })
    this.#fill()
  }

  #logPath(array: number, index: number): string {
    const folder = join(this.#options.store, 'logs')
    mkdirSync(folder, { recursive: true })
    return join(folder, `${array}_${index}.txt`)
  }

  async #call<T>(call: Call, act: () => T): Promise<T> {
    this.calls.push(call)
    this.#options.before?.(call, this)
    const answer = act()
    this.#options.after?.(call, this)
    return answer
  }
}
