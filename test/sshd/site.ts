/**
 * What the servers of one test share: the client's key, the file of known host keys, and an ssh configuration that
 * keeps the user's own out. Each server that starts is entered there.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SshHost, SshProfile } from '../../runners/ssh/profile.ts'
import { output } from './program.ts'

/** A test, or `{ after }` of node:test for what lasts as long as the file. */
export interface Lasting {
  after(end: () => void | Promise<void>): void
}

/** How a server is entered. */
export interface Entered {
  /** A `Host` of the configuration. */
  readonly name?: string
  readonly address: string
  readonly port: number
  /** Public host keys, `type base64`. */
  readonly keys: readonly string[]
}

export class Site {
  readonly folder: string
  /** The client's private key; the public one is beside it. */
  readonly identity: string
  readonly knownHosts: string
  /** As for `ssh -F`. */
  readonly config: string
  readonly #entered: Entered[] = []
  #more = ''

  constructor(t: Lasting) {
    this.folder = mkdtempSync(join(tmpdir(), 'reprise-ssh-site-'))
    t.after(() => rmSync(this.folder, { recursive: true, force: true }))
    this.identity = this.newKey('client')
    this.knownHosts = this.path('known_hosts')
    this.config = this.path('config')
    this.#write()
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** A key pair in the site's folder; its private half's path. */
  newKey(name: string, options: { type?: string; bits?: number; passphrase?: string } = {}): string {
    const { type = 'ed25519', bits, passphrase = '' } = options
    const size = bits === undefined ? [] : ['-b', String(bits)]
    const words = ['-t', type, ...size, '-N', passphrase, '-C', name]
    output('ssh-keygen', '-q', ...words, '-f', this.path(name))
    return this.path(name)
  }

  publicKey(name: string): string {
    return readFileSync(this.path(`${name}.pub`), 'utf8').trim()
  }

  enter(server: Entered): void {
    this.#entered.push(server)
    this.#write()
  }

  /** Lines before all others of the ssh configuration. */
  configure(lines: string): void {
    this.#more += `${lines}\n`
    this.#write()
  }

  /** A cluster of these hosts, reached with the site's key, known hosts and configuration. */
  profile(hosts: readonly SshHost[], more: Partial<SshProfile> = {}): SshProfile {
    const { identity, knownHosts, config } = this
    return { kind: 'ssh', hosts, identity, knownHosts, config, ...more }
  }

  #write(): void {
    const named = this.#entered.flatMap(({ name, address, port }) =>
      name === undefined ? [] : [`Host ${name}`, `  HostName ${address}`, `  Port ${port}`],
    )
    const everywhere = [
      'Host *',
      `  UserKnownHostsFile ${this.knownHosts}`,
      '  GlobalKnownHostsFile /dev/null',
      `  IdentityFile ${this.identity}`,
      '  IdentitiesOnly yes',
      '  IdentityAgent none',
      '  StrictHostKeyChecking yes',
      '  UpdateHostKeys no',
    ]
    writeFileSync(this.config, `${[this.#more, ...named, ...everywhere].join('\n')}\n`)
    const known = this.#entered.flatMap(({ address, port, keys }) =>
      keys.map((key) => `${port === 22 ? address : `[${address}]:${port}`} ${key}\n`),
    )
    writeFileSync(this.knownHosts, known.join(''), { mode: 0o600 })
  }
}
