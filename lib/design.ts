/**
 * The parameter design: which points an experiment visits, and in which order.
 *
 * Factorial by default; `zip` varies factors together; `points` lists them. Points are never held in memory:
 * `pointAt` computes any of them from its index (last factor fastest), so 10^7 points cost nothing.
 */
import { canonical } from './canonical.ts'
import { RepriseError } from './errors.ts'
import type { Json } from './values.ts'

/** One parameter and the values that it takes. */
export interface Factor {
  readonly name: string
  readonly values: readonly Json[]
}
/** One combination of parameter values. */
export type Point = { readonly [name: string]: Json }

/** The design as the experiment document holds it. */
export type Design =
  | { readonly product: readonly Factor[] }
  | { readonly zip: readonly Factor[] }
  | { readonly points: readonly Point[] }

/** What `zip(...)` makes. */
export interface Zipped<F> {
  readonly zip: F
}
/** What `points([...])` makes. */
export interface Listed<P> {
  readonly points: readonly P[]
}

class ZippedFactors<F> implements Zipped<F> {
  readonly zip: F
  constructor(factors: F) {
    this.zip = factors
  }
}
class ListedPoints<P> implements Listed<P> {
  readonly points: readonly P[]
  constructor(list: readonly P[]) {
    this.points = list
  }
}

/**
 * `count` evenly spaced numbers from `start` to `stop`, both included, each rounded to 15 significant digits so
 * that `range(0.05, 0.5, 10)` holds 0.15 and not 0.15000000000000002.
 */
export function range(start: number, stop: number, count: number): number[] {
  for (const [name, n] of Object.entries({ start, stop, count })) {
    if (!Number.isFinite(n)) throw invalid('range', `${name} is ${n}`, 'Give finite numbers')
  }
  if (!Number.isInteger(count) || count < 1)
    throw invalid('range', `count is ${count}`, 'Give a whole number ≥ 1')
  if (count === 1 && start !== stop)
    throw invalid('range', 'one value cannot span an interval', 'Give count ≥ 2')
  const step = count === 1 ? 0 : (stop - start) / (count - 1)
  return Array.from({ length: count }, (_, i) => {
    if (i === count - 1) return stop + 0
    return Number((start + i * step).toPrecision(15)) + 0
  })
}

/** Factors that vary together: the i-th point takes the i-th value of each. */
export function zip<const F extends Readonly<Record<string, readonly unknown[]>>>(factors: F): Zipped<F> {
  return new ZippedFactors(factors)
}

/** An explicit list of points. */
export function points<const P extends Readonly<Record<string, unknown>>>(list: readonly P[]): Listed<P> {
  return new ListedPoints(list)
}

/** The design of what the user wrote under `parameters`. */
export function designOf(parameters: unknown): Design {
  if (parameters instanceof ZippedFactors) return { zip: factorsOf(parameters.zip) }
  if (parameters instanceof ListedPoints) {
    const { points } = parameters as ListedPoints<Point>
    return { points: Array.isArray(points) ? [...points] : points }
  }
  return { product: factorsOf(parameters) }
}

/** An array is a factor's list of values (copied, so that holes show); anything else (a string too) is one value. */
function factorsOf(record: unknown): Factor[] {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    throw invalid(
      'parameters',
      'is not an object of factors',
      'Write { name: [values], … }, zip({…}) or points([…])',
    )
  }
  return Object.entries(record).map(([name, values]) => ({
    name,
    values: (Array.isArray(values) ? [...values] : [values]) as Json[],
  }))
}

