/**
 * A program that is executed for its answer: how long it may take, and how much of what it says is heard. Its process is
 * started `detached`, so that all that it started can be ended with it, and ends with this one.
 */
import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { endGroup, endWithUs } from './ended-with-us.ts'

/** What was written before the end is read by then, ms. */
const LINGER_MS = 1_000

/**
 * Waits until it ended, for so many ms at most and until the signal; then it is ended with all of its group. Null where it ended well,
 * else words on how it ended.
 */
export async function endOf(child: ChildProcess, ms: number, signal?: AbortSignal): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined
  let stop = () => {}
  const forget = child.pid === undefined ? () => {} : endWithUs(child.pid)
  const ended = new Promise<string | null>((resolve) => {
    timer = setTimeout(() => resolve(`not over after ${ms / 1000} s`), ms)
    stop = () => resolve('it was stopped')
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (status, signal) =>
      resolve(status === 0 ? null : signal === null ? `exit code ${status}` : `killed by ${signal}`),
    )
  })
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  try {
    return await ended
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    if (child.pid !== undefined) endGroup(child.pid)
    forget()
  }
}

/** What a stream says: one character more than the longest that is allowed at most, the rest unheard. */
export function boundedText(stream: Readable, longest: number) {
  const letters = new TextDecoder()
  let text = ''
  const over = new Promise<void>((resolve) => {
    stream.once('close', resolve)
    stream.on('error', () => {})
  })
  stream.on('data', (bytes: Buffer) => {
    if (text.length <= longest) text = (text + letters.decode(bytes, { stream: true })).slice(0, longest + 1)
  })
  return {
    /** All that it said, when it is closed, or a moment later where somebody holds it open. */
    async end(): Promise<string> {
      let timer: NodeJS.Timeout | undefined
      const waited = new Promise((resolve) => {
        timer = setTimeout(resolve, LINGER_MS)
      })
      await Promise.race([over, waited])
      clearTimeout(timer)
      stream.destroy()
      return text
    },
  }
}
