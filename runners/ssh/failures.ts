/** Why a host could not be reached or did not let us in, and what to do about it. What servers say is shown as plain text. */
import { RepriseError } from '../../lib/errors.ts'
import type { Keyring } from './keyring.ts'
import type { Hop } from './route.ts'

/** Letters, digits and signs, and not many of them: nothing that moves a cursor or feigns a line of ours. */
export function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200)
}

function failed(hop: Hop, message: string, remedy: string, cause?: unknown): RepriseError {
  return new RepriseError('engine', message, { subject: `ssh host ${hop.label}`, remedy, cause })
}

/** It says no, and will again: not to be tried once more by itself, which servers take for an attack. */
function barred(hop: Hop, message: string, remedy: string, cause: unknown): RepriseError {
  return new RepriseError('refused', message, { subject: `ssh host ${hop.label}`, remedy, cause })
}

const place = ({ hostname, port }: Hop) => `${hostname} port ${port}`

/** By the operating system's words for what went wrong. */
export function cannotReach(hop: Hop, error: NodeJS.ErrnoException): RepriseError {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failed(
        hop,
        `there is no address for the name ${hop.hostname}`,
        `Check the name, and that this machine is in the host's network (VPN); \`ssh -G ${hop.written}\` shows what ssh makes of it`,
        error,
      )
    case 'ECONNREFUSED':
      return failed(
        hop,
        `nothing listens on ${place(hop)}`,
        'Check the port, and that sshd runs there',
        error,
      )
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failed(
        hop,
        `${place(hop)} cannot be reached from here`,
        'Check that the host is up and that this machine is in its network (VPN); hosts behind another need `jump`',
        error,
      )
    default:
      return failed(hop, `${place(hop)}: ${printable(error.message)}`, 'Check the network', error)
  }
}

export function noAnswer(hop: Hop, ms: number): RepriseError {
  return failed(
    hop,
    `${place(hop)} did not answer within ${Math.round(ms / 1000)} s`,
    "Check that the host is up; ConnectTimeout in ssh's configuration allows more time",
  )
}

/** A server that was connected to and does not answer the request for a channel: a session of its own, or a way on to the hop. */
export function noChannel(through: Hop, hop: Hop, ms: number): RepriseError {
  const what = through === hop ? 'opens no session' : `does not connect to ${place(hop)}`
  const remedy = `Look at sshd on ${through.label} and at its log; ConnectTimeout in ssh's configuration allows more time`
  return failed(hop, `${through.label} ${what}: it did not answer within ${Math.round(ms / 1000)} s`, remedy)
}

/** Asked of connections that are being closed, or were. */
export function closed(): RepriseError {
  return new RepriseError('interrupted', 'its connections were closed', { subject: 'ssh' })
}

/** A jump host that does not lead on. 1 and 2 are the protocol's reasons. */
export function cannotForward(hop: Hop, through: Hop, error: Error & { reason?: unknown }): RepriseError {
  const remedy =
    error.reason === 1
      ? `Ask whoever runs ${through.label} to allow forwarding (AllowTcpForwarding, PermitOpen)`
      : `Check the name and port as ${through.label} sees them, and that sshd runs there`
  const what = `${through.label} does not connect to ${place(hop)}: ${printable(error.message)}`
  return failed(hop, what, remedy, error)
}

/** The connection failed before or while keys were exchanged. */
export function cannotConnect(hop: Hop, error: Error): RepriseError {
  const matching = /no matching (.+)$/i.exec(error.message)
  if (matching !== null)
    return failed(
      hop,
      `it and Reprise have no ${printable(matching[1]!)} in common`,
      'Its sshd may be very old, or allow only certificates or post-quantum exchange: ask for a usual algorithm to be allowed',
      error,
    )
  return failed(
    hop,
    `no ssh connection to ${place(hop)}: ${printable(error.message)}`,
    'Check that sshd listens there; its log says more',
    error,
  )
}

/** Whether a host, known to be itself, did not let us in. */
export function isLogin({ cause }: RepriseError): boolean {
  return (cause as { level?: unknown } | undefined)?.level === 'client-authentication'
}

export function cannotAuthenticate(hop: Hop, keyring: Keyring, error: Error): RepriseError {
  const { offered, lacking, signed } = keyring
  if (signed.length > 0)
    return barred(
      hop,
      `it knows the key ${signed.join(', ')} of ${hop.user} and lets nobody in with a key alone`,
      `Reprise gives keys and nothing else. See what \`ssh ${hop.written}\` is asked for, and ask whoever runs it for a way in by key`,
      error,
    )
  const tried = offered.length === 0 ? 'there was no key to offer' : `offered were ${offered.join(', ')}`
  const rest = lacking.length === 0 ? '' : `; not usable: ${lacking.join(', ')}`
  const words = /All configured authentication methods failed/.test(error.message)
    ? ''
    : `, ${printable(error.message)}`
  const agents = lacking.some((each) => each.includes('encrypted'))
    ? 'Put the key into an agent (ssh-add) or run at a terminal'
    : `Put a public key into ~/.ssh/authorized_keys of ${printable(hop.user)} there; \`identity\` names the private one`
  return barred(hop, `${hop.user} is not let in${words}: ${tried}${rest}`, agents, error)
}
