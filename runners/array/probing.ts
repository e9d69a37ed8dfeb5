/** Which environments are probed by a task: those in which no task has been, as far as the store said when it began. */
import { createHash } from 'node:crypto'
import type { Probed } from '../runner.ts'
import { probedKey } from './layout.ts'
import type { PartWriter } from './parts.ts'
import type { Store } from './store.ts'

export interface Probing {
  wantsProbes(environment: string): boolean
  /** To be told after the sink: that there are outcomes is put after the outcomes themselves. */
  probed(found: Probed): void
  /** Settles when all of it is put. */
  noted(): Promise<void>
}

/** `fail` is told where it cannot be noted. Throws `storage`. */
export async function probing(
  store: Store,
  writer: PartWriter,
  fail: (error: Error) => void,
): Promise<Probing> {
  const known = new Set(await store.list(probedKey('')))
  const notes: Promise<unknown>[] = []
  return {
    wantsProbes: (environment) => known.size < known.add(keyOf(environment)).size,
    probed({ environment }) {
      const put = async (there: boolean) => there && store.put(keyOf(environment), Buffer.from(environment))
      notes.push(writer.flush().then(put).catch(fail))
    },
    async noted() {
      await Promise.all(notes)
    },
  }
}

function keyOf(environment: string): string {
  return probedKey(createHash('sha256').update(environment).digest('hex'))
}
