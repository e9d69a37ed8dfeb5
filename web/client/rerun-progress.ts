/** How far a rerun is: a bar with rate and time left, and, seldom enough to be listened to, the same in words. */
import { count, duration } from '../../lab/words.ts'
import { make } from './make-element.ts'

/** Between two looks, and between two announcements, ms. */
const LOOK_MS = 200
const SAY_MS = 10_000

export class RerunProgress {
  readonly element: HTMLElement
  readonly #bar = make('progress', { max: '1', value: '0', 'aria-label': 'chunks compared' })
  readonly #words = make('span', { class: 'rate', 'aria-hidden': 'true' })
  readonly #status = make('p', { role: 'status', 'aria-live': 'polite', class: 'said' })
  #total = 1
  #done = 0
  #begun = 0
  #said = 0
  #timer: ReturnType<typeof setInterval> | undefined

  constructor() {
    this.element = make('div', { class: 'progress' }, this.#bar, ' ', this.#words, this.#status)
    this.#show(false)
  }

  begin(total: number, words: string): void {
    this.#total = total
    this.#done = 0
    this.#begun = this.#said = performance.now()
    this.#bar.max = total
    this.say(words)
    this.#look()
    this.#show(true)
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  /** One chunk more is over. */
  step(): void {
    this.#done++
  }

  end(words: string): void {
    clearInterval(this.#timer)
    this.#look()
    this.#show(false)
    this.say(words)
  }

  say(words: string): void {
    this.#status.textContent = words
  }

  #show(on: boolean): void {
    this.#bar.hidden = this.#words.hidden = !on
  }

  #look(): void {
    const now = performance.now()
    const rate = (1000 * this.#done) / Math.max(1, now - this.#begun)
    const left = this.#done === 0 ? 'unknown' : duration((this.#total - this.#done) / rate)
    const far = `${count(this.#done)} of ${count(this.#total)}`
    this.#bar.value = this.#done
    this.#words.textContent = `${far}, ${rate.toPrecision(3)} a second, ${left} left`
    if (now - this.#said < SAY_MS) return
    this.#said = now
    this.say(`${far} chunks executed, ${left} left`)
  }
}
