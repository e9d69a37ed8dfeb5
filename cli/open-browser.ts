/**
 * Opens an address in the user's browser, by the program that the system has for that. Everybody on the machine can read what
 * a program is started with, and the address holds a secret: so it is started with a file of ours, which nobody else can read
 * and which goes to the address.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { html } from '../web/html.ts'

const PROGRAMS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

export interface Opening {
  /** Why the program was not started; null where it was. */
  readonly problem: string | null
  /** Removes the file: once the address was opened it is of no use. */
  over(): void
}

/** Never throws: whoever asked for it has the address too. */
export async function openBrowser(address: string): Promise<Opening> {
  let folder: string | null = null
  const over = () => {
    if (folder !== null) rmSync(folder, { recursive: true, force: true })
  }
  try {
    folder = newFolder()
    const file = join(folder, 'open.html')
    writeFileSync(file, pageTo(address), { mode: 0o600, flag: 'wx' })
    const [program, ...words] = PROGRAMS[process.platform] ?? ['xdg-open']
    const child = spawn(program, [...words, pathToFileURL(file).href], { stdio: 'ignore', detached: true })
    await once(child, 'spawn')
    child.unref()
    return { problem: null, over }
  } catch (error) {
    over()
    return { problem: (error as Error).message, over: () => {} }
  }
}

/** Below the user's own folder for what lasts a session, else the one for what can be lost; not in /tmp, which browsers in boxes of their own do not see. */
function newFolder(): string {
  const { XDG_RUNTIME_DIR: runtime, XDG_CACHE_HOME: cache } = process.env
  const base = [runtime, cache].find((path) => path !== undefined && path !== '') ?? join(homedir(), '.cache')
  const own = join(base, 'reprise')
  mkdirSync(own, { recursive: true, mode: 0o700 })
  return mkdtempSync(join(own, 'open-')) // 0700
}

function pageTo(address: string): string {
  const { text } =
    html`<html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${address}"><title>Reprise</title></head>
<body><p><a href="${address}">Open the lab</a></p></body></html>`
  return `<!doctype html>\n${text}\n`
}
