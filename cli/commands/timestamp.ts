/** `reprise timestamp [MANIFEST|RUN] --tsa URL`: has a checkpoint timestamped by an authority (RFC 3161). */
import { findLab } from '../../lab/lab.ts'
import { findRecord } from '../../lab/record.ts'
import { certificatesIn, stampLedger, stampManifest } from '../../lab/timestamp.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { count, oneLine } from '../words.ts'

export interface TimestampOptions {
  readonly json?: boolean
  readonly tsa: string
  readonly tsaCa: readonly string[]
  readonly output?: string
}

export async function timestamp(about: string | undefined, options: TimestampOptions): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const authority = { url: options.tsa, certificates: certificatesIn(options.tsaCa) }
  const record = about === undefined ? null : findRecord(lab, about)
  const output = record === null ? null : (options.output ?? record.run?.manifest ?? about!)
  const stamped =
    record === null ? await stampLedger(lab, authority) : await stampManifest(lab, record, output!, authority)
  const { time, tsa, trusted } = stamped.timestamp
  out.print(`the checkpoint over ${count(stamped.size)} entries existed at ${time}, says ${oneLine(tsa!)}`)
  out.print(
    trusted
      ? 'its certificate leads to one that you trust'
      : 'whether that authority is to be believed was not checked (--tsa-ca FILE)',
  )
  if (output !== null) out.say(`the timestamp is in ${output}`)
  out.answer({ ...stamped, manifest: output })
  return EXIT.done
}
