/** What happens on the hosts of a cluster, in a line each. */
import type { HostEvent } from '../runners/cluster.ts'

/** Names of hosts that are told at once. */
const MOST_NAMES = 10

export function hostWords(event: HostEvent): string {
  switch (event.kind) {
    case 'joined':
    case 'back': {
      const { kind, host, engines, latencyMs } = event
      return `${host} ${kind === 'back' ? 'is back' : 'joined'}: ${engines} ${engines === 1 ? 'engine' : 'engines'}, ${latencyWords(latencyMs)} away`
    }
    case 'supplied':
      if (event.sharedWith !== null) return `${event.host} shares its folder with ${event.sharedWith}`
      return `${event.host} has what it needs: ${bytesWords(event.sent)} were sent`
    case 'lost':
      return `${event.host} is lost (${event.why}); others take over, and it is tried again`
    case 'absent':
      return `${event.host} cannot be had now (${event.why}); it is tried again`
    case 'refused':
      return `${event.host} is not used: ${event.error.line}`
    case 'waiting':
      return waitingWords(event)
    case 'listed': {
      const { hosts, came, went } = event
      const changes = [
        ...(came.length === 0 ? [] : [`new ${namesWords(came)}`]),
        ...(went.length === 0 ? [] : [`gone ${namesWords(went)}`]),
      ]
      return `the cluster has ${hosts} ${hosts === 1 ? 'host' : 'hosts'} now: ${changes.join('; ')}`
    }
    case 'unlisted':
      return `which hosts there are cannot be told now, the last list stays: ${event.why}`
  }
}

function waitingWords({ hosts, newcomersMs }: Extract<HostEvent, { kind: 'waiting' }>): string {
  if (newcomersMs === null) return `waiting for ${hosts.join(', ')}; what is done is safe`
  const known = hosts.length === 0 ? '' : `${namesWords(hosts)}, or `
  return `waiting for up to ${spanWords(newcomersMs)} for ${known}new machines; what is done is safe`
}

function namesWords(names: readonly string[]): string {
  const more = names.length - MOST_NAMES
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function spanWords(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} minutes`
}

export function latencyWords(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}

/** 123 bytes, 4.5 kB, 67 MB. */
export function bytesWords(n: number): string {
  if (n < 1000) return n === 1 ? '1 byte' : `${n} bytes`
  const steps = Math.min(4, Math.floor(Math.log10(n) / 3))
  const size = n / 1000 ** steps
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${['', 'kB', 'MB', 'GB', 'TB'][steps]}`
}
