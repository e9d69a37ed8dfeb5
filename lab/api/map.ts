/** `lab.map`: from a file and items to the mapping that the capsule is made around, and from its run back to values. */
import { basename, extname } from 'node:path'
import { canonicalJson } from '../../lib/canonical.ts'
import { RepriseError } from '../../lib/errors.ts'
import { encode, type Json } from '../../lib/values.ts'
import type { Mapping } from '../../provenance/mapped-module.ts'
import type { JobRow, MapRunOptions, Run } from './types.ts'

/** Words of the experiment; the others say how it is executed. */
export const ASKED_OF_MAP = ['name', 'random', 'seed', 'result', 'inputs', 'probes', 'math', 'guard'] as const

/** JSON items stand in the design as they are; where one is more than JSON, all are there as texts. */
export function mappingOf(file: string, items: readonly unknown[], options: MapRunOptions): Mapping {
  if (!Array.isArray(items)) {
    throw new RepriseError('usage', 'is not an array', {
      subject: 'items',
      remedy: 'Write map(file, [item, …])',
    })
  }
  const values = Array.from(items, itemJson)
  const encoded = values.some(isMoreThanJson)
  const asked = ASKED_OF_MAP.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]]))
  return {
    items: encoded ? values.map(canonicalJson) : values,
    encoded,
    options: { name: basename(file, extname(file)), ...Object.fromEntries(asked) },
  }
}

function itemJson(item: unknown, i: number): Json {
  try {
    return encode(item, `items[${i}]`)
  } catch (error) {
    const { message } = error as Error
    throw new RepriseError('invalid-experiment', message, {
      remedy: 'Give JSON values, bigints or typed arrays',
      cause: error,
    })
  }
}

/** Whether a value's JSON form has tags. */
function isMoreThanJson(json: Json): boolean {
  if (typeof json !== 'object' || json === null) return false
  if (Array.isArray(json)) return json.some(isMoreThanJson)
  return Object.entries(json).some(([key, item]) => key.startsWith('$') || isMoreThanJson(item as Json))
}

/** The values in order. Throws what stopped the run, or names the first item that failed. */
export async function mappedValues(run: Run): Promise<unknown[]> {
  const rows = (await run.get()) as JobRow<unknown, unknown>[]
  const failed = rows.findIndex(({ error }) => error !== undefined)
  if (failed === -1) return rows.map(({ result }) => result)
  const { name, message } = rows[failed]!.error!
  const many = rows.filter(({ error }) => error !== undefined).length
  throw new RepriseError('incomplete', `failed: ${name}: ${message}`, {
    subject: `item ${failed}`,
    remedy: `${rows.length - many} of ${rows.length} items are done: see run ${run.id}`,
  })
}
