/** What `import … from 'reprise'` gives: describing experiments, and the types around them. */

export type { JobError } from './chunk.ts'
export { type CommandSpec, command } from './command.ts'
export {
  type Design,
  type Factor,
  type Listed,
  type Point,
  points,
  range,
  type Zipped,
  zip,
} from './design.ts'
export type { ExperimentDocument } from './document.ts'
export { ERROR_CODES, type ErrorCode, RepriseError } from './errors.ts'
export {
  type Asked,
  type Experiment,
  type ExperimentSpec,
  experiment,
  type GuardPolicy,
  type Input,
  type Job,
  type MathKind,
  type Parameters,
  type PointOf,
  type ResultOf,
  type Setup,
  type Stream,
} from './experiment.ts'
export { type MapContext, type MapOptions, map } from './map.ts'
export type { Generator, Random } from './random.ts'
export type { Json, TypedArray, Value } from './values.ts'
