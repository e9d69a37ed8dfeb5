/**
 * Where words go. With --json exactly one object goes to stdout and everything else to stderr; without it, what was
 * asked for goes to stdout and what merely happens to stderr.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import pc from 'picocolors'
import { RepriseError, toErrorRecord } from '../lib/errors.ts'
import { EXIT, exitCodeOf } from './exit.ts'

export interface Terminal {
  readonly json: boolean
  /** What happens: to stderr. */
  say(line: string): void
  /** The answer for people: to stdout, unless JSON was asked for. */
  print(line: string): void
  /** The answer for programs: to stdout, if JSON was asked for. */
  answer(object: object): void
}

export function terminal(options: { readonly json?: boolean }): Terminal {
  const json = options.json === true
  return {
    json,
    say: (line) => void process.stderr.write(`${harmless(line)}\n`),
    print: (line) => void (json || process.stdout.write(`${harmless(line)}\n`)),
    answer: (object) => void (json && process.stdout.write(`${JSON.stringify(object)}\n`)),
  }
}

/**
 * Words from manifests and programs may hold control characters that move a terminal's cursor or change its title;
 * only line ends, tabs and colours get through.
 */
export function harmless(words: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  return words.replace(/\x1b\[\d{1,3}m|[\0-\x08\x0b-\x1f\x7f-\x9f]/g, (found) =>
    found.length > 1 ? found : '\ufffd',
  )
}

/** Asks a question at the terminal; anything but yes is no. */
export async function askYes(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}

/** Whether somebody sits there who can be asked. */
export function isManned(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** Asks for a secret at the terminal, which shows nothing of what is typed; null where none is given (Ctrl-C, Ctrl-D). */
export async function askSecret(question: string, signal?: AbortSignal): Promise<string | null> {
  const { stdin, stderr } = process
  if (!isManned() || signal?.aborted) return null
  stdin.setRawMode(true) // before the question: what is typed at once is not shown either
  stderr.write(harmless(question))
  stdin.resume()
  try {
    return await new Promise<string | null>((resolve) => {
      let typed = ''
      const letters = new TextDecoder() // one may come in two parts
      const end = (answer: string | null) => {
        stdin.off('data', hear)
        signal?.removeEventListener('abort', takeBack)
        resolve(answer)
      }
      const hear = (bytes: Buffer) => {
        for (const key of letters.decode(bytes, { stream: true })) {
          if (key === '\r' || key === '\n') return end(typed)
          if (key === '\x03' || key === '\x04') return end(null)
          typed = key === '\x7f' || key === '\b' ? [...typed].slice(0, -1).join('') : typed + key
        }
      }
      const takeBack = () => end(null)
      signal?.addEventListener('abort', takeBack)
      stdin.on('data', hear)
      stdin.once('end', () => end(null))
    })
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}

/** Writes a line to stdout and waits where the reader is slower. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain').catch(unlessClosed)
}

/** Tells an error in one line (or one object) and gives the exit code. */
export function tellError(thrown: unknown, json: boolean): number {
  const error = told(thrown)
  if (error instanceof RepriseError) {
    process.stderr.write(`${pc.red('reprise:')} ${harmless(error.line)}\n`)
  } else {
    const { stack, message } = error as Error
    process.stderr.write(
      `${pc.red('reprise:')} unexpected: ${process.env.REPRISE_DEBUG ? stack : harmless(message)}\n`,
    )
  }
  if (json) process.stdout.write(`${JSON.stringify({ error: toErrorRecord(error, 'storage') })}\n`)
  return error instanceof RepriseError ? exitCodeOf(error.code) : EXIT.failed
}

/** Rights that are missing are no fault of the program's: which file it is, is all that there is to say. */
function told(error: unknown): unknown {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException
  if ((code !== 'EACCES' && code !== 'EPERM') || path === undefined || error instanceof RepriseError)
    return error
  return new RepriseError('storage', `may not be opened (${code})`, {
    subject: path,
    remedy: 'See whose it is and who may read or write it, or name another',
  })
}

/** A reader that has seen enough (`| head`) ends the pouring, and nothing is wrong. */
export function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}

/** A reader that goes away (`| head`), or a terminal that closes, changes neither the work nor the exit code. */
export function forgiveClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '')) throw error
    })
  }
}
