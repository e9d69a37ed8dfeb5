/**
 * What ssh's own configuration says of a host, told by ssh itself (`ssh -G`): so Host, Match and Include mean what they
 * mean to everybody. Where there is no ssh, its defaults. What the profile says wins over both.
 */
import { execFile } from 'node:child_process'
import { homedir, hostname as localHostname, userInfo } from 'node:os'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { RepriseError } from '../../lib/errors.ts'
import { type Address, checkedAddress, parseAddress } from './address.ts'
import { expandPath, splitPaths, type Tokens } from './expand.ts'

export interface Settings {
  /** As it was written in the profile, the configuration or a jump. */
  readonly written: string
  readonly hostname: string
  readonly port: number
  readonly user: string
  /** By which its key is known instead of its name. */
  readonly keyAlias: string | null
  /** Paths of private keys that are tried when they are there, in order. */
  readonly identities: readonly string[]
  /** Of the agent's keys only those that `identities` name are tried. */
  readonly identitiesOnly: boolean
  /** Path of the agent's socket. */
  readonly agent: string | null
  readonly jumps: readonly Address[]
  /** Files of known hosts: the user's, then the machine's. */
  readonly userKnownHosts: readonly string[]
  readonly knownHosts: readonly string[]
  readonly hashKnownHosts: boolean
  /** A file of keys that are trusted nowhere. */
  readonly revokedKeys: string | null
  /** 4 or 6 where only one of them is to be used. */
  readonly family: 0 | 4 | 6
  readonly connectTimeoutMs: number | null
}

const TIMEOUT_MS = 20_000

/** Settings of a host; `config` is as for `ssh -F`. Throws `usage` when ssh's configuration is wrong. */
export async function settingsOf(address: Address, config: string | undefined): Promise<Settings> {
  const { user, host, port } = checkedAddress(address)
  const words = [
    ...(config === undefined ? [] : ['-F', resolve(fromHome(config))]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
  ]
  const said = await askSsh(['-G', ...words, '--', host], host, config)
  return readSettings(said ?? '', { ...address, host }, here())
}

async function askSsh(words: readonly string[], host: string, config?: string): Promise<string | null> {
  try {
    const env = { ...process.env, LC_ALL: 'C' }
    const asking = promisify(execFile)('ssh', words, { env, timeout: TIMEOUT_MS, maxBuffer: 1 << 22 })
    asking.child.stdin?.end()
    return (await asking).stdout
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string }
    if (code === 'ENOENT' && config === undefined) return null
    const complaint = stderr.split('\n').find((line) => !/^$|^Pseudo-terminal/.test(line))
    const what = code === 'ENOENT' ? 'there is no ssh here to read it' : (complaint ?? String(error))
    throw new RepriseError('usage', `ssh's configuration cannot be used: ${what}`, {
      subject: `ssh host ${host}`,
      remedy: `See what ssh says to: ssh -G ${config === undefined ? '' : `-F ${config} `}${host}`,
      cause: error,
    })
  }
}

type Here = Pick<Tokens, 'home' | 'localUser' | 'localHost' | 'uid' | 'env'>

/** ssh takes the home folder from the password file, whatever HOME says. */
export function here(): Here {
  try {
    const { homedir: home, username, uid } = userInfo()
    return { home, localUser: username, localHost: localHostname(), uid, env: process.env }
  } catch {
    const localUser = process.env.USER ?? ''
    return { home: homedir(), localUser, localHost: localHostname(), uid: 0, env: process.env }
  }
}

export function fromHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, () => here().home)
}

const KEYS = ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => `~/.ssh/${name}`)
const USERS = '~/.ssh/known_hosts ~/.ssh/known_hosts2'
const MACHINES = '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2'

/** Reads what `ssh -G` printed; ssh's defaults for what it does not say. */
export function readSettings(said: string, asked: Address, local: Here): Settings {
  const lines = said.split('\n').map((line) => /^(\S+) (.*)$/.exec(line.trimEnd()))
  const all = (name: string) => lines.flatMap((line) => (line?.[1] === name ? [line[2]!] : []))
  const one = (name: string) => all(name)[0]
  const hostname = one('hostname') ?? asked.host
  const port = asked.port ?? Number(one('port') ?? 22)
  const user = asked.user ?? one('user') ?? local.localUser
  checkedAddress({ host: hostname, port, user })
  const keyAlias = one('hostkeyalias') ?? null
  refuseCommand(one('proxycommand'), asked.host)
  const tokens = { ...local, written: asked.host, hostname, keyAlias: keyAlias ?? hostname, port, user }
  const paths = (written: readonly string[]) =>
    written.map((path) => expandPath(path, tokens)).filter((path) => path !== null)
  const userKnownHosts = paths(splitPaths(one('userknownhostsfile') ?? USERS))
  const revoked = one('revokedhostkeys')
  const jumps = one('proxyjump')
  const seconds = Number(one('connecttimeout'))
  return {
    written: asked.host,
    hostname,
    port,
    user,
    keyAlias,
    identities: paths(said === '' ? KEYS : all('identityfile')).filter((path) => path !== 'none'),
    identitiesOnly: one('identitiesonly') === 'yes',
    agent: agentOf(one('identityagent'), tokens),
    jumps: jumps === undefined || jumps === 'none' ? [] : jumps.split(',').map(parseAddress),
    userKnownHosts,
    knownHosts: [...userKnownHosts, ...paths(splitPaths(one('globalknownhostsfile') ?? MACHINES))],
    hashKnownHosts: one('hashknownhosts') === 'yes',
    revokedKeys:
      revoked === undefined || revoked === 'none' ? null : (expandPath(revoked, tokens) ?? revoked), // not to be found, so refused
    family: { inet: 4 as const, inet6: 6 as const }[one('addressfamily') ?? ''] ?? 0,
    connectTimeoutMs: seconds > 0 ? seconds * 1000 : null,
  }
}

function refuseCommand(command: string | undefined, host: string): void {
  if (command === undefined || command === 'none') return
  throw new RepriseError('usage', "ssh's configuration reaches this host by a ProxyCommand", {
    subject: `ssh host ${host}`,
    remedy: 'Reprise starts no commands to reach hosts: name the hosts between with ProxyJump, or as `jump`',
  })
}

function agentOf(written: string | undefined, tokens: Tokens): string | null {
  const { env } = tokens
  if (written === 'none') return null
  if (written === undefined || written === 'SSH_AUTH_SOCK') return env.SSH_AUTH_SOCK || null
  if (/^\$\w+$/.test(written)) return env[written.slice(1)] || null
  return expandPath(written, tokens)
}
