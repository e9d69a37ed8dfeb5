/** Tells a sink what a part holds, with engines by the numbers that they have among those of all tasks. */
import type { TaskEnded, Told } from '../detached/told.ts'
import type { Assignment, Sink } from '../runner.ts'
import type { KnownTask } from './arrays.ts'
import type { Missing } from './missing.ts'
import type { EngineNumbers } from './numbers.ts'
import type { Numbered } from './words.ts'

export interface PartOf {
  readonly writer: string
  readonly task: KnownTask
  readonly sink: Sink
  readonly missing: Missing
  readonly numbers: EngineNumbers
  readonly wantsProbes: Assignment['wantsProbes']
}

export interface Came {
  readonly chunks: number
  /** How long they took together. */
  readonly ms: number
  /** Engines that got their numbers by this part. */
  readonly engines: readonly Numbered[]
  /** Whether an engine came to work. */
  readonly worked: boolean
}

export function tellPart(
  told: readonly Told[],
  { writer, task, sink, missing, numbers, wantsProbes }: PartOf,
): Came {
  let [chunks, ms, worked] = [0, 0, false]
  const fresh: Numbered[] = []
  const numbered = <T extends { readonly engine: number }>(one: T): T => {
    const known = numbers.of(writer, one.engine)
    if (known !== null) return { ...one, engine: known }
    const engine = numbers.add(writer, one.engine)
    fresh.push([one.engine, engine])
    return { ...one, engine }
  }
  for (const one of told) {
    switch (one.type) {
      case 'chunk':
        chunks++
        ms += one.done.ms
        task.delivered++
        missing.settle(one.done.chunk)
        sink.chunk(numbered(one.done))
        break
      case 'engine':
        worked = true
        sink.engine(numbered(one.started))
        break
      case 'log':
        sink.log(numbered(one.line))
        break
      case 'touched':
        sink.touched(one.touch)
        break
      case 'probed':
        if (wantsProbes?.(one.found.environment) === true) sink.probed?.(numbered(one.found))
        break
      case 'lost':
        sink.lost(numbered(one).engine, one.reason, one.chunks)
        break
      case 'set-aside':
        task.gaveUp++
        if (!missing.isMissing(one.chunk)) break
        missing.settle(one.chunk)
        sink.setAside(one.chunk, one.reason)
        break
      case 'task-ended':
        if (isLater(one.task, task.ended)) task.ended = one.task
    }
  }
  return { chunks, ms, engines: fresh, worked }
}

/** Attempts of a task may be met in any order. */
export function isLater(ended: TaskEnded, before: TaskEnded | null): boolean {
  if (before === null || ended.restarts > before.restarts) return true
  return ended.restarts === before.restarts && ended.ended > before.ended
}
