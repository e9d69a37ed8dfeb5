/**
 * A real OpenSSH server for tests, on a port of the loopback and with a home folder of its own, so that several on one
 * machine are as several hosts. It lets in the current user, by the site's key. Its `shell` takes the place of the
 * login shell in that sshd hands it the command as it would hand it to any (`SHELL -c COMMAND`): nothing is quoted on
 * the way. What it and its sessions started is found by their home, and ends with it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import type { SshHost, SshProfile } from '../../runners/ssh/profile.ts'
import { childrenOf, descendantsOf, isAlive, processesWith, signal, until } from './processes.ts'
import { output, programPath } from './program.ts'
import { type Lasting, Site } from './site.ts'

export { available } from './program.ts'
export { Site } from './site.ts'

export interface ServerOptions {
  /** Shares keys and configuration with the others of this site; a site of its own when not given. */
  readonly site?: Site
  /** `Host` in the site's ssh configuration. */
  readonly name?: string
  /** 127.0.0.1 when not given; any other of 127.0.0.0/8 will do, or one of the namespace's. */
  readonly address?: string
  /** A free one when not given. */
  readonly port?: number
  /** Lines of sshd_config that win over the harness's. */
  readonly lines?: readonly string[]
  /** Types of host keys; ed25519 when not given. */
  readonly hostKeys?: readonly ('ed25519' | 'rsa' | 'ecdsa')[]
  /** Path of what takes the login shell's place, such as /usr/bin/csh. */
  readonly shell?: string
  /** Files of the home folder, such as `.bashrc`. */
  readonly files?: Readonly<Record<string, string>>
  /** Environment of sessions, on top of HOME, PATH and SHELL. */
  readonly env?: Readonly<Record<string, string>>
  /** Shown before authentication. */
  readonly banner?: string
  /** Its home folder, where several hosts share one. */
  readonly home?: string
  /** Words before those of sshd: `ip netns exec NAME`. */
  readonly within?: readonly string[]
  /** Not entered among the known hosts. */
  readonly unknown?: boolean
}

/** Starts a server; it stops when the test is over. */
export async function startServer(t: Lasting, options: ServerOptions = {}): Promise<SshServer> {
  const site = options.site ?? new Site(t)
  const address = options.address ?? '127.0.0.1'
  const server = new SshServer(site, address, options.port ?? (await freePort(address)), options)
  t.after(() => server.stop())
  if (options.unknown !== true) site.enter({ ...server.entry })
  await server.start()
  return server
}

let count = 0

export class SshServer {
  readonly site: Site
  readonly address: string
  readonly port: number
  readonly user = userInfo().username
  /** HOME of its sessions. */
  readonly home: string
  readonly folder: string
  readonly #config: string
  readonly #log: string
  readonly #options: ServerOptions
  #daemon: ChildProcess | null = null

  constructor(site: Site, address: string, port: number, options: ServerOptions) {
    this.site = site
    this.address = address
    this.port = port
    this.#options = options
    count += 1
    this.folder = site.path(`server-${count}`)
    this.home = options.home ?? join(this.folder, 'home')
    this.#config = join(this.folder, 'sshd_config')
    this.#log = join(this.folder, 'log')
    this.#prepare()
  }

  /** How the site names it. */
  get entry() {
    const { name } = this.#options
    const keys = this.#keyTypes.map((type) => this.hostKey(type))
    return { ...(name === undefined ? {} : { name }), address: this.address, port: this.port, keys }
  }

  /** It as a host of a cluster, with a folder of its own. */
  host(more: Partial<SshHost> = {}): SshHost {
    return { host: this.address, port: this.port, directory: join(this.home, 'reprise'), ...more }
  }

  /** A cluster of this host alone. */
  profile(more: Partial<SshProfile> = {}): SshProfile {
    return this.site.profile([this.host()], more)
  }

  /** `type base64` of a public host key. */
  hostKey(type = 'ed25519'): string {
    const text = readFileSync(join(this.folder, `host-${type}.pub`), 'utf8')
    return text.split(' ').slice(0, 2).join(' ').trim()
  }

  /** As ssh-keygen prints it: SHA256:… */
  fingerprint(type = 'ed25519'): string {
    return output('ssh-keygen', '-l', '-f', join(this.folder, `host-${type}.pub`)).split(' ')[1]!
  }

