/** `reprise attach MANIFEST|RUN STATEMENT…`: adds witnesses' statements to a manifest. */
import { readFileSync, statSync } from 'node:fs'
import { attachWitnesses } from '../../lab/attach.ts'
import { findLab } from '../../lab/lab.ts'
import { findRecord, isFile } from '../../lab/record.ts'
import { RepriseError } from '../../lib/errors.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { several } from '../words.ts'

/** Bytes of a statement's file. */
const MOST = 1_000_000

export async function attach(
  text: string,
  files: readonly string[],
  options: { json?: boolean; output?: string },
): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const record = findRecord(lab, text)
  const output = options.output ?? record.run?.manifest ?? text
  const added = attachWitnesses(lab, record, files.map(readStatement), output)
  out.print(`${several(added, 'statement')} added to ${output}`)
  out.answer({ manifest: output, added })
  return EXIT.done
}

function readStatement(file: string): string {
  if (!isFile(file) || statSync(file).size > MOST) {
    throw new RepriseError('not-found', 'is no file with a statement', {
      subject: file,
      remedy: 'Give what reprise witness wrote',
    })
  }
  return readFileSync(file, 'utf8')
}
