/** The folder of what can be made again, in the user's own cache. */
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** `$XDG_CACHE_HOME/reprise`, or in `~/.cache`. */
export function ownCache(env: NodeJS.ProcessEnv): string {
  const { XDG_CACHE_HOME: xdg = '', HOME: home = homedir() } = env
  return join(isAbsolute(xdg) ? xdg : join(home, '.cache'), 'reprise')
}
