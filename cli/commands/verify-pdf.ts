/** `reprise verify PAPER.PDF`: every record in a PDF verified, and what the PDF says of them held against them. */
import pc from 'picocolors'
import type { Lab } from '../../lab/lab.ts'
import { METADATA } from '../../lab/pdf/listed.ts'
import type { PdfRecord, UnpackedPdf } from '../../lab/unpack-pdf.ts'
import type { Trust } from '../../provenance/trust.ts'
import type { Verification } from '../../provenance/verify.ts'
import { EXIT } from '../exit.ts'
import { chosenRecord, recordWords, withPdf } from '../pdf-record.ts'
import type { Terminal } from '../terminal.ts'
import { oneLine } from '../words.ts'
import { asVerification, checkRecord, tellFindings, tellRecord } from './verify-record.ts'

export async function verifyPdf(
  lab: Lab,
  path: string,
  trust: Trust,
  options: { readonly json?: boolean; readonly record?: string },
  out: Terminal,
): Promise<number> {
  const found = await withPdf(path, options, async (unpacked) =>
    checkAll(lab, unpacked, trust, path, options),
  ).catch((error) => ({ problems: [], records: [{ record: null, found: asVerification(error) }] }))
  const told = [...found.problems, ...found.records.flatMap(({ found }) => found.problems)]
  if (told.some(({ where }) => where === METADATA))
    out.say(
      `what the metadata says is no part of the records: reprise attach ${path} --run RUN writes it anew`,
    )
  const [only, ...others] = found.records
  if (only !== undefined && others.length === 0 && found.problems.length === 0) {
    out.answer(tellRecord(only.found, out))
    return only.found.valid ? EXIT.done : EXIT.notIntact
  }
  tellFindings(found.problems, [], [], out)
  const records = found.records.map(({ record, found }) => {
    out.print(record === null ? '' : pc.bold(recordWords(record)))
    return { record: record?.number, file: record?.file, ...tellRecord(found, out) }
  })
  const valid = found.problems.length === 0 && found.records.every(({ found }) => found.valid)
  const intact = found.records.filter(({ found }) => found.valid).length
  out.print(
    oneLine(
      `${intact} of ${records.length} records intact${found.problems.length === 0 ? '' : ', and the PDF says what is not so'}`,
    ),
  )
  out.answer({ valid, problems: found.problems, records })
  return valid ? EXIT.done : EXIT.notIntact
}

interface Checked {
  readonly record: PdfRecord | null
  readonly found: Verification
}

/** Verifies the records, or the one that is chosen. With a single one, what is wrong with the PDF is wrong with it. */
function checkAll(
  lab: Lab,
  { records, problems }: UnpackedPdf,
  trust: Trust,
  path: string,
  { record: asked }: { readonly record?: string },
): { readonly problems: Verification['problems']; readonly records: readonly Checked[] } {
  const chosen = asked === undefined ? records : [chosenRecord(records, asked, path)]
  const alone = chosen.length === 1
  const checked = chosen.map((record) => {
    const beside = [...record.problems, ...(alone ? problems : [])]
    return { record, found: checkRecord(lab, record.path, trust, () => {}, { beside }) }
  })
  return { problems: alone ? [] : problems, records: checked }
}
