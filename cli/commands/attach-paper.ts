/** `reprise attach PAPER.PDF --run RUN…`: puts the records of runs into a PDF, for whoever reads it to check and rerun. */
import { basename } from 'node:path'
import pc from 'picocolors'
import { attachToPdf, writePdf } from '../../lab/attach-pdf.ts'
import { findExportable, recordExport } from '../../lab/export.ts'
import { findLab } from '../../lab/lab.ts'
import { demandLedger } from '../../lab/ledger.ts'
import { sha256Of } from '../../lab/objects.ts'
import { checkFreeFile, demandFolder } from '../../lab/whole.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { nameWords, several } from '../words.ts'

/** Carries it out; without `output` the PDF is replaced, whole, by itself with the records in it. */
export async function attachPaper(
  paper: string,
  runs: readonly string[],
  options: { json?: boolean; output?: string; record?: string },
): Promise<number> {
  const out = terminal(options)
  const { output: target = paper } = options
  if (target !== paper) {
    demandFolder(target)
    checkFreeFile(target, false)
  }
  const lab = findLab(process.cwd())
  const { found, attached } = await withUnpacked(runs, options, (words) => {
    const found = words.map((word) => findExportable(lab, word))
    if (found.some(({ run }) => run !== null)) demandLedger(lab) // before anything is written
    return { found, attached: attachToPdf(paper, found) }
  })
  const { records, changed, bytes, notes } = attached
  writePdf(target, bytes)
  const sha256 = sha256Of(bytes)
  const file = { path: basename(target), sha256, bytes: bytes.length }
  const added = new Set(records.filter(({ state }) => state !== 'there').map(({ run }) => run))
  for (const one of found)
    if (added.has(one.manifest.run.id)) recordExport(one, [{ format: 'pdf', files: [file] }])
  for (const { file, state, root, beside, missing } of records) {
    const more = beside.length === 0 ? '' : `, with ${several(beside.length, 'file')} beside it`
    out.print(`${WORDS[state]}  ${nameWords(file)}  root ${root}${more}`)
    for (const { name, why } of missing) out.say(pc.yellow(`not in it: ${nameWords(name, 80)}: ${why}`))
  }
  if (changed && added.size === 0) out.say('its metadata said something else of them, and is put right')
  for (const note of notes) out.say(pc.yellow(`note: ${note}`))
  if (changed || target !== paper) out.say(`wrote ${target}`)
  out.answer({ pdf: target, changed, bytes: bytes.length, sha256, records, notes })
  return EXIT.done
}

const WORDS = { added: 'attached', replaced: 'replaced', there: 'is in it already:' } as const
