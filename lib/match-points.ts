/**
 * Which points of two designs are the same. Factors that vary decide; one that has a single value on its side and is
 * missing or another on the other side is left out of the comparison, and named: whether it matters may be the question.
 */
import { canonical } from './canonical.ts'
import { type Design, pointAt, pointCount } from './design.ts'
import { factorsOf } from './design-changes.ts'

export interface MatchedPoints {
  /** Point indices, left and right, in the order of the left. */
  readonly pairs: readonly (readonly [number, number])[]
  readonly onlyLeft: number
  readonly onlyRight: number
  /** Factors that were left out of account. */
  readonly ignored: readonly string[]
  /** True where a design has more points than are looked at. */
  readonly cut: boolean
}

/** Matches the first `most` points of each. */
export function matchPoints(left: Design, right: Design, most: number): MatchedPoints {
  const ignored = constantsThatDiffer(left, right)
  const key = (design: Design, index: number) => {
    const kept = Object.entries(pointAt(design, index)).filter(([name]) => !ignored.includes(name))
    return canonical(Object.fromEntries(kept))
  }
  const counts = [pointCount(left), pointCount(right)] as const
  const looked = counts.map((count) => Math.min(count, most)) as [number, number]
  const places = new Map<string, number[]>()
  for (let i = 0; i < looked[1]; i++) {
    const text = key(right, i)
    const there = places.get(text)
    if (there === undefined) places.set(text, [i])
    else there.push(i)
  }
  const pairs: [number, number][] = []
  const met = new Map<string, number>() // a point may be listed more than once
  for (let i = 0; i < looked[0]; i++) {
    const text = key(left, i)
    const before = met.get(text) ?? 0
    const place = places.get(text)?.[before]
    if (place === undefined) continue
    met.set(text, before + 1)
    pairs.push([i, place])
  }
  const [onlyLeft, onlyRight] = looked.map((count) => count - pairs.length) as [number, number]
  return { pairs, onlyLeft, onlyRight, ignored, cut: counts.some((count) => count > most) }
}

function constantsThatDiffer(left: Design, right: Design): string[] {
  const values = (design: Design) => new Map(factorsOf(design).map((factor) => [factor.name, factor.values]))
  const [l, r] = [values(left), values(right)]
  return [...new Set([...l.keys(), ...r.keys()])].filter((name) => {
    const [a, b] = [l.get(name), r.get(name)]
    const single = [a, b].every((list) => list === undefined || list.length === 1)
    return single && canonical(a ?? []) !== canonical(b ?? [])
  })
}
