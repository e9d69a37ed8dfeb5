/**
 * Words of the command line that name a bundle, an archive in a bucket, or a PDF with records in it, as words that name the
 * manifest: taken apart or fetched before, removed after.
 */
import { isBundle, isPdf, Unpacked } from '../lab/unpack.ts'
import { isS3Url } from '../runners/s3/url.ts'
import { endOnInterrupt } from './interrupt.ts'
import { chosenRecord, tellPdfProblems } from './pdf-record.ts'

/** What is done with the words; it may let go of what was unpacked as soon as all is read or open. */
type Use<T> = (words: readonly string[], letGo: () => void) => T | Promise<T>

/**
 * Calls `use` with the words, each that names a bundle replaced by the path of its manifest, unpacked. Whatever happens,
 * nothing of it stays.
 */
export async function withUnpacked<T>(
  words: readonly string[],
  options: { readonly json?: boolean; readonly results?: boolean; readonly record?: string },
  use: Use<T>,
): Promise<T> {
  if (!words.some(isPacked)) return use(words, () => {})
  const taken: { remove(): void }[] = []
  const remove = () => {
    for (const unpacked of taken) unpacked.remove()
  }
  const settle = endOnInterrupt(remove, options.json === true, 'it was not read to its end')
  const letGo = () => {
    remove()
    settle()
  }
  try {
    const paths: string[] = []
    for (const word of words) {
      if (!isPacked(word)) paths.push(word)
      else if (isPdf(word)) {
        const { UnpackedPdf } = await import('../lab/unpack-pdf.ts') // few need it
        const unpacked = new UnpackedPdf()
        taken.push(unpacked)
        unpacked.fill(word)
        const record = chosenRecord(unpacked.records, options.record, word)
        tellPdfProblems([...unpacked.problems, ...record.problems])
        paths.push(record.path)
      } else {
        const unpacked = new Unpacked()
        taken.push(unpacked)
        const wanted = { results: options.results === true }
        if (isS3Url(word)) await (await import('../lab/s3-archive.ts')).fetchArchive(word, unpacked, wanted)
        else await unpacked.fill(word, wanted)
        paths.push(unpacked.manifest)
      }
    }
    return await use(paths, letGo)
  } finally {
    letGo()
  }
}

function isPacked(word: string): boolean {
  return isS3Url(word) || isBundle(word) || isPdf(word)
}
