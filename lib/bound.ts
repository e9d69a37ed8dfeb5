/**
 * What a clean sample proves: how many chunks may differ at most, at 95 % confidence, after every drawn one was identical.
 *
 * If D of N chunks differ, k of them drawn at random are all identical with chance C(N − D, k) / C(N, k). The bound is the
 * largest D for which that chance is 5 % or more: had more differed, a clean sample would have been less likely than that.
 *
 * Of strata, the chance is the product over them, and depends on where the differing chunks lie. Spread over strata
 * they are found a little less often than in a simple draw (two chunks in two strata of which a share f is drawn escape with
 * (1 − f)², in a simple draw with less), and together in one stratum more often. So the bound takes the worst
 * arrangement, in which each differing chunk lies where one more is the likeliest to escape: in the stratum with the least
 * drawn / (chunks − differing). No arrangement of as many escapes more likely, since in each stratum every further
 * differing chunk escapes less likely than the one before. For one stratum this is the simple draw.
 *
 * The bound speaks of numbers: a single differing chunk is found only with the chance of being drawn.
 */

/** So many chunks, of which so many were drawn. */
export interface Drawn {
  readonly chunks: number
  readonly drawn: number
}

/** Strata of one size of which as many were drawn: `members` of them, `ahead` of which hold one differing chunk more. */
interface Group extends Drawn {
  members: number
  ahead: number
  differing: number
}

/** Relative distance from 5 % below which floating point does not decide: 2^25 roundings stay below it. */
const NEAR = 1e-8

/** How many chunks differ at most, at 95 % confidence, after all that were drawn from the strata were identical. */
export function differingBound(strata: readonly Drawn[]): number {
  const unseen = strata.filter(({ drawn }) => drawn === 0)
  let bound = unseen.reduce((sum, { chunks }) => sum + chunks, 0)
  const groups = grouped(strata)
  let chance = 1
  for (;;) {
    const [best, next] = leastSeen(groups)
    if (best === null) return bound
    const limit = next === null ? Number.POSITIVE_INFINITY : rate(next)
    do {
      chance *= 1 - rate(best)
      addTo(best, 1)
      if (chance < 0.05 * (1 + NEAR) && (chance < 0.05 * (1 - NEAR) || !escapes(groups))) return bound
      bound++
    } while (hasRoom(best) && rate(best) <= limit)
  }
}

function grouped(strata: readonly Drawn[]): Group[] {
  const groups = new Map<string, Group>()
  for (const { chunks, drawn } of strata) {
    if (drawn === 0 || drawn >= chunks) continue
    const group = groups.get(`${chunks} ${drawn}`) ?? { chunks, drawn, members: 0, ahead: 0, differing: 0 }
    group.members++
    groups.set(`${chunks} ${drawn}`, group)
  }
  return [...groups.values()]
}

/** The two groups in which one more differing chunk is the least likely to be found. */
function leastSeen(groups: readonly Group[]): [Group | null, Group | null] {
  let [best, next]: [Group | null, Group | null] = [null, null]
  for (const group of groups) {
    if (!hasRoom(group)) continue
    if (best === null || rate(group) < rate(best)) [best, next] = [group, best]
    else if (next === null || rate(group) < rate(next)) next = group
  }
  return [best, next]
}

/** The chance to find the next differing chunk where those before it have not been found. */
const rate = ({ chunks, drawn, differing }: Group) => drawn / (chunks - differing)

const hasRoom = ({ chunks, drawn, differing }: Group) => differing < chunks - drawn

function addTo(group: Group, more: number): void {
  group.ahead += more
  if (group.ahead < group.members) return
  group.ahead = 0
  group.differing++
}

/** Whether a clean sample has a chance of 5 % or more, in whole numbers. */
function escapes(groups: readonly Group[]): boolean {
  let [clean, all] = [20n, 1n]
  for (const { chunks, drawn, members, ahead, differing } of groups) {
    for (const [held, times] of [
      [differing, members - ahead],
      [differing + 1, ahead],
    ] as const) {
      // C(N − a, b) / C(N, b) is the same when a and b change places: the fewer factors are taken.
      const [few, many] = [Math.min(held, drawn), Math.max(held, drawn)]
      for (let i = 0; i < few && times > 0; i++) {
        clean *= BigInt(chunks - many - i) ** BigInt(times)
        all *= BigInt(chunks - i) ** BigInt(times)
      }
    }
  }
  return clean >= all
}
