/**
 * `reprise attach MANIFEST|BUNDLE|RUN STATEMENT…` adds witnesses' statements to a manifest; `reprise attach PAPER.PDF --run RUN`
 * adds manifests to a paper.
 */
import { readFileSync, statSync } from 'node:fs'
import { attachWitnesses } from '../../lab/attach.ts'
import { findLab } from '../../lab/lab.ts'
import { findRecord, isFile } from '../../lab/record.ts'
import { RepriseError } from '../../lib/errors.ts'
import { EXIT } from '../exit.ts'
import { checkOutput, placeOf } from '../rewritten.ts'
import { terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { several } from '../words.ts'

/** Bytes of a statement's file. */
const MOST = 200_000

interface AttachOptions {
  readonly json?: boolean
  readonly output?: string
  readonly run?: readonly string[]
  readonly record?: string
}

export async function attach(
  text: string,
  files: readonly string[],
  options: AttachOptions,
): Promise<number> {
  const { run: runs = [] } = options
  if (runs.length === 0 && files.length > 0) return attachStatements(text, files, options)
  if (runs.length > 0 && files.length === 0)
    return (await import('./attach-paper.ts')).attachPaper(text, runs, options)
  throw new RepriseError(
    'usage',
    runs.length > 0 ? 'goes with no statements' : 'there is nothing to attach',
    {
      subject: runs.length > 0 ? '--run' : 'attach',
      remedy: 'Give a manifest and statements of witnesses, or a PDF and --run RUN',
    },
  )
}

async function attachStatements(
  text: string,
  files: readonly string[],
  options: AttachOptions,
): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const { output } = options
  checkOutput(text, output)
  const { added, target } = await withUnpacked([text], options, ([path]) => {
    const record = findRecord(lab, path!)
    const target = placeOf(text, record, output)
    return { added: attachWitnesses(lab, record, files.map(readStatement), target), target }
  })
  out.print(added === 0 ? 'they are in it already' : `${several(added, 'statement')} added to ${target}`)
  out.answer({ manifest: target, added })
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
