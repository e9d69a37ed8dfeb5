/**
 * Names of TeX's commands for figures: made of what a figure is about, whatever that is called. TeX reads letters alone, so digits
 * and signs are spelled, and all else ends a word. The same experiment has the same names; one that changed its points or
 * fields lacks those names that meant something else, so that a paper stops instead of telling a wrong figure.
 */

const SPELLED: Readonly<Record<string, string>> = {
  '0': 'Zero',
  '1': 'One',
  '2': 'Two',
  '3': 'Three',
  '4': 'Four',
  '5': 'Five',
  '6': 'Six',
  '7': 'Seven',
  '8': 'Eight',
  '9': 'Nine',
  '.': 'Point',
  '-': 'Minus',
  '+': 'Plus',
}
/** Characters of one word: a value may be a whole text. */
const LONGEST = 80

/** Words as one: `infect` and `0.05` as `InfectZeroPointZeroFive`. */
export function spelled(words: readonly string[]): string {
  return words.map(spelledWord).join('')
}

function spelledWord(word: string): string {
  const text = word.slice(0, LONGEST).replace(/[-+.\d]/g, (char) => ` ${SPELLED[char]} `)
  const parts = text.split(/[^A-Za-z]+/).filter((part) => part !== '')
  const joined = parts.map((part) => `${part[0]!.toUpperCase()}${part.slice(1)}`).join('')
  return joined === '' ? 'X' : joined
}

/** Gives each name once: one that is taken gets `Again` behind it, until it is free. */
export class FreeNames {
  readonly #taken = new Set<string>()

  /** `name`, or the next that is free; free too with each of the endings. */
  take(name: string, endings: readonly string[]): string {
    for (let free = name; ; free += 'Again') {
      const all = ['', ...endings].map((ending) => free + ending)
      if (all.some((one) => this.#taken.has(one))) continue
      for (const one of all) this.#taken.add(one)
      return free
    }
  }
}
