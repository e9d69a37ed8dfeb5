/** `reprise export RUN --latex PLACE`: a folder for a paper, or, where it is called .tex, the statement alone. */
import pc from 'picocolors'
import type { Exportable } from '../../lab/export.ts'
import { writeLatexFolder } from '../../lab/latex-folder.ts'
import type { WrittenFile } from '../../lab/whole.ts'
import type { Terminal } from '../terminal.ts'
import { oneLine } from '../words.ts'

export function isTexFile(target: string | undefined): boolean {
  return target?.endsWith('.tex') === true
}

/** Makes the folder, and says what is not in it. */
export function makeLatexFolder(
  found: Exportable,
  target: string,
  about: { readonly prefix: string; readonly location: string | null },
  out: Terminal,
): readonly WrittenFile[] {
  const { files, missing } = writeLatexFolder(found, target, about)
  for (const what of missing) out.say(pc.yellow(`not in it: ${oneLine(what)}`))
  return files
}
