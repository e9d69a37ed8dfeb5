/** The experiment of a map over a file's function, as the module that was made for it in the capsule asks for it. */
import { RepriseError } from '../lib/errors.ts'
import type { Experiment } from '../lib/experiment.ts'
import { type MapContext, type MapOptions, map } from '../lib/map.ts'
import { decode, type Value } from '../lib/values.ts'

type Mapped = (item: unknown, context: MapContext<unknown>) => unknown

/** Takes the function's module. Where `encoded`, items are texts that hold what JSON has not; the function gets the values. */
export function mapped(
  module: { readonly default?: unknown },
  items: readonly unknown[],
  encoded: boolean,
  options: MapOptions,
): Experiment {
  const made = module.default
  if (typeof made !== 'function') {
    const what = made === undefined ? 'has no default export' : 'has a default export that is no function'
    throw new RepriseError('invalid-experiment', what, {
      remedy: 'Write: export default function (item, { random }) { … }',
    })
  }
  const fn = made as Mapped
  if (!encoded) return map(fn, items, options)
  return map((text, context) => fn(itemOf(text as string), context), items, options)
}

function itemOf(text: string): Value {
  return decode(JSON.parse(text))
}
