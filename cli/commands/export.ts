/** `reprise export RUN|MANIFEST|BUNDLE`: a record in another form: a bundle of all that belongs to it, or one chunk with its proof. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import pc from 'picocolors'
import { writeBundle } from '../../lab/bundle.ts'
import { writeDurably } from '../../lab/durable.ts'
import { exportChunk } from '../../lab/export-chunk.ts'
import { findLab, type Lab } from '../../lab/lab.ts'
import { type FoundRecord, findRecord } from '../../lab/record.ts'
import { RepriseError } from '../../lib/errors.ts'
import { chunkProofBytes } from '../../provenance/chunk-proof.ts'
import { EXIT } from '../exit.ts'
import { type Terminal, terminal, write } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { count, several } from '../words.ts'

export interface ExportOptions {
  readonly json?: boolean
  readonly bundle?: string
  readonly chunk?: number
  readonly output?: string
  readonly force?: boolean
}

export async function exportRecord(text: string, options: ExportOptions): Promise<number> {
  const out = terminal(options)
  if ((options.bundle === undefined) === (options.chunk === undefined))
    throw new RepriseError('usage', 'says nothing of the form, or too much', {
      subject: 'export',
      remedy: 'Give one of --bundle FILE and --chunk K',
    })
  await withUnpacked([text], { ...options, results: true }, async ([path]) => {
    const lab = findLab(process.cwd())
    const record = findRecord(lab, path!)
    if (options.bundle !== undefined) await bundle(lab, record, options.bundle, options, out)
    else await chunk(lab, record, options.chunk!, options, out)
  })
  return EXIT.done
}

async function bundle(
  lab: Lab,
  record: FoundRecord,
  target: string,
  options: ExportOptions,
  out: Terminal,
): Promise<void> {
  const report = await writeBundle(lab, record, resolve(target), options.force === true)
  const objects = report.files.filter((name) => name.startsWith('objects/'))
  out.print(
    `wrote ${target} (${count(report.bytes)} bytes): ${several(report.files.length, 'file')}, root ${report.root}`,
  )
  if (objects.length > 0)
    out.say(`${several(objects.length, 'object')} that no commit has (a patch, untracked files) went with it`)
  for (const name of report.missing) out.say(pc.yellow(`not at hand, so not in it: ${name}`))
  out.answer({ ...report, bundle: target })
}

async function chunk(
  lab: Lab,
  record: FoundRecord,
  index: number,
  { output, force }: ExportOptions,
  out: Terminal,
): Promise<void> {
  if (output !== undefined && existsSync(output) && force !== true)
    throw new RepriseError('refused', 'is there already', {
      subject: output,
      remedy: 'Name another file, or say --force',
    })
  const proof = exportChunk(lab, record, index)
  const bytes = chunkProofBytes(proof)
  const { root } = proof
  if (output !== undefined) {
    writeDurably(resolve(output), bytes)
    out.print(`wrote ${output} (${count(bytes.length)} bytes): chunk ${index} with its path to root ${root}`)
    out.answer({ chunk: index, root, output })
  } else if (out.json) out.answer(proof)
  else await write(new TextDecoder().decode(bytes))
}
