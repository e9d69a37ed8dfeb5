/**
 * Hosts that are far away: real sshds on this machine behind a wire that delays. Jobs are timers and not work, so that
 * four engines do not share two cores; what is measured is how long engines wait for their next chunk.
 */
import { clusterLauncher } from '../runners/cluster.ts'
import { localLauncher } from '../runners/local.ts'
import { pool } from '../runners/pool.ts'
import type { Runner, Sink } from '../runners/runner.ts'
import { openShells } from '../runners/ssh/shells.ts'
import { openStation } from '../runners/station/open.ts'
import { assign, type Made, Workshop } from '../test/conformance/workshop.ts'
import { available, Site, type SshServer, startServer } from '../test/sshd/server.ts'
import { delayed } from './delay.ts'
import { count, table } from './table.ts'

const ENGINES = 2
const CHUNKS = 100
const CHUNK_S = 1
const TINY_CHUNKS = 400

const TIMERS = `import { experiment } from 'reprise'
export default experiment({
  name: 'timers', repetitions: ${CHUNKS * 10}, chunk: 10,
  run: () => new Promise((resolve) => setTimeout(resolve, 100, 1)),
})
`
const TINY = `import { experiment } from 'reprise'
export default experiment({
  name: 'tiny', repetitions: ${TINY_CHUNKS * 1000}, chunk: 1000,
  run({ random }) { let sum = 0; for (let i = 0; i < 100; i++) sum += random(); return sum / 100 },
})
`

export async function farTable(): Promise<string> {
  if (!available('what is measured over ssh')) return 'not measured: no sshd here'
  const ends: (() => void | Promise<void>)[] = []
  const lasting = { after: (end: () => void | Promise<void>) => void ends.unshift(end) }
  const workshop = new Workshop()
  lasting.after(() => workshop.close())
  try {
    const site = new Site(lasting)
    const hosts = [await startServer(lasting, { site }), await startServer(lasting, { site })]
    const timers = await workshop.make(TIMERS)
    const rows: string[][] = []
    for (const ms of [0, 25, 50]) {
      const { seconds, working } = await overSsh(site, hosts, ms, timers)
      const ideal = (CHUNKS * CHUNK_S) / (hosts.length * ENGINES)
      const percent = (taken: number) => `${((100 * ideal) / taken).toFixed(1)} %`
      rows.push([
        `${2 * ms} ms there and back`,
        `${seconds.toFixed(2)} s`,
        percent(seconds),
        percent(working),
      ])
    }
    const efficiency = table(
      ['100 ms jobs in chunks of 10, 2 × 2 engines', 'time', 'efficiency', 'without start-up'],
      rows,
    )
    return `${efficiency}\n\n${await tinyTable(site, hosts[0]!, await workshop.make(TINY))}`
  } finally {
    for (const end of ends) await end()
  }
}

/** Tiny jobs: what the way over ssh costs where there is no delay. */
async function tinyTable(site: Site, host: SshServer, made: Made): Promise<string> {
  const launcher = localLauncher()
  const local = await timed(pool(launcher, { engines: ENGINES }), made)
  launcher.close()
  const far = await overSsh(site, [host], 0, made)
  const jobs = TINY_CHUNKS * 1000
  const row = (name: string, { seconds, working }: Timed) => [
    name,
    `${seconds.toFixed(2)} s`,
    count(jobs / seconds),
    count(jobs / working),
  ]
  return table(
    [`${count(jobs)} tiny jobs, ${ENGINES} engines`, 'time', 'jobs per second', 'without start-up'],
    [row('local', local), row('ssh, same machine', far)],
  )
}

async function overSsh(site: Site, servers: readonly SshServer[], ms: number, made: Made): Promise<Timed> {
  const wires = await Promise.all(servers.map(({ port, address }) => delayed(port, address, ms)))
  for (const [i, { port }] of wires.entries())
    site.enter({ address: '127.0.0.1', port, keys: [servers[i]!.hostKey()] })
  const shells = openShells(site.profile(servers.map((server) => server.host())))
  const launcher = clusterLauncher(
    servers.map((server, i) => {
      const host = server.host({ port: wires[i]!.port })
      const open = async () => openStation(await shells.shell(host), { directory: host.directory! })
      return { name: `host ${i + 1}`, engines: ENGINES, open }
    }),
  )
  try {
    return await timed(pool(launcher, { engines: ENGINES * servers.length }), made)
  } finally {
    await launcher.close()
    await shells.close()
    for (const wire of wires) wire.close()
  }
}

interface Timed {
  /** From the beginning, with connecting, to the last chunk. */
  readonly seconds: number
  /** From when the last engine was ready, or at least one had begun. */
  readonly working: number
}

async function timed(runner: Runner, made: Made): Promise<Timed> {
  const start = performance.now()
  let ready = start
  let done = 0
  let end = start
  const sink: Sink = {
    engine: () => {
      if (done === 0) ready = performance.now()
    },
    chunk: () => {
      if (++done === made.chunks) end = performance.now()
    },
    log: () => {},
    touched: () => {},
    lost: (_, reason) => console.error(`lost: ${reason}`),
    setAside: () => {},
  }
  await runner.execute(assign(made), sink, new AbortController().signal)
  return { seconds: (end - start) / 1000, working: (end - ready) / 1000 }
}
