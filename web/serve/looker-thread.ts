/** The thread in which a lab is read: one look after the other, so that whoever serves pages never waits for a disk. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Lab } from '../../lab/lab.ts'
import { type ErrorRecord, toErrorRecord } from '../../lib/errors.ts'
import { type Looked, type LookName, looksAt } from './looks.ts'

export interface Order {
  readonly order: number
  readonly look: LookName
  readonly words: readonly string[]
}

export type Answered =
  | { readonly order: number; readonly looked: Looked<LookName> }
  | { readonly order: number; readonly error: ErrorRecord }

const { lab, controls } = workerData as { readonly lab: Lab; readonly controls: boolean }
const looks = looksAt(lab, controls)
let last: Promise<unknown> = Promise.resolve()

parentPort!.on('message', (order: Order) => {
  last = last.then(async () => parentPort!.postMessage(await answer(order)))
})

async function answer({ order, look, words }: Order): Promise<Answered> {
  try {
    const action = looks[look] as (
      ...words: readonly string[]
    ) => Looked<LookName> | Promise<Looked<LookName>>
    return { order, looked: await action(...words) }
  } catch (error) {
    return { order, error: toErrorRecord(error, 'storage') }
  }
}
