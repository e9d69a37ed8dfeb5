/** What the schema of an ssh cluster cannot say. */
import { type AskedProfile, isAsked, type SshHost, type SshProfile } from '../runners/ssh/profile.ts'
import { wrong } from './check-schema.ts'

/** What a schema cannot say: no host twice, a head that is one of them, and room for an engine. */
export function checkHosts(profile: SshProfile | AskedProfile, file: string, place: string): void {
  if (isAsked(profile)) {
    checkCommand(profile, file, place)
    return
  }
  const { hosts, port, user, head } = profile
  const address = (host: SshHost) => [host.host, host.port ?? port ?? 22, host.user ?? user ?? '']
  demandOnce(hosts, address, file, `${place}.hosts`)
  if (head !== undefined && !hosts.some(({ host }) => host === head))
    throw wrong(
      file,
      `${place}.head`,
      `must be one of the hosts: ${hosts
        .map(({ host }) => host)
        .join(', ')
        .slice(0, 200)}`,
    )
  if (hosts.every(({ engines }) => engines === 0))
    throw wrong(file, `${place}.hosts`, 'have no room for an engine; one at least must have engines above 0')
}

/** Throws `usage` where two hosts are one by what identifies them. */
export function demandOnce(
  hosts: readonly SshHost[],
  identity: (host: SshHost) => unknown,
  file: string,
  place: string,
): void {
  const seen = new Set<string>()
  for (const [i, host] of hosts.entries()) {
    const key = JSON.stringify(identity(host))
    if (seen.has(key)) throw wrong(file, `${place}[${i}]`, 'is there already; each host may be named once')
    seen.add(key)
  }
}

function checkCommand(profile: AskedProfile, file: string, place: string): void {
  if (profile.hosts.command[0] === '')
    throw wrong(file, `${place}.hosts.command[0]`, 'must be the name or path of a program')
  if ('head' in profile)
    throw wrong(file, `${place}.head`, 'is for hosts that stay: of those that a command says none leads')
}
