/**
 * What a program says of the hosts of a cluster: JSON, a list of texts such as "ada@node1:2222" or of hosts as in a
 * configuration, each perhaps with its key; or what terraform makes of such a list, `{ "value": [...] }`. It may be
 * anything at all, so it is checked like a configuration, and whatever is wrong with it is told in one line.
 */
import { RepriseError } from '../lib/errors.ts'
import { parseAddress } from '../runners/ssh/address.ts'
import { readPublicKey } from '../runners/ssh/host-key.ts'
import type { AskedProfile, SshHost } from '../runners/ssh/profile.ts'
import type { ConfigOwner } from './check-config.ts'
import { demandNoPaths } from './check-foreign.ts'
import { demandOnce } from './check-hosts.ts'
import { demand, wrong } from './check-schema.ts'
import { HOST_ANSWER } from './ssh-schema.ts'

/** Whose words are read, and how they are spoken of. */
export interface Answering {
  readonly profile: AskedProfile
  readonly owner: ConfigOwner
  readonly subject: string
}

/** The hosts, none of them twice. Throws `usage`, or `refused` for what a project may not say. */
export function readHosts(text: string, { profile, owner, subject }: Answering): SshHost[] {
  const [list, place] = listIn(parsed(text, subject))
  const hosts = Array.isArray(list)
    ? list.flatMap((each, i) => (isUnborn(each) ? [] : [hostOf(each, subject, `${place}[${i}]`)]))
    : list
  demand(HOST_ANSWER, hosts, subject, place)
  const checked = hosts as SshHost[]
  const { port = 22 } = profile
  demandOnce(checked, (host) => [host.host, host.port ?? port], subject, place)
  for (const [i, host] of checked.entries()) {
    const at = `${place}[${i}]`
    if (owner === 'project') demandNoPaths(host, subject, at)
    if (host.hostKey !== undefined && readPublicKey(host.hostKey) === null)
      throw wrong(subject, `${at}.hostKey`, 'must be a public host key, such as "ssh-ed25519 AAAA…"')
  }
  return checked
}

function parsed(text: string, subject: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    const what = text.trim() === '' ? 'is empty' : 'is no JSON'
    throw new RepriseError('usage', what, { subject, remedy: 'It must be a list of hosts in JSON', cause })
  }
}

function listIn(answer: unknown): [list: unknown, place: string] {
  const isOutput = typeof answer === 'object' && answer !== null && Object.hasOwn(answer, 'value')
  return isOutput ? [(answer as { value: unknown }).value, 'value'] : [answer, 'hosts']
}

/** A text as the host that it names. */
/** A machine that has no address yet, as programs of clouds say it. */
function isUnborn(each: unknown): boolean {
  const host = typeof each === 'object' && each !== null ? (each as { host?: unknown }).host : each
  return host === '' || host === null
}

function hostOf(each: unknown, subject: string, place: string): unknown {
  if (typeof each !== 'string') return each
  try {
    return parseAddress(each)
  } catch {
    throw wrong(
      subject,
      place,
      'must be of the form [user@]host[:port], or an object such as { "host": "node1" }',
    )
  }
}
