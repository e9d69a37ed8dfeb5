/**
 * Hands a planned run to a supervisor: a process with a session of its own, without a terminal, that executes it as an
 * attached run is executed (supervisor.ts) and outlives whoever asked for it. What it says goes to the run's log.
 */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type ErrorRecord, fromErrorRecord, RepriseError } from '../lib/errors.ts'
import { storageError } from './durable.ts'
import type { Lab, RunFolder } from './lab.ts'
import type { RunnerOptions } from './runner-for.ts'

/** How the run is to be executed. */
export interface Manner extends RunnerOptions {
  /** What `runnerFor` takes: `local`, or a cluster's name. */
  readonly runner: string
}

/** What the supervisor says once, when it has the run's lock or knows that it will not begin. */
export type Beginning = { readonly pid: number } | { readonly error: ErrorRecord }

/** Descriptor on which the supervisor says it. */
export const BEGINNING_FD = 3

const SUPERVISOR = fileURLToPath(new URL('./supervisor.js', import.meta.url))
const LONGEST_TAIL = 2_000

/** Starts the supervisor. Returns its process id once it holds the run's lock; throws what kept it from beginning. */
export async function supervise(lab: Lab, run: RunFolder, manner: Manner): Promise<number> {
  const log = openLog(run)
  const child = spawn(process.execPath, [SUPERVISOR, lab.path, run.id, JSON.stringify(manner)], {
    cwd: lab.path,
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
  })
  closeSync(log)
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}`))
    child.on('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `killed by ${signal}`))
  })
  const said = await text(child.stdio[BEGINNING_FD] as Readable).catch(() => '')
  if (said === '') throw diedEarly(run, await ended)
  child.unref()
  const beginning = JSON.parse(said) as Beginning
  if ('error' in beginning) throw fromErrorRecord(beginning.error)
  return beginning.pid
}

function openLog(run: RunFolder): number {
  try {
    return openSync(run.log, 'a')
  } catch (error) {
    throw storageError(run.log, error)
  }
}

function diedEarly(run: RunFolder, how: string): RepriseError {
  const last = readFileSync(run.log, 'utf8').slice(-LONGEST_TAIL).trim().split('\n').at(-1) ?? ''
  const words = last === '' ? '' : `: ${last}`
  return new RepriseError('engine', `its supervisor ended before it began (${how})${words}`, {
    subject: `run ${run.id}`,
    remedy: `See ${run.log}, then reprise resume ${run.id}`,
  })
}
