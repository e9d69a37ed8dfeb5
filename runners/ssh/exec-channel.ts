/**
 * A command's ssh channel as a process with three streams. ssh2's own streams leave a write hanging when the far side
 * is gone, and end only with the connection's consent; these end whenever the connection says so.
 */
import { Readable, Writable } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import type { Channel, Ending } from '../channel.ts'

/** What has arrived is still read when the way broke, but not waited for longer than this, ms. */
const LINGER_MS = 1_000

/** `broken` settles with words when the connection is gone. */
export function execChannel(stream: ClientChannel, broken: Promise<string>): Channel {
  const stdout = readable(stream)
  const stderr = readable(stream.stderr)
  const stdin = writable(stream)
  let exit: string | null = null
  let over = false
  let settle = (_: Ending) => {}
  const ended = new Promise<Ending>((resolve) => {
    settle = resolve
  })

  /** Settles when the output was read; at once or soon when `patient` is false. */
  const end = (ending: Ending, patient: boolean) => {
    if (over) return
    over = true
    stdin.destroy()
    for (const each of [stdout, stderr]) if (!each.readableEnded && !each.destroyed) each.finish()
    const read = Promise.all([stdout, stderr].map(consumed))
    const waited = patient ? read : Promise.race([read, delay(LINGER_MS)])
    waited.then(() => {
      for (const each of [stdout, stderr]) each.destroy()
      settle(ending)
    })
  }

  stream.on('exit', (code: number | null, signal?: string) => {
    exit = code === null ? `killed by ${signal}` : `exit code ${code}`
  })
  stream.on('close', () => {
    const how = exit ?? 'its channel was closed without a word'
    end({ how, unreachable: exit === null }, exit !== null)
  })
  stream.on('error', () => {}) // told by the connection
  broken.then((how) => {
    if (exit === null) end({ how, unreachable: true }, false)
    else end({ how: exit, unreachable: false }, false)
  })
  return {
    stdin,
    stdout,
    stderr,
    ended,
    kill() {
      stream.close()
      end({ how: exit ?? 'ended from here', unreachable: false }, false)
    },
  }
}

class Output extends Readable {
  #finished = false

  finish(): void {
    if (!this.#finished) this.push(null)
    this.#finished = true
  }

  add(data: Buffer): boolean {
    return this.#finished || this.push(data)
  }
}

function readable(from: Readable): Output {
  const output = new Output({ read: () => void from.resume() })
  from.on('data', (data: Buffer) => {
    if (!output.add(data)) from.pause()
  })
  from.on('end', () => output.finish())
  return output
}

function writable(to: ClientChannel): Writable {
  const input = new Writable({
    write: (data, _, done) => void to.write(data, done),
    final: (done) => void to.end(done),
  })
  return input.on('error', () => {}) // whoever writes learns from `ended`
}

/** What nobody reads is not waited for. */
function consumed(stream: Readable): Promise<void> {
  const unread = stream.readableFlowing === null && stream.listenerCount('readable') === 0
  if (unread || stream.readableEnded || stream.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    for (const event of ['end', 'close'] as const) stream.once(event, () => resolve())
  })
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
