/**
 * Mean and standard error of numbers that come one by one, in one pass and without cancellation. The mean is the sum, carried
 * in two doubles (A. Neumaier, ZAMM 54 (1974) 39–51), over the count: right to the last digit, so that the mean of a constant
 * is that constant. The squares are summed by B. P. Welford, Technometrics 4 (1962) 419–420.
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
  #sum = 0
  /** What rounding took from the sum. */
  #rest = 0
  /** Welford's mean, and the sum of squared distances to it. */
  #middle = 0
  #squares = 0
  /** Sum of those that are not finite. */
  #strays: number | null = null

  add(value: number): void {
    this.#count++
    if (!Number.isFinite(value)) {
      this.#strays = (this.#strays ?? 0) + value
      return
    }
    const sum = this.#sum + value
    const [large, small] = Math.abs(this.#sum) >= Math.abs(value) ? [this.#sum, value] : [value, this.#sum]
    this.#rest += large - sum + small
    this.#sum = sum
    const step = value - this.#middle
    this.#middle += step / this.#count
    this.#squares += step * (value - this.#middle)
  }

  get moments(): Moments {
    const count = this.#count
    const squares = this.#strays === null ? this.#squares : Number.NaN
    return {
      count,
      mean: count === 0 ? null : (this.#strays ?? over(this.#sum, this.#rest, count)),
      standardError: count < 2 ? null : Math.sqrt(squares / (count - 1) / count),
    }
  }
}

/** (sum + rest) / count: a quotient, mended once by what is left over; its upper half times a count has no rounding. */
function over(sum: number, rest: number, count: number): number {
  const first = (sum + rest) / count
  const upper = Math.fround(first)
  const mend = (sum - upper * count - (first - upper) * count + rest) / count
  return Number.isFinite(mend) ? first + mend : first
}
