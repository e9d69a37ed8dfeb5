/**
 * What mathematics says about the epidemic, independent of any simulation, and how far a sample may be from it.
 *
 * An infected node meets a neighbour in each step until it is removed: with q = 1 - infect and r = remove the
 * neighbour is spared with probability r·q / (1 - (1 - r)·q), so the infection passes along an edge with mean
 * probability T = 1 - r·q / (1 - (1 - r)·q). On an Erdős–Rényi network of mean degree z, neighbours infect a node
 * independently of each other, and the share S that is hit in the end solves 1 - S = (1 - s)·exp(-z·T·S), where s is
 * the share infected at the start. Below the threshold (z·T < 1) each initial infected has 1 / (1 - z·T) descendants
 * in the mean, itself counted.
 */
import assert from 'node:assert/strict'

export interface Setting {
  readonly infect: number
  readonly remove: number
  readonly nodes: number
  readonly degree: number
}

export function transmissibility({ infect, remove }: Setting): number {
  const q = 1 - infect
  return 1 - (remove * q) / (1 - (1 - remove) * q)
}

/** The expected number of nodes ever infected, `initial` of them at the start. */
export function finalSize(setting: Setting, initial: number): number {
  const { nodes, degree } = setting
  const reproduction = degree * transmissibility(setting)
  if (reproduction < 1) return initial / (1 - reproduction)
  let share = 1
  for (let i = 0; i < 10_000; i++) share = 1 - (1 - initial / nodes) * Math.exp(-reproduction * share)
  return share * nodes
}

export function mean(sample: readonly number[]): number {
  return sample.reduce((sum, x) => sum + x, 0) / sample.length
}

/** The standard error of the sample's mean. */
export function standardError(sample: readonly number[]): number {
  const m = mean(sample)
  const variance = sample.reduce((sum, x) => sum + (x - m) ** 2, 0) / (sample.length - 1)
  return Math.sqrt(variance / sample.length)
}

/**
 * The sample's mean is within five of its own standard errors of `expected` (chance of a miss by luck: 6·10^-7 for
 * large samples, 8·10^-5 for twenty; the seeds are fixed, so luck was tried once).
 */
export function assertMean(sample: readonly number[], expected: number, what: string): void {
  const deviation = (mean(sample) - expected) / standardError(sample)
  assert.ok(
    Math.abs(deviation) < 5,
    `${what}: ${mean(sample)}, expected ${expected}, ${deviation.toFixed(1)} standard errors off`,
  )
}
