/** What `import … from 'reprise'` gives: describing experiments, and the types around them. */
export { type CommandSpec, command } from './command.ts'
export { points, range, zip } from './design.ts'
export type { ExperimentDocument } from './document.ts'
export { ERROR_CODES, type ErrorCode, RepriseError } from './errors.ts'
export {
  type Experiment,
  type ExperimentSpec,
  experiment,
  type GuardPolicy,
  type Input,
  type Job,
  type MathKind,
  type PointOf,
  type ResultOf,
  type Setup,
  type Stream,
} from './experiment.ts'
export { type MapContext, type MapOptions, map } from './map.ts'
export type { Generator, Random } from './random.ts'
export type { TypedArray, Value } from './values.ts'
