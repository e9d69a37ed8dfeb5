/** `reprise register FILE`: the experiment and its capsule enter the ledger before any result exists. */
import pc from 'picocolors'
import { findLab } from '../../lab/lab.ts'
import { register } from '../../lab/register.ts'
import { parseTlogProof } from '../../lib/tlog-proof.ts'
import { localLauncher } from '../../runners/local.ts'
import { EXIT } from '../exit.ts'
import { endOnInterrupt } from '../interrupt.ts'
import { terminal } from '../terminal.ts'
import { several } from '../words.ts'

export async function registerFile(
  file: string,
  options: { audited?: boolean; json?: boolean },
): Promise<number> {
  const out = terminal(options)
  const launcher = localLauncher()
  const over = endOnInterrupt(launcher.close, out.json)
  try {
    const { entry, log, key } = await register(
      findLab(process.cwd()),
      file,
      launcher,
      new Date(),
      options.audited,
    )
    const { body, seq, time } = entry
    const { checkpoint } = parseTlogProof(log)
    out.print(`${pc.green('registered')} ${String(body.name)} at ${time}, entry ${seq} of the ledger`)
    out.print(`experiment  ${String(body.experiment)} (${several(Number(body.jobs), 'job')})`)
    out.print(`capsule     ${String(body.capsule)}`)
    out.print(`checkpoint\n${checkpoint.trimEnd()}`)
    out.say('publish this checkpoint, or have it timestamped: reprise timestamp --tsa URL')
    const { experiment, capsule } = body
    out.answer({ registered: time, seq, experiment, capsule, checkpoint, proof: log, key })
    return EXIT.done
  } finally {
    launcher.close()
    over()
  }
}
