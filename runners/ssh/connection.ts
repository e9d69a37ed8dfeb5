/**
 * One ssh connection. The host's key is judged before anything is sent; then keys are offered, never a password, and no
 * agent is forwarded. A peer that does not answer for half a minute is gone, whatever TCP believes.
 */
import type { Duplex } from 'node:stream'
import ssh2, { type Algorithms, type Client, type ClientChannel } from 'ssh2'
import type { Channel } from '../channel.ts'
import { Deadline } from './deadline.ts'
import { execChannel } from './exec-channel.ts'
import { cannotAuthenticate, cannotConnect, noAnswer, noChannel, printable } from './failures.ts'
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
  /** Ends the attempt; what is connected by then stays. */
  readonly signal: AbortSignal
}

export class Connection {
  readonly hop: Hop
  /** Settles with words when it is gone. Never rejects. */
  readonly broken: Promise<string>
  readonly #client: Client
  readonly #socket: Duplex
  #alive = true
  /** Channels that are open or asked for. */
  #channels = 0

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
  async shell(): Promise<Channel | null> {
    try {
      const stream = await this.#opened(this.hop, (done) => this.#client.exec(SHELL, done))
      return execChannel(stream, this.broken)
    } catch (error) {
      if (isChannelFailure(error as Error)) return null
      throw error
    }
  }

  /** A connection from the host to another, the hop. Rejects with the server's reason, or RepriseError when it says nothing. */
  async forward(hop: Hop): Promise<Link> {
    const socket = await this.#opened(hop, (done) =>
      this.#client.forwardOut('127.0.0.1', 0, hop.hostname, hop.port, done),
    )
    return { socket, broken: this.broken }
  }

  async close(): Promise<void> {
    this.#client.end()
    let timer: NodeJS.Timeout | undefined
    const waited = new Promise((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS)
    })
    await Promise.race([this.broken, waited])
    clearTimeout(timer)
    this.#socket.destroy() // of a socket that was ended, ssh2 would wait for the far end for ever
  }

  /**
   * A channel, for the hop. A server may answer keepalives and this never: a connection that carries nothing else is
   * given up then, so that the next attempt is made on a fresh one.
   */
  #opened(hop: Hop, open: (done: Opening) => void): Promise<ClientChannel> {
    const ms = hop.connectTimeoutMs ?? READY_MS
    this.#channels += 1
    return new Promise<ClientChannel>((resolve, reject) => {
      let waiting = true
      const settle = (act: () => void) => {
        clearTimeout(timer)
        if (waiting) act()
        waiting = false
      }
      const fail = (error: Error) =>
        settle(() => {
          this.#channels -= 1
          reject(error)
        })
      const timer = setTimeout(() => {
        fail(noChannel(this.hop, hop, ms))
        if (this.#channels === 0) void this.close()
      }, ms)
      this.broken.then((how) => fail(new Error(how)))
      try {
        open((error, stream) => {
          if (error !== undefined) return fail(error)
          if (!waiting) return stream.close() // too late
          stream.once('close', () => {
            this.#channels -= 1
          })
          settle(() => resolve(stream))
        })
      } catch (error) {
        fail(error as Error) // not connected any more
      }
    })
  }
}

type Opening = (error: Error | undefined, stream: ClientChannel) => void

const isChannelFailure = (error: Error) => 'reason' in error

/** Throws why it cannot be had: RepriseError. Ends the socket then. */
export async function connect(connecting: Connecting): Promise<Connection> {
  const { hop, link, files, algorithms, distrust, pulse = PULSE, signal } = connecting
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
        keyring.close()
        signal.removeEventListener('abort', stop)
        const refused = error.level === 'client-authentication' || (trusted && keyring.offered.length > 0)
        reject(distrusted ?? (refused ? cannotAuthenticate(hop, keyring, error) : cannotConnect(hop, error)))
        break_(printable(error.message))
        socket.destroy() // a jump host's stream would stay half open, and what leads through it hang
      }
      const stop = () => {
        reject(signal.reason)
        fail(signal.reason)
      }
      if (signal.aborted) return stop()
      signal.addEventListener('abort', stop)
      link.broken?.then((how) => fail(new Error(how)))
      client.on('ready', () => {
        deadline.clear()
        signal.removeEventListener('abort', stop)
        resolve()
      })
      client.on('error', fail)
      client.on('end', () => fail(new Error('the connection was closed')))
      client.on('close', () => fail(new Error('the connection was closed')))
      try {
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
      } catch (error) {
        fail(error as Error) // an odd setting
      }
    })
    return new Connection(hop, client, socket, broken)
  } catch (error) {
    client.on('error', () => {})
    client.end()
    socket.destroy()
    throw error
  }
}
