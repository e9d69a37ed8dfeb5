/**
 * Has a lab looked at by a thread of its own, and a new one where that died or took too long: a store that somebody made to be
 * slow, or a run of millions of jobs, ends a look and not the server.
 */
import { Worker } from 'node:worker_threads'
import type { Lab } from '../../lab/lab.ts'
import { fromErrorRecord, RepriseError } from '../../lib/errors.ts'
import type { Answered, Order } from './looker-thread.ts'
import type { Looked, LookName, Looks } from './looks.ts'

/** Looks that wait at most. */
const MOST_WAITING = 16
const MEMORY_MB = 1_024

interface Waiting {
  resolve(looked: unknown): void
  reject(error: Error): void
  readonly timer: NodeJS.Timeout
}

export class Looker {
  readonly #data: { readonly lab: Lab; readonly controls: boolean }
  readonly #patience: number
  readonly #waiting = new Map<number, Waiting>()
  #thread: Worker | null = null
  #orders = 0

  /** `patience`: ms after which a look is given up. */
  constructor(lab: Lab, controls: boolean, patience: number) {
    this.#data = { lab, controls }
    this.#patience = patience
  }

  /** Throws what looking threw; `busy` where too much waits or it takes too long. */
  look<Name extends LookName>(look: Name, ...words: Parameters<Looks[Name]>): Promise<Looked<Name>> {
    if (this.#waiting.size >= MOST_WAITING)
      return Promise.reject(tooMuch('too many wait for the lab to be read'))
    this.#thread ??= this.#start()
    const thread = this.#thread
    const order: Order = { order: ++this.#orders, look, words }
    return new Promise<Looked<Name>>((resolve, reject) => {
      const late = () => this.#end(tooMuch(`took longer than ${this.#patience / 1000} s and was given up`))
      this.#waiting.set(order.order, {
        resolve: (looked) => resolve(looked as Looked<Name>),
        reject,
        timer: setTimeout(late, this.#patience),
      })
      thread.postMessage(order)
    })
  }

  #start(): Worker {
    const thread = new Worker(new URL('./looker-thread.js', import.meta.url), {
      workerData: this.#data,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      stdin: false,
    })
    thread.on('message', (answered: Answered) => this.#take(answered))
    thread.on('error', (error) => {
      if (this.#thread === thread) this.#end(error)
    })
    return thread
  }

  #take(answered: Answered): void {
    const waiting = this.#waiting.get(answered.order)
    if (waiting === undefined) return
    this.#waiting.delete(answered.order)
    clearTimeout(waiting.timer)
    if ('looked' in answered) waiting.resolve(answered.looked)
    else waiting.reject(fromErrorRecord(answered.error))
  }

  /** Ends the thread, and all that waits for it. */
  #end(error: Error): void {
    const thread = this.#thread
    this.#thread = null
    void thread?.terminate()
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(error)
    }
    this.#waiting.clear()
  }

  close(): void {
    this.#end(new RepriseError('interrupted', 'the server ends'))
  }
}

function tooMuch(what: string): RepriseError {
  return new RepriseError('busy', what, {
    subject: 'looking at the lab',
    remedy: 'Try again; on the command line reprise diff and reprise results take as long as it takes',
  })
}
