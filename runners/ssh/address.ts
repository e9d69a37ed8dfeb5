/**
 * Names of hosts and users as people write them. They become words of ssh's command line, lines of known_hosts and
 * parts of messages, so what could be an option, a pattern or several words is refused here.
 */
import { isIPv6 } from 'node:net'
import { RepriseError } from '../../lib/errors.ts'

export interface Address {
  readonly user?: string
  readonly host: string
  readonly port?: number
}

/** A name or an IPv4 address; or an IPv6 address, without brackets and perhaps with its zone. */
const HOST = /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/
const IPV6 = /^[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?$/
const USER = /^[A-Za-z0-9_.\\][A-Za-z0-9_.@+\\-]*\$?$/

/** The address itself, when all of it is as it should be. */
export function checkedAddress(address: Address): Address {
  const { user, host, port } = address
  const refuse = (what: string): never => {
    throw new RepriseError('usage', what, {
      subject: `ssh host ${JSON.stringify(host)}`,
      remedy: 'Write names as ssh knows them: letters, digits and . _ -, or an address',
    })
  }
  if (!(HOST.test(host) || (IPV6.test(host) && isIPv6(host))) || host.length > 255)
    refuse('is not the name of a host')
  if (user !== undefined && (!USER.test(user) || user.length > 255))
    refuse(`${JSON.stringify(user)} is not the name of a user`)
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
    refuse(`${port} is not a port: a whole number from 1 to 65535`)
  return address
}

/** `[user@]host[:port]`, with an IPv6 address in brackets when a port follows. */
export function parseAddress(text: string): Address {
  const parts = /^(?:(.*)@)?(?:\[([^\]]*)\]|([^:]*)|(.*:.*:.*))(?::(\d{1,5}))?$/s.exec(text)
  const [, user, bracketed, name, bare, port] = parts ?? []
  return checkedAddress({
    host: bracketed ?? name ?? bare ?? text,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  })
}

/** As known_hosts has it: the port only where it is not ssh's own. */
export function bracketed(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`
}

/** As it was written, for people and for `parseAddress`. */
export function writtenAddress({ host, port }: Address): string {
  if (port === undefined) return host
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
