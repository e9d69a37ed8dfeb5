/**
 * The verdict of a tolerance on two runs: differences are shown to it one by one, and it keeps the largest and what no tolerance
 * bridges. It never stands for bit-equality (law 5).
 */
import { deviation, type Tolerance } from '../lib/tolerance.ts'
import type { Divergence } from '../provenance/explain.ts'

export interface ToleranceVerdict extends Tolerance {
  /** Null where not every value could be compared, and none was outside. */
  readonly within: boolean | null
  readonly outside: number
  /** The largest deviation of two numbers, by what is allowed. */
  readonly largest: (Divergence & { readonly absolute: number; readonly relative: number }) | null
  /** The first difference that no tolerance bridges. */
  readonly unbridged: Divergence | null
  readonly statement: string
}

const EXACT =
  'NaN, infinities, the sign of zero, texts and all that is no finite number must be equal exactly, and were held to that'

/** Holds differences against a tolerance. */
export class ToleranceJudge {
  readonly #tolerance: Tolerance
  #outside = 0
  #largest: ToleranceVerdict['largest'] = null
  #share = 0
  #unbridged: Divergence | null = null

  constructor(tolerance: Tolerance) {
    this.#tolerance = tolerance
  }

  judge(found: Divergence): void {
    const apart = deviation(found.expected, found.actual, this.#tolerance)
    if (apart === null) {
      this.#outside++
      this.#unbridged ??= found
      return
    }
    const { absolute, relative, share } = apart
    if (share > 1) this.#outside++
    if (share <= this.#share) return
    this.#share = share
    this.#largest = { ...found, absolute, relative }
  }

  /** For runs whose values cannot be paired. */
  none(): ToleranceVerdict {
    const statement = 'not decided: the runs are of different experiments, so that no value has a counterpart'
    return { ...this.#tolerance, within: null, outside: 0, largest: null, unbridged: null, statement }
  }

  verdict(unread: number): ToleranceVerdict {
    const [outside, largest, unbridged] = [this.#outside, this.#largest, this.#unbridged]
    const within = outside > 0 ? false : unread > 0 ? null : true
    const statement =
      within === null
        ? `not decided: ${unread} of the chunks that differ were not read`
        : `${within ? 'every value is within it' : `${outside} ${outside === 1 ? 'value is' : 'values are'} outside of it`}; ${EXACT}`
    return { ...this.#tolerance, within, outside, largest, unbridged, statement }
  }
}
