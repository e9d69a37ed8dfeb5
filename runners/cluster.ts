/**
 * Engines on many hosts: the launcher behind the ssh runner. Each host has a station, the capsule and the inputs once,
 * and a place for each of its engines; hosts come and go while a run goes on, and so does the list of them where it is
 * asked for again. It ends only when none can come back.
 */
import { RepriseError } from '../lib/errors.ts'
import type { HostEvent } from './cluster/events.ts'
import { Host } from './cluster/host.ts'
import { type Listing, Roster } from './cluster/roster.ts'
import { type Goods, goodsOf, Supplier } from './cluster/supplier.ts'
import type { ClusterHost } from './cluster/surroundings.ts'
import type { Launcher, Places } from './launcher.ts'
import type { Traffic } from './station/station.ts'
import { within } from './within.ts'

export type { HostEvent } from './cluster/events.ts'
export type { Listing } from './cluster/roster.ts'
export type { ClusterHost } from './cluster/surroundings.ts'

export interface ClusterOptions {
  tell?(event: HostEvent): void
  /** How long no host at all may be there before the run is given up, ms. */
  readonly patienceMs?: number
  /** The first pause between two attempts at a host, ms, and the longest. */
  readonly backoffMs?: readonly [first: number, most: number]
  /** How long nothing may move while a host is being supplied, ms. */
  readonly stallMs?: number
  /** Where the list of hosts is had from again. Then newcomers are waited for also where nobody on it can be used. */
  readonly listing?: Listing
}

export interface HostTraffic extends Traffic {
  readonly host: string
}

export interface ClusterLauncher extends Launcher {
  /** Bytes to and from each host until now. */
  traffic(): HostTraffic[]
  close(): Promise<void>
}

const PATIENCE_MS = 10 * 60_000
const STALL_MS = 3 * 60_000
const BACKOFF_MS = [1_000, 30_000] as const
/** Connections that are being made are not waited for longer than this when all is closed, ms. */
const CLOSE_MS = 6_000

export function clusterLauncher(
  asked: readonly ClusterHost[],
  {
    tell = () => {},
    patienceMs = PATIENCE_MS,
    backoffMs = BACKOFF_MS,
    stallMs = STALL_MS,
    listing,
  }: ClusterOptions = {},
): ClusterLauncher {
  const supplier = new Supplier(stallMs)
  let listed = asked
  let hosts: readonly Host[] = []
  const dismissed: Host[] = []
  let goods: Goods | null = null
  let places: Places | null = null
  /** Runs while no host is up. */
  let patience: NodeJS.Timeout | null = null
  let toldWaiting = false
  let closed = false

  const calm = () => {
    if (patience !== null) clearTimeout(patience)
    patience = null
  }

  const changed = () => {
    if (closed || goods === null) return
    if (hosts.some(({ promising }) => promising)) {
      calm()
      toldWaiting = false
      places?.free()
    } else if (listing === undefined && hosts.every(({ state }) => state === 'refused')) {
      places?.none(allRefused(hosts))
    } else {
      patience ??= setTimeout(() => {
        patience = null
        places?.none(allAway(hosts, patienceMs, listing !== undefined))
      }, patienceMs)
      const away = hosts.filter(({ state }) => state !== 'refused')
      if (toldWaiting || away.some(({ state, missed }) => state === 'connecting' && !missed)) return
      toldWaiting = true
      const newcomersMs = listing === undefined ? null : patienceMs
      tell({ kind: 'waiting', hosts: away.map(({ name }) => name), newcomersMs })
    }
  }

  const around = {
    supplier,
    backoffMs,
    changed,
    tell(event: HostEvent) {
      tell(event)
      if (event.kind === 'lost') roster?.soon()
    },
  }

  /** Hosts that are meant as before stay as they are. */
  const become = (list: readonly ClusterHost[]) => {
    const known = new Set(hosts.map(({ meant }) => meant))
    const wanted = new Set(list.map(meaning))
    const stay = hosts.filter(({ meant }) => wanted.has(meant))
    const went = hosts.filter(({ meant }) => !wanted.has(meant))
    const came = list.filter((host) => !known.has(meaning(host)))
    listed = list
    hosts = [...stay, ...came.map((host) => new Host(host, goods!, around))]
    dismissed.push(...went)
    const names = (of: readonly { readonly name: string }[]) => of.map(({ name }) => name)
    if (came.length + went.length > 0)
      tell({ kind: 'listed', hosts: list.length, came: names(came), went: names(went) })
    for (const host of went) void host.close(true)
    changed()
  }

  const roster =
    listing && new Roster(listing, { listed: become, unlisted: (why) => tell({ kind: 'unlisted', why }) })

  return {
    kind: 'ssh',
    open(supplies, told) {
      const brought = goodsOf(supplies)
      const isFirst = goods === null
      goods = brought
      places = told
      calm()
      if (isFirst) hosts = listed.map((host) => new Host(host, brought, around))
      else for (const host of hosts) host.supply(brought)
      roster?.begin()
      changed()
    },
    launch() {
      const free = hosts.filter(({ load }) => load < 1).sort((a, b) => a.load - b.load)
      for (const host of free) {
        const engine = host.launch()
        if (engine !== null) return engine
      }
      return null
    },
    forsake: (name, error) => hosts.find((host) => host.name === name)?.refuse(error),
    traffic: () => trafficOf([...hosts, ...dismissed]),
    async close() {
      closed = true
      calm()
      const all = [...hosts.map((host) => host.close()), ...dismissed.map((host) => host.close(true))]
      await within(CLOSE_MS, Promise.all([...all, roster?.close()]))
    },
  }
}

const meaning = ({ name, meant = name }: ClusterHost) => meant

/** One entry a name: a machine may have come in the place of another. */
function trafficOf(hosts: readonly Host[]): HostTraffic[] {
  const sums = new Map<string, HostTraffic>()
  for (const { name: host, traffic } of hosts) {
    const { sent, received } = sums.get(host) ?? { sent: 0, received: 0 }
    sums.set(host, { host, sent: sent + traffic.sent, received: received + traffic.received })
  }
  return [...sums.values()]
}

function allRefused(hosts: readonly Host[]): RepriseError {
  const errors = hosts.map(({ error }) => error!)
  const [first] = errors
  if (first !== undefined && errors.length === 1) return first
  const code = errors.every((error) => error.code === first?.code) ? first!.code : 'engine'
  const words = errors.map(({ line }) => line).join('; ')
  return new RepriseError(code, `no host of the cluster can be used: ${words}`)
}

function allAway(hosts: readonly Host[], patienceMs: number, isListed: boolean): RepriseError {
  const reasons = hosts.map(({ name, why }) => `${name}: ${why}`)
  const words = reasons.length === 0 ? 'the list of them is empty' : reasons.join('; ')
  const long = patienceMs < 120_000 ? `${patienceMs / 1000} s` : `${Math.round(patienceMs / 60_000)} minutes`
  return new RepriseError('engine', `no host of the cluster could be reached for ${long}: ${words}`, {
    remedy: `What is done is safe: resume the run when ${isListed ? 'there are machines' : 'they are back'}`,
  })
}
