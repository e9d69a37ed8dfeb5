/** `--runner`: where the engines of a run are, chosen before anything is planned and closed when the command is over. */
import pc from 'picocolors'
import { isScheduler } from '../lab/cluster-word.ts'
import { bytesWords } from '../lab/host-words.ts'
import type { Lab } from '../lab/lab.ts'
import type { OpenHead } from '../lab/open-head.ts'
import {
  type ChosenRunner,
  type Contact,
  type HostTraffic,
  type RunnerOptions,
  runnerFor,
} from '../lab/runner-for.ts'
import { RepriseError } from '../lib/errors.ts'
import { type DetachOptions, type EngineOptions, isLocal } from './options.ts'
import { askSecret, isManned, type Terminal } from './terminal.ts'
import { several } from './words.ts'

/** Whoever sits at the terminal: asked for passphrases, told what happens on hosts. */
export function contactOf(out: Terminal): Contact {
  return { ...(isManned() ? { ask: askSecret } : {}), tell: (line) => out.say(line) }
}

/**
 * Where a run is to go: to a runner, which works while we do; or to the head of a scheduler's cluster, which takes all of it.
 * To be closed.
 */
export type Chosen = ChosenRunner | { readonly open: OpenHead; close(): Promise<void> }

/**
 * What the options name. A scheduler is asked at once whether it would take such tasks: of what it would not, nothing is planned.
 * Throws RepriseError.
 */
export async function chooseRunner(
  lab: Lab,
  options: EngineOptions & DetachOptions,
  out: Terminal,
): Promise<Chosen> {
  const { runner = 'local' } = options
  const contact = contactOf(out)
  const { detach = false } = options
  if (!isScheduler(runner)) return runnerFor(lab, runner, { ...runnerOptions(options), detach }, contact)
  const { openScheduler } = await import('../lab/open-scheduler.ts') // it loads all that speaks ssh
  const open = await openScheduler(lab, runner, runnerOptions(options), contact)
  return {
    open,
    async close() {
      tellTraffic(open.traffic(), out)
      await open.close()
    },
  }
}

/** What the options say to whoever executes. */
export function runnerOptions({
  engines,
  timeout,
  taskTime,
  maxCoreHours,
  node,
}: EngineOptions): RunnerOptions {
  return {
    ...(engines === undefined ? {} : { engines }),
    timeoutMs: timeout === undefined ? null : timeout * 1000,
    ...(taskTime === undefined ? {} : { taskTime }),
    ...(maxCoreHours === undefined ? {} : { maxCoreHours: maxCoreHours === 'none' ? null : maxCoreHours }),
    ...(node === undefined ? {} : { node: node.path }),
  }
}

/** Carries out what needs what the options name, and closes it. */
export async function withRunner<T>(
  lab: Lab,
  options: EngineOptions & DetachOptions,
  out: Terminal,
  action: (chosen: Chosen) => Promise<T>,
): Promise<T> {
  const chosen = await chooseRunner(lab, options, out)
  try {
    return await action(chosen)
  } finally {
    await chosen.close()
  }
}

/** A Node of this machine's is nowhere else. */
export function demandLocal({ runner, runtime }: EngineOptions): void {
  if (isLocal({ runner }) || runtime === undefined) return
  throw new RepriseError('usage', `chooses a Node of this machine, and engines are on ${runner}`, {
    subject: '--runtime',
    remedy: 'Let the cluster’s configuration say "node", the path of Node on its hosts',
  })
}

/** How many engines there are to be, as far as that is known before their hosts are there. */
export function enginesWords({ runner, engines }: EngineOptions, chosen: Chosen): string {
  if ('open' in chosen) return `tasks of ${runner}`
  if (isLocal({ runner })) return several(chosen.runner.engines, 'engine')
  return `${engines === undefined ? 'the engines' : `at most ${several(engines, 'engine')}`} of ${runner}`
}

/** What went over the wire, host by host. */
export function tellTraffic(traffic: readonly HostTraffic[], out: Terminal): void {
  for (const { host, sent, received } of traffic)
    out.say(pc.dim(`${host}: sent ${bytesWords(sent)}, received ${bytesWords(received)}`))
}

/** The same as part of an answer; nothing where nothing was sent. */
export function trafficAnswer(traffic: readonly HostTraffic[]): { traffic?: readonly HostTraffic[] } {
  return traffic.length === 0 ? {} : { traffic }
}
