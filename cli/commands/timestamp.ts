/** `reprise timestamp [MANIFEST|RUN] --tsa URL`: has a checkpoint timestamped by an authority (RFC 3161). */

import { certificatesIn } from '../../lab/certificates.ts'
import { findLab, type Lab } from '../../lab/lab.ts'
import { findRecord } from '../../lab/record.ts'
import { type Authority, stampLedger, stampManifest } from '../../lab/timestamp.ts'
import { EXIT } from '../exit.ts'
import { checkOutput, placeOf } from '../rewritten.ts'
import { terminal } from '../terminal.ts'
import { withUnpacked } from '../unpacked.ts'
import { count, oneLine } from '../words.ts'

export interface TimestampOptions {
  readonly json?: boolean
  readonly tsa: string
  readonly tsaCa: readonly string[]
  readonly output?: string
}

/** Has the checkpoint of a manifest, or of that in a bundle, timestamped. */
async function stampRecord(lab: Lab, about: string, authority: Authority, options: TimestampOptions) {
  checkOutput(about, options.output)
  return withUnpacked([about], options, async ([path]) => {
    const record = findRecord(lab, path!)
    const output = placeOf(about, record, options.output)
    return { stamped: await stampManifest(lab, record, output, authority), output }
  })
}

export async function timestamp(about: string | undefined, options: TimestampOptions): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const authority = { url: options.tsa, certificates: certificatesIn(options.tsaCa) }
  const { stamped, output } = await (about === undefined
    ? stampLedger(lab, authority).then((stamped) => ({ stamped, output: null }))
    : stampRecord(lab, about, authority, options))
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
