/**
 * Audits by sample: which chunks are drawn. And the chunks that are taken where chance has no part: for a look at an
 * experiment before its run. What a clean sample proves is in bound.ts, draws from strata are in strata.ts.
 *
 * The draw is a function of public entropy (SHA-256 in counter mode, rejection against modulo bias, Floyd's
 * algorithm for distinct members), so that anybody can repeat it.
 *
 * Entropy that the auditor makes up convinces the auditor alone: others must believe that it was drawn once. Entropy of
 * the root and a public value that did not exist when the root was published (a beacon) convinces everybody: whoever made
 * the run could not know which chunks to make well, and whoever audits it could not choose them.
 */
import { fromHex, hash, sha256, u64be, utf8 } from './digest.ts'

/** The entropy of an audit by beacon: of the root (hex) of the run that is audited, and the text of a public value. */
export function auditEntropy(root: string, beacon: string): Uint8Array {
  return hash('reprise/sample/1', fromHex(root), utf8(beacon))
}

/** `k` distinct chunk indices below `n`, ascending, drawn by `entropy`. All of them when k ≥ n. */
export function drawSample(n: number, k: number, entropy: Uint8Array): number[] {
  return drawBelow(n, k, uniform(entropy))
}

/** The same from numbers that are drawn already in part; from `k` = `n` on they are not asked. */
export function drawBelow(n: number, k: number, below: (bound: number) => number): number[] {
  if (k >= n) return Array.from({ length: n }, (_, i) => i)
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
export function uniform(entropy: Uint8Array): (bound: number) => number {
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

/** How many of `n` chunks a share is: `1%` and `0.5%` are rounded up, `20` is itself; null where it is no share. */
export function shareCount(share: string, n: number): number | null {
  const [, whole = '', digits = '', percent] = /^(\d{1,15})(?:\.(\d{1,15}))?(%)?$/.exec(share) ?? []
  if (whole === '' || (percent === undefined && digits !== '')) return null
  const scale = 10n ** BigInt(digits.length)
  const units = BigInt(whole + digits)
  if (units === 0n || (percent !== undefined && units > 100n * scale)) return null
  if (percent === undefined) return Math.min(n, Number(units))
  const per = 100n * scale
  return Number((units * BigInt(n) + per - 1n) / per)
}
