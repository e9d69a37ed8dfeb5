/** Which of the records in a PDF is meant, and what is said of those that are there. */
import pc from 'picocolors'
import type { PdfRecord, UnpackedPdf } from '../lab/unpack-pdf.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Problem } from '../provenance/verify.ts'
import { endOnInterrupt } from './interrupt.ts'
import { terminal } from './terminal.ts'
import { nameWords, oneLine, several } from './words.ts'

/** Records that are told one by one where there are too many to choose from. */
const TOLD = 20

/** Calls `use` with all records of a PDF, taken out of it. Whatever happens, nothing of them stays. */
export async function withPdf<T>(
  path: string,
  options: { readonly json?: boolean },
  use: (unpacked: UnpackedPdf) => Promise<T>,
): Promise<T> {
  const { UnpackedPdf } = await import('../lab/unpack-pdf.ts') // few need it
  const unpacked = new UnpackedPdf()
  const settle = endOnInterrupt(() => unpacked.remove(), options.json === true, 'it was not read to its end')
  try {
    unpacked.fill(path)
    return await use(unpacked)
  } finally {
    unpacked.remove()
    settle()
  }
}

/** The record that is meant: the only one, or that which `--record` names by number or beginning of its root. */
export function chosenRecord(
  records: readonly PdfRecord[],
  asked: string | undefined,
  path: string,
): PdfRecord {
  const meant = asked === undefined ? records : records.filter((record) => isMeant(record, asked))
  const [only, ...others] = meant
  if (only !== undefined && others.length === 0) return only
  const what =
    asked === undefined
      ? `has ${several(records.length, 'record')}`
      : `${meant.length === 0 ? 'no' : 'more than one'} record in it is ${JSON.stringify(asked.slice(0, 70))}`
  const listed = records.slice(0, TOLD).map(recordWords).join('; ')
  throw new RepriseError('usage', what, {
    subject: path,
    remedy: `Choose one with --record NUMBER or --record ROOT: ${listed}${records.length > TOLD ? ' …' : ''}`,
  })
}

function isMeant({ number, manifest }: PdfRecord, asked: string): boolean {
  if (/^\d{1,3}$/.test(asked)) return number === Number(asked)
  return asked.length >= 4 && manifest?.results.root.startsWith(asked.toLowerCase()) === true
}

/** `2 epidemic, root 38b0c1f7a2e4…`. */
export function recordWords({ number, file, manifest }: PdfRecord): string {
  if (manifest === null) return `${number} ${nameWords(file)} (cannot be read)`
  return `${number} ${nameWords(manifest.experiment.document.name)}, root ${manifest.results.root.slice(0, 12)}…`
}

/** Says what is wrong with the PDF around a record that is used all the same. */
export function tellPdfProblems(problems: readonly Problem[]): void {
  const out = terminal({})
  for (const { where, what } of problems) out.say(pc.yellow(`note: ${oneLine(`${where} ${what}`)}`))
}
