/** Hosts of a cluster that freeze, babble, boast, stand still or lose what they had: they cost themselves, never the run. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, Ending } from '../../runners/channel.ts'
import { type ClusterHost, clusterLauncher, type HostEvent } from '../../runners/cluster.ts'
import type { EngineProcess } from '../../runners/launcher.ts'
import { pool } from '../../runners/pool.ts'
import { openStation } from '../../runners/station/open.ts'
import type { Station } from '../../runners/station/station.ts'
import { each } from '../conformance/experiments.ts'
import { type Shell, shell, shellHost } from '../conformance/hosts.ts'
import { record } from '../conformance/recorder.ts'
import { assign, expectedLeaves, Workshop } from '../conformance/workshop.ts'

const workshop = new Workshop()
const folder = mkdtempSync(join(tmpdir(), 'reprise-astray-'))
const shells: Shell[] = []
after(async () => {
  for (const { child } of shells) child.kill('SIGKILL')
  await workshop.close()
  rmSync(folder, { recursive: true, force: true })
})

const SLOWLY = 'await new Promise((resolve) => setTimeout(resolve, 20)); return [point.i, random()]'
const NEVER = new Promise<never>(() => {})

/** A host whose first station goes astray once `when` chunks are there. */
async function astray(
  name: string,
  goAstray: (shell: Shell, out: PassThrough) => void,
): Promise<HostEvent[]> {
  const made = await workshop.make(each(120, SLOWLY))
  let strike = () => {}
  const bad: ClusterHost = {
    name,
    engines: 1,
    open() {
      const opened = shell()
      shells.push(opened)
      const stdout = opened.stdout.pipe(new PassThrough())
      // as an ssh channel does: its end is told a while after its streams are closed
      const ended = opened.ended.then((ending) => sleep(500, ending))
      const first = shells.length
      strike = () => first === shells.length && goAstray(opened, stdout)
      const channel: Channel = { ...opened, stdout, ended }
      return openStation(channel, {
        directory: join(folder, name),
        patience: { silenceMs: 1_500, beatMs: 300 },
      })
    },
  }
  const events: HostEvent[] = []
  const launcher = clusterLauncher([shellHost(folder, `${name}-good`, 1), bad], {
    backoffMs: [5_000, 5_000],
    tell: (event) => events.push(event),
  })
  let struck = false
  const chunk = ({ engine }: { engine: number }) => {
    const joined = events.filter(({ kind }) => kind === 'joined').length
    if (struck || joined < 2 || engine === 0) return
    struck = true
    strike()
  }
  try {
    const done = await record(pool(launcher, { engines: 2 }), assign(made), { chunk }, true)
    assert.deepEqual(done.aside, [])
    assert.deepEqual(
      done.delivered.map((chunk) => done.leaf(chunk)),
      await expectedLeaves(made),
    )
    assert.ok(struck)
  } finally {
    for (const { child } of shells) child.kill('SIGKILL')
    await launcher.close()
  }
  return events
}

test('should go on without a host that speaks what no station speaks', async () => {
  const events = await astray('babbling', (_, out) =>
    out.write(Buffer.from([255, 1, 2, 3, 4, 5, 6, 7, 8, 9])),
  )
  assert.ok(events.some((event) => event.kind === 'lost' && event.host === 'babbling'))
})

test('should go on without a host that freezes', async () => {
  await astray('frozen', ({ child }) => child.kill('SIGSTOP'))
})

/** A station that is nothing but words. */
function station(told: Partial<Omit<Station, 'facts'>> & { cores?: number } = {}): Station {
  const { cores = 1, ...rest } = told
  const facts = { cores, directoryId: String(Math.random()), directory: '/nowhere', host: 'h' }
  return {
    facts: facts as Station['facts'],
    latencyMs: 1,
    traffic: { sent: 0, received: 0 },
    lost: NEVER,
    keep: async () => {},
    launch: () => ({ ...streams(), ended: NEVER, kill: () => {} }),
    fingerprint: () => NEVER,
    clean: () => NEVER,
    close: async () => {},
    ...rest,
  }
}

