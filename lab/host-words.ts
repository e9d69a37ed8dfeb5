/** What happens on the hosts of a cluster, in a line each. */
import type { HostEvent } from '../runners/cluster.ts'

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
      return `waiting for ${event.hosts.join(', ')}; what is done is safe`
  }
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
