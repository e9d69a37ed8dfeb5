/** `reprise export … --chunk K`: the bytes of one chunk, with the proof that they are part of the root. */
import { resolve } from 'node:path'
import { writeDurably } from '../../lab/durable.ts'
import { exportChunk } from '../../lab/export-chunk.ts'
import type { Lab } from '../../lab/lab.ts'
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
  const proof = exportChunk(lab, findRecord(lab, text), index)
  const bytes = chunkProofBytes(proof)
  const { root } = proof
  if (output !== undefined) {
    writeDurably(resolve(output), bytes)
    out.print(`wrote ${output} (${count(bytes.length)} bytes): chunk ${index} with its path to root ${root}`)
    out.answer({ chunk: index, root, output })
  } else if (out.json) out.answer(proof)
  else await write(new TextDecoder().decode(bytes))
}
