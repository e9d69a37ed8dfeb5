/** `reprise witness MANIFEST|BUNDLE|RUN`: a signed statement on what came of rerunning a record here. */
import { existsSync } from 'node:fs'
import { writeDurably } from '../../lab/durable.ts'
import { findLab } from '../../lab/lab.ts'
import { findRecord } from '../../lab/record.ts'
import { intactManifest } from '../../lab/rerun.ts'
import { makeWitness } from '../../lab/witness.ts'
import { RepriseError } from '../../lib/errors.ts'
import { parseWitness, witnessWords } from '../../provenance/witness.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'

export async function witness(
  text: string,
  options: { json?: boolean; output?: string; record?: string },
): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const { output } = options
  if (output !== undefined && existsSync(output))
    throw new RepriseError('refused', 'is there already', { subject: output, remedy: 'Name another file' })
  const { manifest } = await withUnpacked([text], options, ([path]) =>
    intactManifest(lab, findRecord(lab, path!)),
  )
  const note = makeWitness(lab, manifest)
  const { statement } = parseWitness(note)
  if (output === undefined) out.print(note.trimEnd())
  else writeDurably(output, note)
  out.say(witnessWords(statement))
  out.say('send it to whoever has the manifest: they add it with reprise attach MANIFEST STATEMENT')
  out.answer({ ...statement, statement: note, ...(output === undefined ? {} : { file: output }) })
  return EXIT.done
}