/** Checks a design, ours or one from elsewhere. Throws `invalid-experiment` naming the factor and the value. */
export function checkDesign(design: Design): void {
  if ('points' in design) {
    if (!Array.isArray(design.points) || design.points.length === 0) {
      throw invalid('parameters', 'points([]) lists no point', 'List at least one')
    }
    const names = (point: Point) => JSON.stringify(Object.keys(point).sort())
    design.points.forEach((point, i) => {
      const at = `parameters.points[${i}]`
      if (typeof point !== 'object' || point === null || Array.isArray(point)) {
        throw invalid(at, 'is not an object', 'Write { name: value, … }')
      }
      if (names(point) !== names(design.points[0]!)) {
        throw invalid(at, 'has other parameters than the first point', 'Give every point the same names')
      }
      for (const [name, value] of Object.entries(point)) {
        checkName(name)
        checkValue(value, `${at}.${name}`)
      }
    })
    return
  }
  const factors = 'zip' in design ? design.zip : design.product
  const seen = new Set<string>()
  for (const { name, values } of factors) {
    checkName(name)
    if (seen.has(name)) throw invalid(`parameters.${name}`, 'is there twice', 'Name each factor once')
    seen.add(name)
    if (values.length === 0)
      throw invalid(`parameters.${name}`, 'has no values', 'Give it at least one, or leave it out')
    values.forEach((value, i) => {
      checkValue(value, `parameters.${name}[${i}]`)
    })
  }
  if ('zip' in design) {
    if (factors.length === 0) throw invalid('parameters', 'zip({}) names no factor', 'Name at least one')
    const odd = factors.find((factor) => factor.values.length !== factors[0]!.values.length)
    if (odd !== undefined) {
      const [first] = factors
      const lengths = `${odd.name} has ${odd.values.length} values, ${first!.name} has ${first!.values.length}`
      throw invalid('parameters', `zip of unequal lengths: ${lengths}`, 'Give each factor as many')
    }
  }
}

function checkName(name: string): void {
  const fix = (what: string) => invalid(`parameters[${JSON.stringify(name)}]`, what, 'Rename the parameter')
  if (name === '') throw fix('has an empty name')
  if (name.startsWith('$')) throw fix('has a name that begins with $, which is kept for tagged values')
  if (name === '__proto__' || name === 'toJSON') throw fix('cannot be the name of a parameter')
  if (/^(0|[1-9]\d*)$/.test(name))
    throw fix('is a whole number as a name, which JavaScript would put out of order')
  if (!name.isWellFormed()) throw fix('has a lone surrogate in its name')
}

function checkValue(value: unknown, path: string): void {
  const refuse = (what: string) =>
    invalid(path, what, 'Give JSON values: finite numbers, strings, booleans, null, arrays, objects')
  const visit = (item: unknown) => {
    if (typeof item === 'bigint') throw refuse('is a bigint')
    if (ArrayBuffer.isView(item)) throw refuse('is a typed array')
    if (typeof item === 'number' && !Number.isFinite(item)) throw refuse(`is ${item}`)
    if (Object.is(item, -0)) throw refuse('holds -0, which JSON cannot tell from 0')
    if (typeof item === 'object' && item !== null) Object.values(item).forEach(visit)
  }
  try {
    canonical(value, path) // refuses cycles before they are visited
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    throw invalid(
      'parameters',
      error.message,
      'Give JSON values: finite numbers, strings, booleans, null, arrays, objects',
    )
  }
  visit(value)
}

function invalid(subject: string, message: string, remedy: string): RepriseError {
  return new RepriseError('invalid-experiment', message, { subject, remedy })
}

/** How many points a design has. */
export function pointCount(design: Design): number {
  if ('points' in design) return design.points.length
  if ('zip' in design) return design.zip[0]!.values.length
  return design.product.reduce((count, factor) => count * factor.values.length, 1)
}

/** The point at `index` in design order: the last factor varies fastest. */
export function pointAt(design: Design, index: number): Point {
  if ('points' in design) return design.points[index]!
  if ('zip' in design) return Object.fromEntries(design.zip.map(({ name, values }) => [name, values[index]!]))
  const point: [string, Json][] = []
  let rest = index
  for (const { name, values } of design.product.toReversed()) {
    point.push([name, values[rest % values.length]!])
    rest = Math.floor(rest / values.length)
  }
  return Object.fromEntries(point.reverse())
}
