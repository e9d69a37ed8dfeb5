/** Code from elsewhere is executed only when somebody said yes to it. */
import pc from 'picocolors'
import type { RepriseError } from '../lib/errors.ts'
import { askYes, type Terminal } from './terminal.ts'

/** Asks where somebody can be asked. Throws the refusal without a yes. */
export async function askConsent(
  refusal: RepriseError,
  { yes }: { readonly yes?: boolean },
  out: Terminal,
): Promise<void> {
  if (yes === true) return
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) throw refusal
  out.say(pc.yellow(refusal.message))
  if (!(await askYes('Execute it?'))) throw refusal
}
