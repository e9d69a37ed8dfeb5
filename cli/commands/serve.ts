/** `reprise serve`: the lab in the browser, on this machine alone, until Ctrl-C. */
import { findLab } from '../../lab/lab.ts'
import { serveLab } from '../../web/serve/server.ts'
import { EXIT } from '../exit.ts'
import { onInterrupt } from '../interrupt.ts'
import { type Opening, openBrowser } from '../open-browser.ts'
import { terminal } from '../terminal.ts'

export interface ServeOptions {
  readonly json?: boolean
  readonly port?: number
  readonly allowControl?: boolean
  readonly open?: boolean
}

export async function serve({
  port = 0,
  allowControl = false,
  open = false,
  json = false,
}: ServeOptions): Promise<number> {
  const out = terminal({ json })
  const lab = findLab(process.cwd())
  let opening: Opening | null = null
  const server = await serveLab(lab, {
    port,
    allowControl,
    onEntered: () => {
      opening?.over()
      out.say(`opened; for another browser: ${server.address()}`)
    },
  })
  const interrupt = onInterrupt(out.say, 'ending …')
  try {
    const url = server.address()
    out.print(url)
    out.answer({ url, port: server.port, lab: lab.path, allowControl })
    out.say(
      `the lab ${lab.path}, for you alone, on this machine: the address is good for one browser. Ctrl-C ends it`,
    )
    opening = open ? await openBrowser(url) : null
    if (opening !== null)
      out.say(
        opening.problem === null
          ? 'a browser is being started; where it cannot read the file that leads here, give it the address'
          : `no browser could be started (${opening.problem}): open it yourself`,
      )
    if (!interrupt.signal.aborted)
      await new Promise<void>((resolve) => interrupt.signal.addEventListener('abort', () => resolve()))
  } finally {
    opening?.over()
    await server.close()
    interrupt.over()
  }
  return EXIT.done
}
