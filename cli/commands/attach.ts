/** `reprise attach MANIFEST|BUNDLE|RUN STATEMENT…`: adds witnesses' statements to a manifest. */
import { readFileSync, statSync } from 'node:fs'
import { attachWitnesses } from '../../lab/attach.ts'
import { findLab } from '../../lab/lab.ts'
import { findRecord, isFile } from '../../lab/record.ts'
import { isBundle } from '../../lab/unpack.ts'
import { checkFreeFile } from '../../lab/whole.ts'
import { RepriseError } from '../../lib/errors.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { several } from '../words.ts'

/** Bytes of a statement's file. */
const MOST = 200_000

export async function attach(
  text: string,
  files: readonly string[],
  options: { json?: boolean; output?: string },
): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const { output = isBundle(text) ? refuseBundle(text) : undefined } = options
  if (options.output !== undefined) checkFreeFile(options.output, false)
  const { added, target } = await withUnpacked([text], options, ([path]) => {
    const record = findRecord(lab, path!)
    const target = output ?? record.run?.manifest ?? text
    return { added: attachWitnesses(lab, record, files.map(readStatement), target), target }
  })
  out.print(`${several(added, 'statement')} added to ${target}`)
  out.answer({ manifest: target, added })
  return EXIT.done
}

function refuseBundle(text: string): never {
  throw new RepriseError('usage', 'is a bundle, and a bundle is not changed', {
    subject: text,
    remedy: 'Write the manifest to a file of its own with --output FILE',
  })
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
