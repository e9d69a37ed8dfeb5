/**
 * Shells on the hosts of a cluster. One connection a host, and one a jump host, whoever asks for them at once; a second
 * where a server opens no more channels on the first.
 */
import { setMaxListeners } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { RepriseError } from '../../lib/errors.ts'
import type { Channel } from '../channel.ts'
import { algorithmsFor } from './algorithms.ts'
import { type Connection, connect, type Link, type Pulse } from './connection.ts'
import { cannotForward, cannotReach, closed, noAnswer } from './failures.ts'
import { type Ask, KeyFiles } from './key-file.ts'
import type { SshHost, SshProfile } from './profile.ts'
import { type Hop, hopId, routeTo } from './route.ts'
import { distrust, trustIn } from './trust.ts'

export interface ShellsOptions {
  /** The cluster's name, for messages. */
  readonly name?: string
  /** Asks for a passphrase, without showing it. */
  readonly ask?: Ask
  readonly tell?: (line: string) => void
  readonly pulse?: Pulse
}

export interface Shells {
  /** `/bin/sh` on a host, which reads its script from stdin. Connects if need be. Throws `refused`, `engine`, `usage`. */
  shell(host: SshHost): Promise<Channel>
  /** Ends all connections, at once those that are still being made: whoever waits for a shell is told `interrupted`. */
  close(): Promise<void>
}

const CONNECT_MS = 30_000

export function openShells(profile: SshProfile, options: ShellsOptions = {}): Shells {
  return new Connections(profile, options)
}

export class Connections implements Shells {
  readonly files: KeyFiles
  readonly #profile: SshProfile
  readonly #options: ShellsOptions
  /** By the way that leads there. A host has more than one where one has no room for more channels. */
  readonly #made = new Map<string, Promise<Connection>[]>()
  readonly #closing = new AbortController()

  constructor(profile: SshProfile, options: ShellsOptions) {
    this.#profile = profile
    this.#options = options
    this.files = new KeyFiles(options.ask ?? null)
    setMaxListeners(0, this.signal)
  }

  /** Aborted with the reason when they are closed. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  get name(): string {
    return this.#options.name ?? 'CLUSTER'
  }

  shell(host: SshHost): Promise<Channel> {
    return this.#unlessClosed(() => this.#shell(host))
  }

  async #shell(host: SshHost): Promise<Channel> {
    const route = await routeTo(host, this.#profile)
    const hop = route.at(-1)!
    for (let nth = 0; ; nth++) {
      const fresh = this.#made.get(wayOf(route))?.[nth] === undefined
      const connection = await this.#connection(route, nth)
      const channel = await connection.shell().catch((error) => {
        throw error instanceof RepriseError ? error : cannotReach(hop, error)
      })
      if (channel !== null) return channel
      if (fresh) throw cannotReach(hop, new Error('sshd opens no session (MaxSessions)'))
    }
  }

  /** A stream to the last hop of a route, through those before it. */
  async linkTo(route: readonly Hop[]): Promise<Link> {
    const hop = route.at(-1)!
    if (route.length === 1) return { socket: await tcp(hop, this.signal) }
    const before = route.slice(0, -1)
    const through = await this.#connection(before, 0)
    return through.forward(hop).catch((error) => {
      throw error instanceof RepriseError ? error : cannotForward(hop, before.at(-1)!, error)
    })
  }

  async close(): Promise<void> {
    this.#closing.abort(closed()) // before all else: what is awaited below is open, or has failed by this
    this.files.close()
    const made = [...this.#made]
    this.#made.clear()
    const depths = made.map(([way]) => way.split('\n').length)
    for (let depth = Math.max(0, ...depths); depth > 0; depth--) {
      const connections = made.filter((_, nth) => depths[nth] === depth).flatMap(([, each]) => each)
      await Promise.all(connections.map((each) => each.then((one) => one.close()).catch(() => {})))
    }
  }

  #connection(route: readonly Hop[], nth: number): Promise<Connection> {
    const way = wayOf(route)
    const made = this.#made.get(way) ?? []
    const known = made[nth]
    if (known !== undefined) return known
    const making = this.#unlessClosed(() => this.#connect(route))
    this.#made.set(way, [...made, making])
    const forget = () => {
      const left = this.#made.get(way)?.filter((each) => each !== making) ?? []
      if (left.length > 0) this.#made.set(way, left)
      else this.#made.delete(way)
    }
    making.then(({ broken }) => broken.then(forget), forget)
    return making
  }

  async #connect(route: readonly Hop[]): Promise<Connection> {
    const hop = route.at(-1)!
    const trust = await trustIn(hop)
    const { pulse } = this.#options
    const attempt = async () =>
      connect({
        hop,
        link: await this.linkTo(route),
        files: this.files,
        algorithms: algorithmsFor(trust.types),
        distrust: (key) => distrust(trust.judge(key), key, hop, this.name),
        signal: this.signal,
        ...(pulse === undefined ? {} : { pulse }),
      })
    const { opened } = this.files
    const connection = await attempt().catch(async (error) => {
      this.signal.throwIfAborted()
      await this.files.answered()
      this.signal.throwIfAborted()
      if (this.files.opened === opened) throw error
      return attempt() // the server may have lost patience while a passphrase was typed; the key is open now
    })
    if (this.signal.aborted) await connection.close()
    return connection
  }

  /** Whatever the work waits for, it is over when these are closed. */
  #unlessClosed<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason)
      if (signal.aborted) return stop()
      signal.addEventListener('abort', stop)
      work()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', stop))
    })
  }
}

const wayOf = (route: readonly Hop[]) => route.map(hopId).join('\n')

/** A connection of our own, so that what fails is told apart from what ssh has to say. */
function tcp(hop: Hop, signal: AbortSignal): Promise<Socket> {
  const ms = hop.connectTimeoutMs ?? CONNECT_MS
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: hop.hostname, port: hop.port, family: hop.family, noDelay: true })
    const over = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    const fail = (error: Error) => {
      over()
      socket.destroy()
      reject(error)
    }
    const stop = () => fail(signal.reason)
    const timer = setTimeout(() => fail(noAnswer(hop, ms)), ms)
    const unreachable = (error: Error) => fail(cannotReach(hop, error))
    signal.addEventListener('abort', stop)
    socket.once('error', unreachable)
    socket.once('connect', () => {
      over()
      socket.off('error', unreachable)
      resolve(socket)
    })
  })
}
