/**
 * What a supervisor on the head has chunks executed by: tasks of its scheduler, or stations of the head itself and of its
 * workers, which it reaches by its own ssh. Stations end with the supervisor, since what it says comes to them through pipes
 * that end with it; tasks do not.
 */
import { dirname } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import { type ClusterHost, clusterLauncher, type HostEvent } from '../cluster.ts'
import { pool } from '../pool.ts'
import { type ProgramHost, shellByProgram } from '../ssh/by-program.ts'
import { openStation } from '../station/open.ts'
import { shellHere } from '../station/shell-here.ts'
import { startArray } from './far-array.ts'
import { contentPath } from './far-runs.ts'
import type { Headquarters, SchedulerKinds } from './scheduler-kind.ts'
import { stationHere } from './station-here.ts'
import type { Submission, WorkerHost } from './submission.ts'
import type { Far } from './supervise.ts'

/** As many engines as the hosts have places for. */
const ALL = 1024
export const HEAD = 'the head'

export function startHere(submission: Submission, kinds: SchedulerKinds, at: Headquarters): Far {
  const { folder } = at
  const { capsule, inputs, engines, headEngines, timeoutMs, env, workers, scheduler } = submission
  if (scheduler !== undefined) return startArray(submission, scheduler, kinds, at)
  if (headEngines === 0 && workers.length === 0)
    throw new RepriseError('usage', 'names no host with an engine', { subject: 'submission.json' })
  const program = stationHere()
  const here: ClusterHost = {
    name: HEAD,
    ...(headEngines === null ? {} : { engines: headEngines }),
    open: () =>
      openStation(shellHere(), { directory: dirname(dirname(folder)), node: process.execPath, env, program }),
  }
  const hosts = new Map<string, string>()
  const launcher = clusterLauncher(
    [...(headEngines === 0 ? [] : [here]), ...workers.map((worker) => workerHost(worker))],
    {
      patienceMs: 2 ** 31 - 1, // weeks: a run may wait for its hosts
      tell: (event) => note(hosts, event),
    },
  )
  return {
    capsule: contentPath(folder, submission, capsule),
    inputs: Object.fromEntries(inputs.map((sha256) => [sha256, contentPath(folder, submission, sha256)])),
    runner: pool(launcher, { engines: engines ?? ALL, timeoutMs }),
    hosts,
    close: () => launcher.close(),
  }

  function workerHost({ directory, node, engines: places, ...to }: WorkerHost): ClusterHost {
    return {
      name: nameOf(to),
      ...(places === null ? {} : { engines: places }),
      async open() {
        const own = { ...(directory === null ? {} : { directory }), ...(node === null ? {} : { node }) }
        return openStation(shellByProgram(to), { ...own, env, program })
      },
    }
  }
}

/** Of workers that differ in nothing but the port there may be several. */
function nameOf({ host, user, port }: ProgramHost): string {
  return `${user === null ? '' : `${user}@`}${host}${port === null ? '' : `:${port}`}`
}

/** What is known of each host, in words, for whoever asks how the run goes. */
function note(hosts: Map<string, string>, event: HostEvent): void {
  console.log(`${new Date().toISOString()} ${JSON.stringify(event)}`)
  switch (event.kind) {
    case 'joined':
    case 'back':
      hosts.set(event.host, `${event.engines} engines`)
      return
    case 'lost':
    case 'absent':
      hosts.set(event.host, `${event.kind === 'lost' ? 'lost' : 'not there'}: ${event.why}`)
      return
    case 'refused':
      hosts.set(event.host, `refused: ${event.error.line}`)
  }
}
