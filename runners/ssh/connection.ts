/**
 * One ssh connection. The host's key is judged before anything is sent; then keys are offered, never a password, and no
 * agent is forwarded. A peer that does not answer for half a minute is gone, whatever TCP believes.
 */
import type { Duplex } from 'node:stream'
import ssh2, { type Algorithms, type Client } from 'ssh2'
import type { Channel } from '../channel.ts'
import { execChannel } from './exec-channel.ts'
import { cannotAuthenticate, cannotConnect, noAnswer, printable } from './failures.ts'
import { type HostKey, hostKeyOf } from './host-key.ts'
import type { KeyFiles } from './key-file.ts'
import { Keyring } from './keyring.ts'
import type { Hop } from './route.ts'

/** A keepalive this often, ms, and this many without an answer before the connection is given up. */
export interface Pulse {
  readonly everyMs: number
  readonly missed: number
}

export const PULSE: Pulse = { everyMs: 7_500, missed: 3 }

const READY_MS = 30_000
const CLOSE_MS = 1_000

/** The shell's own constant: so any login shell will do, and nothing is ever quoted for it. */
const SHELL = 'exec /bin/sh'

/** A stream to a host. */
export interface Link {
  readonly socket: Duplex
  /** Settles when the connection that it leads through is gone. */
  readonly broken?: Promise<string>
}

export interface Connecting {
  readonly hop: Hop
  readonly link: Link
  readonly files: KeyFiles
  readonly algorithms: Algorithms
  /** Why the host is not trusted, by the key that it shows; null when it is. */
  distrust(key: HostKey): Error | null
  readonly pulse?: Pulse
}

export class Connection {
  readonly hop: Hop
  /** Settles with words when it is gone. Never rejects. */
  readonly broken: Promise<string>
  readonly #client: Client
  readonly #socket: Duplex
  #alive = true

  constructor(hop: Hop, client: Client, socket: Duplex, broken: Promise<string>) {
    this.hop = hop
    this.#client = client
    this.#socket = socket
    this.broken = broken
    broken.then(() => {
      this.#alive = false
    })
  }

  get alive(): boolean {
    return this.#alive
  }

  /** `/bin/sh` on the host, which reads its script; null when the server opens no more channels here. */
  shell(): Promise<Channel | null> {
    return this.#opened<Channel | null>((resolve, reject) =>
      this.#client.exec(SHELL, (error, stream) => {
        if (error === undefined) resolve(execChannel(stream, this.broken))
        else if (isChannelFailure(error)) resolve(null)
        else reject(error)
      }),
    )
  }

  /** A connection from the host to another. Rejects with the server's reason. */
  forward(host: string, port: number): Promise<Link> {
    return this.#opened((resolve, reject) =>
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, stream) =>
        error === undefined ? resolve({ socket: stream, broken: this.broken }) : reject(error),
      ),
    )
  }

  async close(): Promise<void> {
    this.#client.end()
    await Promise.race([this.broken, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
    this.#socket.destroy() // of a socket that was ended, ssh2 would wait for the far end for ever
  }

  /** A channel's opening, which the connection's end ends too. */
  #opened<T>(open: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      this.broken.then((how) => reject(new Error(how)))
      try {
        open(resolve, reject)
      } catch (error) {
        reject(error as Error) // not connected any more
      }
    })
  }
}

const isChannelFailure = (error: Error) => 'reason' in error

/** Throws why it cannot be had: RepriseError. Ends the socket then. */
export async function connect(connecting: Connecting): Promise<Connection> {
  const { hop, link, files, algorithms, distrust, pulse = PULSE } = connecting
  const { socket } = link
  const client = new ssh2.Client()
  const readyMs = hop.connectTimeoutMs ?? READY_MS
  let distrusted: Error | null = null
  let trusted = false
  let break_ = (_: string) => {}
  const broken = new Promise<string>((resolve) => {
    break_ = resolve
  })
  try {
    await new Promise<void>((resolve, reject) => {
      const deadline = new Deadline(readyMs, () => reject(noAnswer(hop, readyMs)))
      const keyring = new Keyring(hop, files, (now) => (now ? deadline.pause() : deadline.resume()))
      const fail = (error: Error & { level?: string }) => {
        if (error.level === 'agent') return // a key that could not be used: the next one is tried
        deadline.clear()
        const refused = error.level === 'client-authentication' || (trusted && keyring.offered.length > 0)
        reject(distrusted ?? (refused ? cannotAuthenticate(hop, keyring, error) : cannotConnect(hop, error)))
        break_(printable(error.message))
        socket.destroy() // a jump host's stream would stay half open, and what leads through it hang
      }
      link.broken?.then((how) => fail(new Error(how)))
      client.on('ready', () => {
        deadline.clear()
        resolve()
      })
      client.on('error', fail)
      client.on('end', () => fail(new Error('the connection was closed')))
      client.on('close', () => fail(new Error('the connection was closed')))
      client.connect({
        sock: socket,
        username: hop.user,
        algorithms,
        readyTimeout: 0, // a person may be asked in between
        keepaliveInterval: pulse.everyMs,
        keepaliveCountMax: pulse.missed,
        authHandler: (_methods, _partial, next) => {
          if (keyring.begun)
            next(false as never) // no more methods; the types lack it
          else next({ type: 'agent', username: hop.user, agent: keyring })
        },
        hostVerifier: (blob: Buffer) => {
          distrusted = distrust(hostKeyOf(blob))
          trusted = distrusted === null
          return trusted
        },
      })
    })
    return new Connection(hop, client, socket, broken)
  } catch (error) {
    client.on('error', () => {})
    client.end()
    socket.destroy()
    throw error
  }
}

/** A time-out that stands still while somebody is asked something. */
class Deadline {
  readonly #act: () => void
  #left: number
  #since = Date.now()
  #timer: NodeJS.Timeout | undefined
  #pauses = 1

  constructor(ms: number, act: () => void) {
    this.#left = ms
    this.#act = act
    this.resume()
  }

  pause(): void {
    if (this.#pauses++ > 0) return
    clearTimeout(this.#timer)
    this.#left -= Date.now() - this.#since
  }

  resume(): void {
    if (--this.#pauses > 0 || this.#left === Number.POSITIVE_INFINITY) return
    this.#since = Date.now()
    this.#timer = setTimeout(this.#act, Math.max(0, this.#left))
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#left = Number.POSITIVE_INFINITY
  }
}