const streams = () => ({ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() })
const at = (name: string, open: () => Station): ClusterHost => ({ name, open: async () => open() })
const supplies = () => ({ capsule: workshop.file('c.mjs', ''), inputs: {} })

/** Opens the launcher and waits for the error with which no place is left. */
function none(launcher: ReturnType<typeof clusterLauncher>): Promise<Error> {
  return new Promise((resolve) => launcher.open!(supplies(), { free: () => {}, none: resolve }))
}

test('should not believe in more cores than a machine has', async () => {
  for (const cores of [1e9, Number.NaN, -5, 1.5, Number.POSITIVE_INFINITY]) {
    const launcher = clusterLauncher([
      at('a', () => station({ cores: 8 })),
      at('b', () => station({ cores })),
    ])
    const both = new Promise<undefined>((resolve) => {
      let joined = 0
      launcher.open!(supplies(), {
        free: () => launcher.traffic().length === 2 && ++joined > 3 && resolve(undefined),
        none: () => {},
      })
    })
    await both
    const engines: (EngineProcess | null)[] = Array.from({ length: 2_000 }, () => launcher.launch(''))
    assert.equal(engines.filter((engine) => engine?.host === 'a').length, 8)
    assert.ok(engines.filter((engine) => engine?.host === 'b').length <= 1024)
    await launcher.close()
  }
})

test('should give up waiting for hosts that are never supplied, and close at once', async () => {
  const launcher = clusterLauncher([at('stuck', () => station({ keep: () => NEVER }))], {
    patienceMs: 300,
    stallMs: 50,
    backoffMs: [10, 10],
  })
  assert.match((await none(launcher)).message, /stuck: what it is to be supplied with did not get on/)
  await launcher.close()
  const slow = clusterLauncher([at('stuck', () => station({ keep: () => NEVER }))])
  slow.open!(supplies(), { free: () => {}, none: () => {} })
  await sleep(50)
  const begun = performance.now()
  await slow.close()
  assert.ok(performance.now() - begun < 3_000)
})

test('should be patient in each execution anew', async () => {
  const launcher = clusterLauncher([at('away', () => assert.fail('away'))], {
    patienceMs: 100,
    backoffMs: [10, 10],
  })
  for (let i = 0; i < 2; i++) assert.match((await none(launcher)).message, /away/)
  await launcher.close()
})

test('should supply a host anew that lost its capsule, and not without end', async () => {
  let kept = 0
  let healthy = false
  const lacking: Ending = { how: 'the capsule is not there any more', unreachable: false, lacking: true }
  const launch = (): EngineProcess => ({
    ...streams(),
    ended: healthy ? NEVER : Promise.resolve(lacking),
    kill: () => {},
  })
  const host = at('forgetful', () => station({ launch, keep: async () => void kept++ }))
  const launcher = clusterLauncher([host])
  const endings: Ending[] = []
  await new Promise<undefined>((resolve) => {
    const free = () => {
      const engine = launcher.launch('')
      void engine?.ended.then((ending) => endings.push(ending) === 4 && resolve(undefined))
    }
    launcher.open!(supplies(), { free, none: () => {} })
  })
  assert.deepEqual(
    endings.map(({ unreachable }) => unreachable),
    [true, true, false, false],
  )
  assert.equal(kept, 3)
  healthy = true
  await launcher.close()
})

test('should outlive a station that cannot launch', async () => {
  let opened = 0
  const launch = (): never => {
    throw new TypeError('no')
  }
  const host = at('lame', () => station(opened++ === 0 ? { launch } : {}))
  const launcher = clusterLauncher([host], { backoffMs: [10, 10] })
  await new Promise<undefined>((resolve) => {
    launcher.open!(supplies(), {
      free: () => launcher.launch('') !== null && resolve(undefined),
      none: () => {},
    })
  })
  assert.equal(opened, 2)
  await launcher.close()
})
