/**
 * Audits by sample: which chunks are drawn, and what a clean sample proves. And the chunks that are taken where
 * chance has no part: for a look at an experiment before its run.
 *
 * The draw is a function of public entropy (SHA-256 in counter mode, rejection against modulo bias, Floyd's
 * algorithm for distinct members), so that anybody can repeat it.
 *
 * The bound: if a fraction x of the chunks differed, k chunks drawn at random would all be identical with
 * probability at most (1-x)^k; so after k identical ones, x < 1 - 0.05^(1/k) with 95 % confidence. It is a bound
 * on the fraction: a single differing chunk among n is found only with chance k/n.
 */
import { sha256, u64be } from './digest.ts'

/** `k` distinct chunk indices below `n`, ascending, drawn by `entropy`. All of them when k ≥ n. */
export function drawSample(n: number, k: number, entropy: Uint8Array): number[] {
  if (k >= n) return Array.from({ length: n }, (_, i) => i)
  const below = uniform(entropy)
  const drawn = new Set<number>()
  for (let top = n - k; top < n; top++) {
    const candidate = below(top + 1)
    drawn.add(drawn.has(candidate) ? top : candidate)
  }
  return [...drawn].sort((a, b) => a - b)
}

/** `k` chunk indices below `n`, ascending: the first, the last, and others evenly between. All of them when k ≥ n. */
export function spreadSample(n: number, k: number): number[] {
  if (k >= n) return Array.from({ length: n }, (_, i) => i)
  if (k === 1) return [0]
  return Array.from({ length: k }, (_, i) => Math.round((i * (n - 1)) / (k - 1)))
}

/** Uniform integers below a bound (at most 2^48), from SHA-256(entropy ‖ u64be(counter)). */
function uniform(entropy: Uint8Array): (bound: number) => number {
  let counter = 0
  return (bound) => {
    const limit = 2 ** 48 - (2 ** 48 % bound)
    for (;;) {
      const input = new Uint8Array(entropy.length + 8)
      input.set(entropy)
      input.set(u64be(counter++), entropy.length)
      const digest = new DataView(sha256(input).buffer)
      const draw = digest.getUint32(0) * 2 ** 16 + digest.getUint16(4)
      if (draw < limit) return draw % bound
    }
  }
}

/** The fraction of chunks that may differ at most, at 95 % confidence, after `k` drawn chunks were all identical. */
export function fractionBound(k: number): number {
  return 1 - 0.05 ** (1 / k)
}
