/** Opens an address in the user's browser, by the program that the system has for that. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const PROGRAMS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Whether there was such a program. */
export async function openBrowser(address: string): Promise<boolean> {
  const [program, ...words] = PROGRAMS[process.platform] ?? ['xdg-open']
  const child = spawn(program, [...words, address], { stdio: 'ignore', detached: true })
  try {
    await once(child, 'spawn')
    child.unref()
    return true
  } catch {
    return false
  }
}
