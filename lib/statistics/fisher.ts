/**
 * Fisher's exact test of two shares: k of n here and l of m there. It is what remains of every test where values are of
 * two kinds: failed or not, true or false, there or not.
 */

/** Tables as likely as the observed one count as well, whatever the last bits say. */
const SLACK = 1 + 1e-7

/** Two-sided: all tables that are no more likely than the observed one. */
export function fisher(k: number, n: number, l: number, m: number): number {
  const hits = k + l
  const [least, most] = [Math.max(0, hits - m), Math.min(hits, n)]
  if (least >= most) return 1
  // Weights relative to the most likely table, so that no factorial is needed.
  const mode = Math.min(most, Math.max(least, Math.floor(((hits + 1) * (n + 1)) / (n + m + 2))))
  const up = (x: number) => ((hits - x) * (n - x)) / ((x + 1) * (m - hits + x + 1))
  const weights = new Float64Array(most - least + 1)
  weights[mode - least] = 1
  for (let x = mode; x < most; x++) weights[x + 1 - least] = weights[x - least]! * up(x)
  for (let x = mode; x > least; x--) weights[x - 1 - least] = weights[x - least]! / up(x - 1)
  const observed = weights[k - least]! * SLACK
  let [all, extreme] = [0, 0]
  for (const weight of weights) {
    all += weight
    if (weight <= observed) extreme += weight
  }
  return Math.min(1, extreme / all)
}
