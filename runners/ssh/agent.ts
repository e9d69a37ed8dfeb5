/**
 * The user's ssh agent. One that takes the connection and says nothing is not waited for: its keys are not to be had then.
 * A signature may take as long as a person needs, who may be asked for it.
 */
import { connect, type Socket } from 'node:net'
import ssh2, { type ParsedKey, type SigningRequestOptions } from 'ssh2'

const PATIENCE_MS = 5_000

export class Agent extends ssh2.OpenSSHAgent {
  readonly #path: string
  readonly #sockets = new Set<Socket>()

  constructor(path: string) {
    super(path)
    this.#path = path
  }

  override getStream(done: ssh2.GetStreamCallback): void {
    const socket = connect({ path: this.#path })
    this.#sockets.add(socket)
    let connected = false
    socket.once('connect', () => {
      connected = true
      done(undefined, socket)
    })
    socket.on('error', () => {}) // told by its end
    socket.once('close', () => {
      this.#sockets.delete(socket)
      if (!connected) done(new Error('no agent is there'))
    })
  }

  /** The keys that it has. Rejects when it does not answer. */
  keys(): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error('the agent does not answer'))
        this.close()
      }, PATIENCE_MS)
      this.getIdentities((error, found) => {
        clearTimeout(timer)
        if (error) reject(error)
        else resolve(found ?? [])
      })
    })
  }

  signed(key: ParsedKey, data: Buffer, options: SigningRequestOptions): Promise<Buffer> {
    return new Promise((resolve, reject) =>
      this.sign(key, data, options, (error, signature) =>
        signature === undefined ? reject(error ?? new Error('it does not sign')) : resolve(signature),
      ),
    )
  }

  /** Ends what is being asked of it. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}
