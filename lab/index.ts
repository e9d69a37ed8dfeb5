/**
 * What `import … from 'reprise'` gives a program under Node: all that an experiment needs, and `open` for those that submit
 * runs and collect them. Importing it is quick: what does the work is loaded by `open`. Inside capsules, and in browsers,
 * `reprise` is lib/index.ts alone.
 */
export * from '../lib/index.ts'
export type { StratumKind } from '../lib/strata.ts'
export type { Divergence } from '../provenance/explain.ts'
export type {
  AgainOptions,
  ExecuteOptions,
  ItemOf,
  JobRow,
  Lab,
  Mapped,
  MapRunOptions,
  Progress,
  RerunOptions,
  ResultsOptions,
  RowOf,
  RowPlace,
  Run,
  SubmitOptions,
  SummaryRow,
  WaitOptions,
} from './api/types.ts'
export type { StateName } from './state.ts'
export type { Verdict } from './verdict.ts'

import type { Lab } from './api/types.ts'

/**
 * Opens the lab of a folder, this process's own when not given: `.reprise` in the nearest folder upwards that has one, a
 * package.json or .git. Nothing is made there before something is submitted.
 */
export async function open(folder: string | URL = '.'): Promise<Lab> {
  const { openLab } = await import('./api/open.ts')
  return openLab(folder)
}
