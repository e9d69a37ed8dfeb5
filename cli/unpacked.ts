/** Words of the command line that name a bundle, as words that name the manifest in it: taken apart before, removed after. */
import { isBundle, Unpacked } from '../lab/unpack.ts'
import { endOnInterrupt } from './interrupt.ts'

/** What is done with the words; it may let go of what was unpacked as soon as all is read or open. */
type Use<T> = (words: readonly string[], letGo: () => void) => T | Promise<T>

/**
 * Calls `use` with the words, each that names a bundle replaced by the path of its manifest, unpacked. Whatever happens,
 * nothing of it stays.
 */
export async function withUnpacked<T>(
  words: readonly string[],
  options: { readonly json?: boolean; readonly results?: boolean },
  use: Use<T>,
): Promise<T> {
  if (!words.some(isBundle)) return use(words, () => {})
  const taken: Unpacked[] = []
  const remove = () => {
    for (const unpacked of taken) unpacked.remove()
  }
  const settle = endOnInterrupt(remove, options.json === true, 'the bundle was not read to its end')
  const letGo = () => {
    remove()
    settle()
  }
  try {
    const paths: string[] = []
    for (const word of words) {
      if (!isBundle(word)) paths.push(word)
      else {
        const unpacked = new Unpacked()
        taken.push(unpacked)
        await unpacked.fill(word, { results: options.results === true })
        paths.push(unpacked.manifest)
      }
    }
    return await use(paths, letGo)
  } finally {
    letGo()
  }
}
