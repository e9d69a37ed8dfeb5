/** Asks a capsule what experiment it holds: one engine, one question. */
import { fromErrorRecord, RepriseError } from '../lib/errors.ts'
import type { LocalLauncher } from './launcher.ts'
import { Link, lastLine } from './link.ts'
import type { Description } from './protocol.ts'

const PATIENCE_MS = 60_000

/** Throws what the experiment threw while it was loaded, or `capsule` when it did not answer. */
export async function describeCapsule(launcher: LocalLauncher, capsule: string): Promise<Description> {
  let link: Link | undefined
  let printed = ''
  const answer = new Promise<Description>((resolve, reject) => {
    link = new Link(0, launcher.launch(capsule), {
      report: (report) => {
        if (report.type === 'description') resolve(report)
        else if (report.type === 'fatal') reject(fromErrorRecord(report.error))
        else if (report.type === 'log') printed = (printed + report.text).slice(-2_000)
      },
      output: (_, text) => {
        printed = (printed + text).slice(-2_000)
      },
    })
    const { process } = link
    void process.ended.then(({ how }) => {
      const words = printed.trim() === '' ? '' : `: ${lastLine(printed)}`
      reject(new RepriseError('capsule', `the experiment could not be loaded, ${how}${words}`))
    })
    link.send({ type: 'describe' })
  })
  const patience = setTimeout(() => link?.process.kill(), PATIENCE_MS)
  try {
    return await answer
  } finally {
    clearTimeout(patience)
    link?.process.kill()
    await link?.process.ended
  }
}
