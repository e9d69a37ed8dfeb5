/** `--runner`: where the engines of a run are, chosen before anything is planned and closed when the command is over. */
import pc from 'picocolors'
import { bytesWords } from '../lab/host-words.ts'
import type { Lab } from '../lab/lab.ts'
import { type ChosenRunner, type Contact, type HostTraffic, runnerFor } from '../lab/runner-for.ts'
import { RepriseError } from '../lib/errors.ts'
import { type EngineOptions, isLocal } from './options.ts'
import { askSecret, isManned, type Terminal } from './terminal.ts'
import { several } from './words.ts'

/** Whoever sits at the terminal: asked for passphrases, told what happens on hosts. */
export function contactOf(out: Terminal): Contact {
  return { ...(isManned() ? { ask: askSecret } : {}), tell: (line) => out.say(line) }
}

/** The runner that the options name, to be closed. Throws `usage`, `not-found` or `refused`. */
export function chooseRunner(lab: Lab, options: EngineOptions, out: Terminal): Promise<ChosenRunner> {
  const { runner = 'local', engines, timeout, node } = options
  return runnerFor(
    lab,
    runner,
    {
      ...(engines === undefined ? {} : { engines }),
      timeoutMs: timeout === undefined ? null : timeout * 1000,
      ...(node === undefined ? {} : { node: node.path }),
    },
    contactOf(out),
  )
}

/** Carries out what needs the runner that the options name, and closes it. */
export async function withRunner<T>(
  lab: Lab,
  options: EngineOptions,
  out: Terminal,
  action: (chosen: ChosenRunner) => Promise<T>,
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
export function enginesWords({ runner, engines }: EngineOptions, chosen: ChosenRunner): string {
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
