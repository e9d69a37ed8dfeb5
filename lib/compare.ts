/**
 * Where two values differ, bit by bit, and by how much: the path, both values and, for numbers, the distance
 * in ulps (units in the last place: how many doubles lie between).
 */
import type { Value } from './values.ts'

export interface Difference {
  /** Path in the value, such as `result.removed` or `result[3]`. */
  readonly path: string
  readonly left: Value | undefined
  readonly right: Value | undefined
  /** Number of doubles from one to the other; null where they are not two finite numbers. */
  readonly ulps: number | null
}

/** The first difference in canonical order (keys sorted, arrays by index), or null when they are the same bits. */
export function firstDifference(
  left: Value | undefined,
  right: Value | undefined,
  path: string,
): Difference | null {
  return differences(left, right, path).next().value ?? null
}

/** Every difference in canonical order, found as it is asked for. */
export function* differences(
  left: Value | undefined,
  right: Value | undefined,
  path: string,
): Generator<Difference, undefined> {
  if (Object.is(left, right)) return
  const l = listOf(left)
  const r = listOf(right)
  if (l !== null && r !== null && l.kind === r.kind) {
    const keys = l.kind === 'object' ? [...new Set([...l.keys, ...r.keys])].sort() : longer(l.keys, r.keys)
    for (const key of keys) {
      if (Object.is(l.get(key), r.get(key))) continue
      const at = l.kind === 'object' ? `${path}.${key}` : `${path}[${key}]`
      yield* differences(l.get(key), r.get(key), at)
    }
    return
  }
  yield { path, left, right, ulps: ulpDistance(left, right) }
}

/** How many values there are in one, all levels together: what is compared when it is compared. */
export function leafCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  if (ArrayBuffer.isView(value)) return (value as unknown as ArrayLike<unknown>).length
  return Object.values(value).reduce((count: number, item) => count + leafCount(item), 0)
}

interface Listed {
  kind: string
  keys: readonly string[]
  get(key: string): Value | undefined
}

/** A value that holds others, seen as keys and items. */
function listOf(value: Value | undefined): Listed | null {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const items = value as ArrayLike<Value>
    const keys = Array.from({ length: items.length }, (_, i) => String(i))
    return { kind: value.constructor.name, keys, get: (key) => items[Number(key)] }
  }
  const record = value as Readonly<Record<string, Value>>
  return {
    kind: 'object',
    keys: Object.keys(record),
    get: (key) => (Object.hasOwn(record, key) ? record[key] : undefined),
  }
}

function longer(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.length >= b.length ? a : b
}

/** How many steps of one double lie between two finite numbers; null for anything else. 0 and -0 are 1 apart. */
export function ulpDistance(left: unknown, right: unknown): number | null {
  if (typeof left !== 'number' || typeof right !== 'number') return null
  if (!Number.isFinite(left) || !Number.isFinite(right)) return null
  const difference = ordinal(left) - ordinal(right)
  return Number(difference < 0n ? -difference : difference)
}

/** Doubles in order as integers: consecutive doubles are consecutive integers. */
function ordinal(n: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, n)
  const bits = view.getBigInt64(0)
  return bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) - 1n : bits
}
