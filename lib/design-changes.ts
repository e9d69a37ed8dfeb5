/**
 * How two experiment documents differ, factor by factor, and what each difference means for their results. Any
 * difference makes another experiment hash, hence other seeds everywhere.
 */
import { canonical } from './canonical.ts'
import type { Design, Factor } from './design.ts'
import type { ExperimentDocument } from './document.ts'
import type { Json } from './values.ts'

export interface DesignChange {
  readonly what: string
  /** Of a factor, how many values it has; null where it is not there. */
  readonly left: Json
  readonly right: Json
  /** Values of a factor that only one side has: the first ones, and how many there are. */
  readonly removed?: ListedValues
  readonly added?: ListedValues
  readonly means: string
}

export interface ListedValues {
  readonly count: number
  readonly first: readonly Json[]
}

const MOST_VALUES = 10
const MOST_TEXT = 200

const MEANS = {
  name: 'another name: the same question under other seeds',
  repetitions: 'another number of jobs at each point',
  chunk: 'another division into chunks: other seeds for the same jobs',
  random: 'another generator: other numbers from other seeds',
  seed: 'another seed: independent samples of the same question',
} as const

/** Every difference of what is asked; none when the experiments are the same. */
export function designChanges(left: ExperimentDocument, right: ExperimentDocument): DesignChange[] {
  const plain = (Object.keys(MEANS) as (keyof typeof MEANS)[]).flatMap((what) =>
    left[what] === right[what]
      ? []
      : [{ what, left: shortened(left[what]), right: shortened(right[what]), means: MEANS[what] }],
  )
  return [...factorChanges(left.design, right.design), ...plain]
}

function factorChanges(left: Design, right: Design): DesignChange[] {
  const [kinds, factors] = [[left, right].map(kindOf), [left, right].map(factorsOf)]
  const byName = (list: readonly Factor[] = []) => new Map(list.map((factor) => [factor.name, factor]))
  const [l, r] = [byName(factors[0]), byName(factors[1])]
  const names = [...new Set([...l.keys(), ...r.keys()])]
  const changes = names.flatMap((name) => factorChange(name, l.get(name), r.get(name)))
  if (kinds[0] !== kinds[1]) {
    const means = 'the points are put together in another way'
    changes.unshift({ what: 'kind of design', left: kinds[0]!, right: kinds[1]!, means })
  }
  const [first, second] = factors.map((list) => list.map(({ name }) => name).join(', '))
  if (changes.length === 0 && first !== second) {
    const means = 'the same points in another order: other seeds for each'
    changes.push({ what: 'order of the factors', left: shortened(first!), right: shortened(second!), means })
  }
  if (changes.length === 0 && canonical(left) !== canonical(right)) {
    const count = 'points' in left && 'points' in right ? [left.points.length, right.points.length] : [0, 0]
    const means = 'the same values, put together or ordered otherwise'
    changes.push({ what: 'list of points', left: count[0]!, right: count[1]!, means })
  }
  return changes
}

function factorChange(name: string, left?: Factor, right?: Factor): DesignChange[] {
  const valuesOf = (factor?: Factor) => new Map((factor?.values ?? []).map((v) => [canonical(v), v]))
  const [l, r] = [valuesOf(left), valuesOf(right)]
  if (left !== undefined && right !== undefined && canonical(left.values) === canonical(right.values))
    return []
  const [removed, added] = [without(l, r), without(r, l)]
  const means =
    left === undefined || right === undefined
      ? `${right === undefined ? 'removed' : 'added'}: the points hold ${right === undefined ? 'less' : 'more'}`
      : removed.count + added.count === 0
        ? 'the same values, in another order or repeated otherwise: other seeds for each'
        : removed.count === l.size
          ? 'no value in common'
          : 'the points with values of both sides can be matched'
  const counts = { left: left?.values.length ?? null, right: right?.values.length ?? null }
  return [{ what: `factor ${shortened(name)}`, ...counts, removed, added, means }]
}

function without(these: ReadonlyMap<string, Json>, those: ReadonlyMap<string, Json>): ListedValues {
  const only = [...these].flatMap(([key, value]) => (those.has(key) ? [] : [value]))
  return { count: only.length, first: only.slice(0, MOST_VALUES).map(shortened) }
}

function kindOf(design: Design): string {
  return Object.keys(design)[0]!
}

/** The factors of any design; of a list of points, the values that each parameter takes. */
export function factorsOf(design: Design): readonly Factor[] {
  if ('product' in design) return design.product
  if ('zip' in design) return design.zip
  return Object.keys(design.points[0]!).map((name) => {
    const values = new Map(design.points.map((point) => [canonical(point[name]!), point[name]!]))
    return { name, values: [...values.values()] }
  })
}

/** A value as it is, or the beginning of its text when that is long: documents come from anywhere. */
export function shortened<T extends Json>(value: T): T | string {
  const text = typeof value === 'string' ? value : canonical(value)
  return text.length <= MOST_TEXT ? value : `${text.slice(0, MOST_TEXT).toWellFormed()}…`
}
