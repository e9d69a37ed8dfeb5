/** A path of this machine as a configuration keeps it: it is read from anywhere, at any time. */
import { join, resolve } from 'node:path'
import { fromHome } from '../runners/ssh/settings.ts'

/** The path as it can be said from anywhere; under the home folder, from there. */
export function lasting(path: string): string {
  if (/^~(\/|$)/.test(path)) return path
  const whole = resolve(path)
  const home = join(fromHome('~'), '/') // as ssh has it, whatever HOME says
  return whole.startsWith(home) && home !== '/' ? `~/${whole.slice(home.length)}` : whole
}
