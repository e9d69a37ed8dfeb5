/** A time-out that stands still while somebody is asked something. */
export class Deadline {
  readonly #act: () => void
  #left: number
  #since = Date.now()
  #timer: NodeJS.Timeout | undefined
  #pauses = 1

  constructor(ms: number, act: () => void) {
    this.#left = ms
    this.#act = act
    this.resume()
  }

  pause(): void {
    if (this.#pauses++ > 0) return
    clearTimeout(this.#timer)
    this.#left -= Date.now() - this.#since
  }

  resume(): void {
    if (--this.#pauses > 0 || this.#left === Number.POSITIVE_INFINITY) return
    this.#since = Date.now()
    this.#timer = setTimeout(this.#act, Math.max(0, this.#left))
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#left = Number.POSITIVE_INFINITY
  }
}
