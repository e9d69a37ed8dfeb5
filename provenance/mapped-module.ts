/**
 * The experiment of a map over a file's function: a module that no file holds, made for the capsule. It names the function's
 * module, lists the items, and leaves the rest to runners/mapped.ts.
 */
import type { Json } from '../lib/values.ts'

/** A function that a file exports is to be mapped over these. */
export interface Mapping {
  /** JSON values, or the canonical text of each, where `encoded`. */
  readonly items: readonly Json[]
  readonly encoded: boolean
  /** What the experiment is asked beside that: JSON, with a name. */
  readonly options: { readonly name: string } & Readonly<Record<string, Json>>
}

/** Source of the module whose default export is the experiment; `reprise:function` is the file. */
export function mappedModule({ items, encoded, options }: Mapping): string {
  return `import * as module from 'reprise:function'
import { mapped } from 'reprise:mapped'
export default mapped(module, ${JSON.stringify(items)}, ${encoded}, ${JSON.stringify(options)})
`
}
