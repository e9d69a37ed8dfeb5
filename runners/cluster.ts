/**
 * Engines on many hosts: the launcher behind the ssh runner. Each host has a station, the capsule and the inputs once,
 * and a place for each of its engines; hosts come and go while a run goes on. It ends only when none can come back.
 */
import { RepriseError } from '../lib/errors.ts'
import type { HostEvent } from './cluster/events.ts'
import { Host } from './cluster/host.ts'
import { goodsOf, Supplier } from './cluster/supplier.ts'
import type { ClusterHost } from './cluster/surroundings.ts'
import type { Launcher, Places } from './launcher.ts'
import type { Traffic } from './station/station.ts'
import { within } from './within.ts'

export type { HostEvent } from './cluster/events.ts'
export type { ClusterHost } from './cluster/surroundings.ts'

export interface ClusterOptions {
  tell?(event: HostEvent): void
  /** How long no host at all may be there before the run is given up, ms. */
  readonly patienceMs?: number
  /** The first pause between two attempts at a host, ms, and the longest. */
  readonly backoffMs?: readonly [first: number, most: number]
  /** How long nothing may move while a host is being supplied, ms. */
  readonly stallMs?: number
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
  }: ClusterOptions = {},
): ClusterLauncher {
  const supplier = new Supplier(stallMs)
  let hosts: readonly Host[] = []
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
    if (closed || hosts.length === 0) return
    if (hosts.some(({ promising }) => promising)) {
      calm()
      toldWaiting = false
      places?.free()
    } else if (hosts.every(({ state }) => state === 'refused')) {
      places?.none(allRefused(hosts))
    } else {
      patience ??= setTimeout(() => {
        patience = null
        places?.none(allAway(hosts, patienceMs))
      }, patienceMs)
      const away = hosts.filter(({ state }) => state !== 'refused')
      if (toldWaiting || away.some(({ state, missed }) => state === 'connecting' && !missed)) return
      toldWaiting = true
      tell({ kind: 'waiting', hosts: away.map(({ name }) => name) })
    }
  }

  return {
    kind: 'ssh',
    open(supplies, told) {
      const goods = goodsOf(supplies)
      places = told
      calm()
      const around = { supplier, backoffMs, tell, changed }
      if (hosts.length === 0) hosts = asked.map((host) => new Host(host, goods, around))
      else for (const host of hosts) host.supply(goods)
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
    traffic: () => hosts.map(({ name, traffic }) => ({ host: name, ...traffic })),
    async close() {
      closed = true
      calm()
      await within(CLOSE_MS, Promise.all(hosts.map((host) => host.close())))
    },
  }
}

function allRefused(hosts: readonly Host[]): RepriseError {
  const errors = hosts.map(({ error }) => error!)
  const [first] = errors
  if (first !== undefined && errors.length === 1) return first
  const code = errors.every((error) => error.code === first?.code) ? first!.code : 'engine'
  const words = errors.map(({ line }) => line).join('; ')
  return new RepriseError(code, `no host of the cluster can be used: ${words}`)
}

function allAway(hosts: readonly Host[], patienceMs: number): RepriseError {
  const words = hosts.map(({ name, why }) => `${name}: ${why}`).join('; ')
  const long = patienceMs < 120_000 ? `${patienceMs / 1000} s` : `${Math.round(patienceMs / 60_000)} minutes`
  return new RepriseError('engine', `no host of the cluster could be reached for ${long}: ${words}`, {
    remedy: 'What is done is safe: resume the run when they are back',
  })
}
