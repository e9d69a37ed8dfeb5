/**
 * Mean and standard error of numbers that come one by one, in one pass and without cancellation: B. P. Welford, “Note on a
 * method for calculating corrected sums of squares and products”, Technometrics 4 (1962) 419–420.
 */

export interface Moments {
  readonly count: number
  /** Null of none. */
  readonly mean: number | null
  /** Standard deviation of the sample over the root of its size; null of fewer than two. */
  readonly standardError: number | null
}

/** Takes numbers in; a mean among which are infinities or NaN is what IEEE arithmetic makes of those alone. */
export class RunningMoments {
  #count = 0
  #mean = 0
  /** Sum of the squared distances to the mean. */
  #squares = 0
  /** Sum of those that are not finite. */
  #strays: number | null = null

  add(value: number): void {
    this.#count++
    if (!Number.isFinite(value)) this.#strays = (this.#strays ?? 0) + value
    const step = value - this.#mean
    this.#mean += step / this.#count
    this.#squares += step * (value - this.#mean)
  }

  get moments(): Moments {
    const count = this.#count
    const mean = this.#strays ?? this.#mean
    const squares = this.#strays === null ? this.#squares : Number.NaN
    return {
      count,
      mean: count === 0 ? null : mean,
      standardError: count < 2 ? null : Math.sqrt(squares / (count - 1) / count),
    }
  }
}
