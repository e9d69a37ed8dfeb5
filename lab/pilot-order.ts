/**
 * Which chunks a pilot executes, and in which order: a fixed rule, so that two pilots of an experiment begin alike. The
 * first, the last and those evenly between; then, for as long as there is time, others that lie ever more densely.
 * Only chunks as long as a point's first: the shorter last one of a point would speak for none.
 */
import { pointCount } from '../lib/design.ts'
import { blockCount, type ExperimentDocument } from '../lib/document.ts'
import { spreadSample } from '../lib/sample.ts'

/** More chunks than this are never worth their time. */
const MOST = 1_000
/** The golden ratio's fraction: its multiples fall evenly into [0, 1), however many they are. */
const GOLDEN = 0.6180339887498949

/** At least `least` chunks, where there are so many of full length, and at most a thousand more. */
export function pilotOrder(document: ExperimentDocument, least: number): number[] {
  const blocks = blockCount(document)
  const full = Math.max(1, Math.floor(document.repetitions / document.chunk))
  const n = pointCount(document.design) * full
  const [first = 0, ...rest] = spreadSample(n, least)
  const last = rest.pop()
  const order = new Set(last === undefined ? [first] : [first, last, ...rest])
  const most = Math.min(n, order.size + MOST)
  for (let i = 1; order.size < most && i <= 4 * MOST; i++) order.add(Math.floor(((i * GOLDEN) % 1) * n))
  return [...order].map((at) => Math.floor(at / full) * blocks + (at % full))
}
