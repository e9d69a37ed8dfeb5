/** `reprise export … --chunk K`: the bytes of one chunk, with the proof that they are part of the root. */
import { resolve } from 'node:path'
import { writeDurably } from '../../lab/durable.ts'
import { recordChunkExport } from '../../lab/export.ts'
import { exportChunk } from '../../lab/export-chunk.ts'
import type { Lab } from '../../lab/lab.ts'
import { demandLedger } from '../../lab/ledger.ts'
import { findRecord } from '../../lab/record.ts'
import { checkFreeFile } from '../../lab/whole.ts'
import { chunkProofBytes } from '../../provenance/chunk-proof.ts'
import { type Terminal, write } from '../terminal.ts'
import { count } from '../words.ts'

export async function exportOneChunk(
  lab: Lab,
  text: string,
  index: number,
  { output, force }: { readonly output?: string; readonly force?: boolean },
  out: Terminal,
): Promise<void> {
  if (output !== undefined) checkFreeFile(output, force === true)
  const record = findRecord(lab, text)
  if (record.run !== null) demandLedger(lab)
  const proof = exportChunk(lab, record, index)
  const bytes = chunkProofBytes(proof)
  if (record.run !== null) recordChunkExport(lab, record.run.id, index, bytes)
  const { root } = proof
  if (output !== undefined) {
    writeDurably(resolve(output), bytes)
    out.print(`wrote ${output} (${count(bytes.length)} bytes): chunk ${index} with its path to root ${root}`)
    out.answer({ chunk: index, root, output })
  } else if (out.json) out.answer(proof)
  else await write(new TextDecoder().decode(bytes))
}
