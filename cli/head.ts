/** What is asked of the head of a cluster: connected for as long as a command needs it, with what went over the wire told. */
import pc from 'picocolors'
import type { Lab } from '../lab/lab.ts'
import { type OpenHead, openHead } from '../lab/open-head.ts'
import type { RepriseError } from '../lib/errors.ts'
import { tellTraffic } from './runner.ts'
import { askSecret, type Terminal } from './terminal.ts'

export async function withHead<T>(
  lab: Lab,
  runner: string,
  out: Terminal,
  action: (open: OpenHead) => Promise<T>,
): Promise<T> {
  const open = await openHead(lab, runner, { ask: askSecret, tell: (line) => out.say(line) })
  try {
    return await action(open)
  } finally {
    tellTraffic(open.traffic(), out)
    await open.close()
  }
}

/** The same, where what is known here will do when the head cannot be reached: then it says so, and gives null. */
export async function withHeadIfThere<T>(
  lab: Lab,
  runner: string,
  out: Terminal,
  action: (open: OpenHead) => Promise<T>,
): Promise<T | null> {
  try {
    return await withHead(lab, runner, out, action)
  } catch (error) {
    const { code } = error as Partial<RepriseError>
    if (code === 'divergent' || code === 'not-intact' || code === 'storage') throw error
    if (code === 'busy') {
      out.say(pc.yellow(`run ${(error as Error).message}; told is what is known here`))
      return null
    }
    out.say(
      pc.yellow(`${runner} cannot be asked now (${(error as Error).message}); told is what is known here`),
    )
    return null
  }
}
