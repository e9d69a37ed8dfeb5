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

/** Characters of all points together: more are not looked at, for designs come from anywhere. */
const MOST_TEXT = 2 ** 27

/** Matches the first `most` points of each. */
export function matchPoints(left: Design, right: Design, most: number): MatchedPoints {
  const ignored = constantsThatDiffer(left, right)
  const key = (design: Design, index: number) => {
    const kept = Object.entries(pointAt(design, index)).filter(([name]) => !ignored.includes(name))
    return canonical(Object.fromEntries(kept))
  }
  let text = 0
  const keys = (design: Design) => {
    const found: string[] = []
    for (let i = 0; i < Math.min(pointCount(design), most) && text < MOST_TEXT; i++) {
      found.push(key(design, i))
      text += found[i]!.length
    }
    return found
  }
  const [mine, theirs] = [keys(left), keys(right)]
  const places = new Map<string, number[]>()
  for (const [i, point] of theirs.entries()) {
    const there = places.get(point)
    if (there === undefined) places.set(point, [i])
    else there.push(i)
  }
  const pairs: [number, number][] = []
  const met = new Map<string, number>() // a point may be listed more than once
  for (const [i, point] of mine.entries()) {
    const before = met.get(point) ?? 0
    const place = places.get(point)?.[before]
    if (place === undefined) continue
    met.set(point, before + 1)
    pairs.push([i, place])
  }
  return {
    pairs,
    onlyLeft: mine.length - pairs.length,
    onlyRight: theirs.length - pairs.length,
    ignored,
    cut: mine.length < pointCount(left) || theirs.length < pointCount(right),
  }
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
