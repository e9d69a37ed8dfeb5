/**
 * Mean and standard error of numbers that come one by one, in one pass and without cancellation. The mean is the sum, carried
 * in two doubles (A. Neumaier, ZAMM 54 (1974) 39–51), over the count: right to the last digit, so that the mean of a constant
 * is that constant. The squares are summed by B. P. Welford, Technometrics 4 (1962) 419–420. Both are kept scaled by
 * powers of two, which changes no digit, where they would leave the range of doubles.
 */

export interface Moments {
  readonly count: number
  /** Null of none. */
  readonly mean: number | null
  /** Standard deviation of the sample over the root of its size; null of fewer than two. */
  readonly standardError: number | null
}

/** Sums of larger numbers are scaled down by SHRUNK, so that no sum of so many as can be counted overflows. */
const [LARGE, SHRUNK] = [2 ** 900, 2 ** -200]
/** Exponents by which the unit of the squares may fall short of a number; twice as much is still in range. */
const ROOM = 400
const LEAST_UNIT = -900

/** Takes numbers in; a mean among which are infinities or NaN is what IEEE arithmetic makes of those alone. */
export class RunningMoments {
  #count = 0
  #sum = -0
  /** What rounding took from the sum. */
  #rest = 0
  /** By which sum and rest are scaled. */
  #scale = 1
  /** Welford's mean, and the sum of squared distances to it, in a unit of 2 ** #unit and its square. */
  #middle = 0
  #squares = 0
  #unit: number | null = null
  /** Sum of those that are not finite. */
  #strays: number | null = null

  add(value: number): void {
    this.#count++
    if (!Number.isFinite(value)) {
      this.#strays = (this.#strays ?? 0) + value
      return
    }
    this.#addUp(value)
    this.#fit(value)
    const scaled = timesPower(value, -(this.#unit ?? 0))
    const step = scaled - this.#middle
    this.#middle += step / this.#count
    this.#squares += step * (scaled - this.#middle)
  }

  #addUp(value: number): void {
    if (this.#scale === 1 && Math.abs(value) > LARGE) {
      this.#scale = SHRUNK
      this.#sum *= SHRUNK
      this.#rest *= SHRUNK
    }
    const scaled = value * this.#scale
    const sum = this.#sum + scaled
    const [large, small] = Math.abs(this.#sum) >= Math.abs(scaled) ? [this.#sum, scaled] : [scaled, this.#sum]
    this.#rest += large - sum + small
    this.#sum = sum
  }

  /** Takes a unit of which the value is no multiple too large to be squared. */
  #fit(value: number): void {
    if (value === 0) return
    const exponent = Math.max(LEAST_UNIT, Math.floor(Math.log2(Math.abs(value))))
    const unit = this.#unit ?? exponent
    this.#unit = exponent > unit + ROOM ? exponent : unit
    this.#middle = timesPower(this.#middle, unit - this.#unit)
    this.#squares = timesPower(this.#squares, 2 * (unit - this.#unit))
  }

  get moments(): Moments {
    const count = this.#count
    const squares = this.#strays === null ? this.#squares : Number.NaN
    const mean = over(this.#sum, this.#rest, count) / this.#scale
    return {
      count,
      mean: count === 0 ? null : (this.#strays ?? mean),
      standardError: count < 2 ? null : timesPower(Math.sqrt(squares / (count - 1) / count), this.#unit ?? 0),
    }
  }
}

/** value · 2 ** power, where that power alone may be none. */
function timesPower(value: number, power: number): number {
  if (power === 0) return value
  const half = Math.trunc(power / 2)
  return value * 2 ** half * 2 ** (power - half)
}

/**
 * (sum + rest) / count: a quotient, mended once by what is left over. Its upper half (G. W. Veltkamp's) times a count has no
 * rounding. A zero keeps its sign.
 */
function over(sum: number, rest: number, count: number): number {
  const first = rest === 0 ? sum / count : (sum + rest) / count
  const wide = 134_217_729 * first
  const upper = wide - (wide - first)
  const mend = (sum - upper * count - (first - upper) * count + rest) / count
  return mend === 0 || !Number.isFinite(mend) ? first : first + mend
}
