/**
 * Holm's correction for many tests: p-values that may be held against one level for the whole family. However the tests
 * depend on each other, the chance that any of them falls below the level when nothing differs is at most the level.
 */

/** Corrects the smallest p-values, ascending, of a family of `tests`. */
export function holm(smallest: readonly number[], tests: number): number[] {
  let before = 0
  return smallest.map((p, i) => {
    before = Math.min(1, Math.max(before, (tests - i) * p))
    return before
  })
}
