/** What a proxy before an S3 service does wrong: chosen by hand for a request, or drawn from a seed in given shares. */

/** A request, as faults are chosen for it. */
export interface Asked {
  readonly method: string
  /** With the bucket: /lab/some/key. */
  readonly path: string
  readonly query: URLSearchParams
}

/** An answer in the service's place. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly headers?: Readonly<Record<string, string>>
}

export type Fault =
  /** The connection is dropped before the request reaches the service; after that: its answer is lost. */
  | 'drop-before'
  | 'drop-after'
  /** The answer's body ends in the midst, or has another byte in it. */
  | 'truncate'
  | 'flip'
  /** A listing as it was when it was first asked for so. */
  | 'stale'
  | Refusal

export const SLOW_DOWN: Refusal = { status: 503, code: 'SlowDown' }

export type Choose = (asked: Asked) => Fault | null

/** Faults in these shares of all requests, the same for the same seed and order. */
export function inShares(shares: readonly (readonly [Fault, number])[], seed: number): Choose {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    let draw = state / 2 ** 32
    for (const [fault, share] of shares) {
      draw -= share
      if (draw < 0) return fault
    }
    return null
  }
}
