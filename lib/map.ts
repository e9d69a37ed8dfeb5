/**
 * `map(fn, items)`: the parallel map. One job per item, results in order, like `Array.prototype.map`, and with a
 * random stream of its own for each.
 */
import type { Point } from './design.ts'
import { RepriseError } from './errors.ts'
import { ASKED, type Asked, assemble, checkKeys, type Experiment, type Job, type Work } from './experiment.ts'

/** What the mapped function gets beside its item. */
export interface MapContext<T>
  extends Omit<Job<{ readonly item: T }, undefined>, 'point' | 'repetition' | 'setup'> {}

/** What `map` may be told besides: all that an experiment may say but its design. */
export type MapOptions = Partial<Omit<Asked<unknown>, 'parameters' | 'repetitions' | 'chunk'>>

const OPTIONS = ASKED.filter((key) => !['parameters', 'repetitions', 'chunk'].includes(key))

/** An experiment with one job per item. Items are JSON values. The function's name names the experiment,
 * unless `name` does; the name is part of what is hashed, so give one where the function may be renamed. */
export function map<T, R>(
  fn: (item: T, context: MapContext<T>) => R | Promise<R>,
  items: readonly T[],
  options: MapOptions = {},
): Experiment<{ readonly item: T }, Awaited<R>, never> {
  checkKeys(options, OPTIONS, 'map')
  const invalid = (subject: string, message: string, remedy: string) =>
    new RepriseError('invalid-experiment', message, { subject, remedy })
  if (typeof fn !== 'function')
    throw invalid('map', 'the first argument is not a function', 'Write map(fn, items)')
  if (!Array.isArray(items))
    throw invalid('map', 'the second argument is not an array', 'Write map(fn, [item, …])')
  if (items.length === 0) throw invalid('map', 'there are no items', 'Give at least one')
  const points = Array.from(items, (item) => ({ item })) as unknown as Point[]
  const run = (job: Job<{ readonly item: T }, undefined>) => fn(job.point.item, job)
  const asked = { ...options, name: options.name ?? (fn.name || 'map'), chunk: 1 }
  return assemble(asked, { work: { run } as unknown as Work, program: null, design: { points } })
}
