/**
 * The keys that are offered to one host, in order: the profile's, those of ssh's configuration, the agent's. To ssh2 it
 * is an agent: so a private key is opened, and a passphrase asked for, only after the server has said that it wants it.
 */
import ssh2, {
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import { Agent } from './agent.ts'
import { fingerprintOf } from './host-key.ts'
import type { KeyFiles } from './key-file.ts'
import type { Hop } from './route.ts'

interface Offered {
  /** For people: a path, or the agent's comment. */
  readonly name: string
  readonly key: ParsedKey
  /** Null when the agent has it. */
  readonly path: string | null
}

export class Keyring extends ssh2.BaseAgent<ParsedKey> {
  /** Keys that were offered, and those that could not be, with the reason: for the message when none was taken. */
  readonly offered: string[] = []
  readonly lacking: string[] = []
  /** Those with which was signed, because the server knows them. */
  readonly signed: string[] = []
  begun = false
  readonly #hop: Hop
  readonly #files: KeyFiles
  readonly #agent: Agent | null
  readonly #asking: (now: boolean) => void
  #keys: readonly Offered[] = []

  /** `asking` is told when a person may be asked, and when not any more: that takes its time. */
  constructor(hop: Hop, files: KeyFiles, asking: (now: boolean) => void) {
    super()
    this.#hop = hop
    this.#files = files
    this.#agent = hop.agent === null ? null : new Agent(hop.agent)
    this.#asking = asking
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    this.begun = true
    this.#aside(() => this.#gather()).then(
      (keys) => {
        this.#keys = keys
        this.offered.push(...keys.map(({ name }) => name))
        done(
          undefined,
          keys.map(({ key }) => key),
        )
      },
      (error: Error) => done(error),
    )
  }

  override sign(key: ParsedKey, data: Buffer, ...more: unknown[]): void {
    const done = more.pop() as SignCallback
    const options = (more[0] ?? {}) as SigningRequestOptions
    const { name = '', path = null } = this.#keys.find((each) => blobOf(each.key) === blobOf(key)) ?? {}
    const signed: SignCallback = (error, signature) => {
      if (!error) this.signed.push(name)
      done(error, signature)
    }
    // the agent may ask a person too, for consent or a touch
    if (path === null)
      this.#aside(() => this.#agent!.signed(key, data, options)).then((made) => signed(undefined, made), done)
    else this.#signWith(path, data, options).then((signature) => signed(undefined, signature), done)
  }

  async #signWith(path: string, data: Buffer, { hash }: SigningRequestOptions): Promise<Buffer> {
    const found = await this.#aside(() => this.#files.privateKey(path))
    if ('why' in found) {
      this.lacking.push(`${path} (${found.why})`)
      throw new Error(found.why)
    }
    const signature: Buffer | Error = found.key.sign(data, hash)
    if (signature instanceof Error) throw signature
    return signature
  }

  async #aside<T>(work: () => Promise<T>): Promise<T> {
    this.#asking(true)
    try {
      return await work()
    } finally {
      this.#asking(false)
    }
  }

  async #gather(): Promise<readonly Offered[]> {
    const { ownIdentities, identities, identitiesOnly } = this.#hop
    const ofAgent = await this.#agentKeys()
    const keys: Offered[] = []
    const add = (offered: Offered) => {
      if (!keys.some(({ key }) => blobOf(key) === blobOf(offered.key))) keys.push(offered)
    }
    for (const path of new Set([...ownIdentities, ...identities])) {
      const found = await this.#publicKey(path, ofAgent)
      if ('why' in found) {
        if (!found.missing || ownIdentities.includes(path)) this.lacking.push(`${path} (${found.why})`)
        continue
      }
      const held = ofAgent.some(({ key }) => blobOf(key) === blobOf(found.key))
      add({ name: path, key: found.key, path: held ? null : path })
    }
    if (!identitiesOnly) ofAgent.forEach(add)
    return keys
  }

  /** Of a key whose file is encrypted as a whole, the agent may have the public half. */
  async #publicKey(path: string, ofAgent: readonly Offered[]) {
    const held = ofAgent.find(({ key }) => key.comment === path)
    return held ?? this.#files.publicKey(path)
  }

  async #agentKeys(): Promise<readonly Offered[]> {
    if (this.#agent === null) return []
    try {
      const keys = (await this.#agent.keys()).map(parsed).filter((key) => key !== null)
      return keys.map((key) => ({ name: `agent: ${nameOf(key)}`, key, path: null }))
    } catch {
      this.lacking.push(`agent ${this.#hop.agent} (it does not answer)`)
      return []
    }
  }

  /** Nobody waits for the agent any more. */
  close(): void {
    this.#agent?.close()
  }
}

function parsed(key: unknown): ParsedKey | null {
  const found = ssh2.utils.parseKey(key as Buffer)
  return found instanceof Error ? null : found
}

const nameOf = (key: ParsedKey) =>
  `${key.comment.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)} ${fingerprintOf(key.getPublicSSH())}`.trim()
const blobOf = (key: ParsedKey) => key.getPublicSSH().toString('base64')
