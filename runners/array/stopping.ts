/** Work that ends as soon as it is to, whatever it waits for. */
import { setTimeout as sleep } from 'node:timers/promises'

export class Stopped extends Error {}

/** What the promise gives; throws Stopped as soon as the signal is aborted. What it would have come to is not looked at then. */
export async function unlessStopped<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  let stop: () => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new Stopped())
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([promise, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
    promise.catch(() => {})
  }
}

/** Throws Stopped. */
export async function pause(signal: AbortSignal, ms: number): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch {
    throw new Stopped()
  }
}
