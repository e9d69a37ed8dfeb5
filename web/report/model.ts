/**
 * What a page of results is drawn from: factors, fields and one number a point of each, in columns. It is pure, and goes into
 * the page as one value; names and texts in it are cut to what is shown, however large the record's are.
 */
import { type PointTally, pointTallies } from '../../lab/outcomes.ts'
import type { Outcome } from '../../lab/rows.ts'
import { nameWords } from '../../lab/words.ts'
import { pointAt, pointCount } from '../../lib/design.ts'
import type { ExperimentDocument } from '../../lib/document.ts'
import type { Moments } from '../../lib/statistics/moments.ts'
import type { Labels } from '../../provenance/manifest.ts'

export interface Factor {
  readonly name: string
  readonly label: string
  /** Distinct values in the order of the design; texts are cut. */
  readonly values: readonly (number | string)[]
  readonly isNumeric: boolean
  /** By point: index into the values. */
  readonly levels: Uint32Array
}

export interface Field {
  readonly name: string
  readonly label: string
  /** Whether all values are 0 or 1: then the mean is a share. */
  readonly isShare: boolean
  /** By point: how many values, their mean, its standard error; NaN where there is none. */
  readonly count: Float64Array
  readonly mean: Float64Array
  readonly standardError: Float64Array
}

export interface Model {
  readonly name: string
  readonly points: number
  /** Whether every combination of the factors is there once. */
  readonly isFactorial: boolean
  /** Whether an experiment that summarises made them: then they are over summaries of chunks. */
  readonly isSummarised: boolean
  readonly factors: readonly Factor[]
  readonly fields: readonly Field[]
  /** Fields that would be too many, and the names of the first of them, cut as all names are. */
  readonly leftOut: { readonly count: number; readonly names: readonly string[] }
  readonly jobs: Float64Array
  readonly failed: Float64Array
}

/** A page has so many fields at most, so many numbers, and tells of so many that it leaves out. */
const [MOST_FIELDS, MOST_NUMBERS, MOST_NAMES] = [40, 300_000, 20]

/** The model of an experiment from all outcomes of its jobs, in design order; without them, only of what was asked. */
export function modelOf(
  document: ExperimentDocument,
  outcomes: Iterable<Outcome>,
  labels: Labels,
  look: (tally: PointTally, fields: readonly string[]) => void = () => {},
): Model {
  const points = pointCount(document.design)
  const most = Math.max(1, Math.min(MOST_FIELDS, Math.floor(MOST_NUMBERS / (3 * points))))
  const fields = new Map<string, Field>()
  const leftOut = new Set<string>()
  const [jobs, failed] = [new Float64Array(points), new Float64Array(points)]
  let isSummarised = false
  const watched = function* () {
    for (const outcome of outcomes) {
      isSummarised ||= 'summary' in outcome
      yield outcome
    }
  }
  for (const tally of pointTallies(document, watched(), true)) {
    jobs[tally.index] = tally.jobs
    failed[tally.index] = tally.failed
    for (const [name, { running, isShare }] of tally.fields) {
      let field = fields.get(name)
      if (field === undefined && fields.size >= most) {
        leftOut.add(name)
        continue
      }
      field ??= emptyField(name, labels, points)
      fields.set(name, { ...field, isShare: field.isShare && isShare })
      put(field, tally.index, running.moments)
    }
    look(tally, [...fields.keys()])
  }
  return {
    name: nameWords(document.name, 200),
    points,
    ...factorsOf(document, labels),
    isSummarised,
    fields: [...fields.values()],
    leftOut: { count: leftOut.size, names: [...leftOut].slice(0, MOST_NAMES).map((name) => nameWords(name)) },
    jobs,
    failed,
  }
}

function emptyField(name: string, labels: Labels, points: number): Field {
  const empty = () => new Float64Array(points).fill(Number.NaN)
  return {
    name,
    label: labelOf(name, labels),
    isShare: true,
    count: new Float64Array(points),
    mean: empty(),
    standardError: empty(),
  }
}

function put(field: Field, index: number, { count, mean, standardError }: Moments): void {
  field.count[index] = count
  field.mean[index] = mean ?? Number.NaN
  field.standardError[index] = standardError ?? Number.NaN
}

/** What was measured at a point, as the table has it. */
export function momentsAt(field: Field, index: number): Moments {
  const count = field.count[index]!
  return {
    count,
    mean: count === 0 ? null : field.mean[index]!,
    standardError: count < 2 ? null : field.standardError[index]!,
  }
}

function factorsOf(
  { design }: ExperimentDocument,
  labels: Labels,
): { factors: Factor[]; isFactorial: boolean } {
  const points = pointCount(design)
  const names = Object.keys(pointAt(design, 0))
  const gathered = names.map((name) => ({
    name,
    seen: new Map<number | string, number>(),
    levels: new Uint32Array(points),
  }))
  for (let index = 0; index < points; index++) {
    const point = pointAt(design, index)
    for (const { name, seen, levels } of gathered) {
      const value = point[name]!
      const key = typeof value === 'number' ? value : JSON.stringify(value)
      if (!seen.has(key)) seen.set(key, seen.size)
      levels[index] = seen.get(key)!
    }
  }
  const factors = gathered.map(({ name, seen, levels }) => factorOf(name, [...seen.keys()], levels, labels))
  const combinations = factors.reduce((product, { values }) => product * values.length, 1)
  return { factors, isFactorial: combinations === points && areDistinct(factors, points) }
}

function factorOf(
  name: string,
  keys: readonly (number | string)[],
  levels: Uint32Array,
  labels: Labels,
): Factor {
  const isNumeric = keys.every((key) => typeof key === 'number')
  const values = isNumeric ? (keys as number[]) : distinct(keys.map(valueWords))
  return { name, label: labelOf(name, labels), values, isNumeric, levels }
}

/** Where there are other than numbers, all are texts; a list or an object is its JSON. */
function valueWords(key: number | string): string {
  const text = typeof key === 'string' && key.startsWith('"') ? (JSON.parse(key) as string) : String(key)
  return nameWords(text, 40)
}

/** Texts that are the same after they were cut are told apart by their place. */
function distinct(texts: readonly string[]): string[] {
  const seen = new Set<string>()
  return texts.map((text, i) => {
    const free = seen.has(text) ? `${text} #${i + 1}` : text
    seen.add(free)
    return free
  })
}

function areDistinct(factors: readonly Factor[], points: number): boolean {
  const places = new Set<number>()
  for (let index = 0; index < points; index++)
    places.add(factors.reduce((place, { values, levels }) => place * values.length + levels[index]!, 0))
  return places.size === points
}

function labelOf(name: string, labels: Labels): string {
  const label = Object.hasOwn(labels, name) ? labels[name] : undefined
  return nameWords(label ?? name, 80)
}