  /** What it has logged, at DEBUG1. */
  log(): string {
    return readFileSync(this.#log, 'utf8')
  }

  /** How many clients have authenticated so far. */
  get logins(): number {
    return this.log().match(/^Accepted publickey for /gm)?.length ?? 0
  }

  /** Processes of sshd's, one a connection and, for who is not root, one more. */
  sessions(): number[] {
    const pid = this.#daemon?.pid
    return pid === undefined ? [] : childrenOf(pid).filter(isAlive)
  }

  /** What runs in this home: shells, stations, engines, whatever they left behind. */
  processes(): number[] {
    return processesWith(`HOME=${this.home}`)
  }

  /** `kill -9` of its sessions: connections break, the server stays. */
  breakSessions(): void {
    for (const pid of this.sessions().flatMap((each) => [each, ...sshdUnder(each)])) signal(pid, 'SIGKILL')
  }

  /** Connections half open: the kernel still acknowledges, nobody answers. */
  freeze(): void {
    for (const pid of this.sessions().flatMap((each) => [each, ...sshdUnder(each)])) signal(pid, 'SIGSTOP')
  }

  thaw(): void {
    for (const pid of this.sessions().flatMap((each) => [each, ...sshdUnder(each)])) signal(pid, 'SIGCONT')
  }

  /** The kernel still takes connections, and nobody greets. */
  freezeDaemon(): void {
    if (this.#daemon?.pid !== undefined) signal(this.#daemon.pid, 'SIGSTOP')
  }

  thawDaemon(): void {
    if (this.#daemon?.pid !== undefined) signal(this.#daemon.pid, 'SIGCONT')
  }

  /** Starts it, again after `stop`: with the same port, keys and home. */
  async start(): Promise<void> {
    writeFileSync(this.#log, '', { flag: 'a' })
    const before = this.log().length
    const [program, ...words] = [...(this.#options.within ?? []), programPath('sshd')!]
    const daemon = spawn(program!, [...words, '-D', '-E', this.#log, '-f', this.#config], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.#daemon = daemon
    await until('sshd to listen', () => {
      if (daemon.exitCode !== null) throw new Error(`sshd: exit ${daemon.exitCode}\n${this.log()}`)
      return this.log().slice(before).includes('Server listening on')
    })
  }

  /** Ends it, its sessions and all that they started. */
  async stop(): Promise<void> {
    const daemon = this.#daemon
    this.#daemon = null
    if (daemon?.pid !== undefined && daemon.exitCode === null && daemon.signalCode === null) {
      const under = descendantsOf(daemon.pid)
      const gone = new Promise((resolve) => daemon.once('exit', resolve))
      for (const pid of [daemon.pid, ...under]) signal(pid, 'SIGKILL')
      await gone
      await until('its sessions to end', () => !under.some(isAlive))
    }
    await until('what it started to end', () => {
      const left = this.#options.home === undefined ? this.processes() : [] // a shared home has other hosts' too
      for (const pid of left) signal(pid, 'SIGKILL')
      return left.length === 0
    })
  }

  get #keyTypes() {
    return this.#options.hostKeys ?? (['ed25519'] as const)
  }

  #prepare(): void {
    const { site, folder, home } = this
    const { lines = [], shell, files = {}, env = {}, banner } = this.#options
    const bin = join(folder, 'bin')
    for (const each of [folder, home, bin]) mkdirSync(each, { recursive: true })
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, name)), { recursive: true })
      writeFileSync(join(home, name), text)
    }
    // a host's own ssh knows the site as the client does; ssh takes ~ from the password file, not from HOME
    writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec ${programPath('ssh')} -F ${site.config} "$@"\n`)
    chmodSync(join(bin, 'ssh'), 0o755)
    for (const type of this.#keyTypes)
      output('ssh-keygen', '-q', '-t', type, '-N', '', '-C', '', '-f', join(folder, `host-${type}`))
    if (banner !== undefined) writeFileSync(join(folder, 'banner'), banner)
    const login = shell ?? userInfo().shell ?? '/bin/sh'
    const variables = {
      HOME: home,
      PATH: [bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
      SHELL: login,
      ...env,
    }
    const setEnv = Object.entries(variables).map(([name, value]) => `"${name}=${value}"`)
    const config = [
      ...lines,
      `ListenAddress ${this.address}`,
      `Port ${this.port}`,
      `PidFile none`,
      ...this.#keyTypes.map((type) => `HostKey ${join(folder, `host-${type}`)}`),
      `AuthorizedKeysFile ${site.identity}.pub`,
      'StrictModes no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'PrintMotd no',
      'UseDNS no',
      'MaxStartups 100',
      'MaxSessions 100',
      'LogLevel DEBUG1',
      `SetEnv ${setEnv.join(' ')}`,
      ...(banner === undefined ? [] : [`Banner ${join(folder, 'banner')}`]),
      ...(shell === undefined ? [] : [`ForceCommand exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`]),
    ]
    const optional = ['PerSourcePenalties no'].filter((line) => this.#knows(line))
    writeFileSync(this.#config, `${[...config, ...optional].join('\n')}\n`)
  }

  /** Whether this version of sshd has such an option. */
  #knows(line: string): boolean {
    const probe = join(this.folder, 'probe')
    writeFileSync(probe, `${line}\nHostKey ${join(this.folder, `host-${this.#keyTypes[0]}`)}\n`)
    return spawnSync(programPath('sshd')!, ['-t', '-f', probe]).status === 0
  }
}

/** The unprivileged half of a session, where there is one. */
function sshdUnder(session: number): number[] {
  return childrenOf(session).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('sshd')
    } catch {
      return false
    }
  })
}

async function freePort(address: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, address, resolve)
  })
  const bound = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof bound === 'object' && bound !== null ? bound.port : 0
}
