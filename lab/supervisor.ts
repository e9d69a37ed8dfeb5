/**
 * The supervisor of a detached run: a program of its own, started by supervise.ts with a lab, a run and a manner. It
 * executes the run by the same `executeRun` as an attached one, tells on one descriptor that it has begun, and after that
 * nobody: how the run goes is read from its record.
 */
import { closeSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { type RepriseError, toErrorRecord } from '../lib/errors.ts'
import { isScheduler } from './cluster-word.ts'
import type { Observer } from './collect.ts'
import { executeRun, type Outcome } from './execute.ts'
import { executeThere } from './execute-there.ts'
import { bytesWords } from './host-words.ts'
import { type Lab, labAt, type RunFolder, runFolder } from './lab.ts'
import { locateIn } from './objects.ts'
import { readPlan } from './results.ts'
import { runnerFor } from './runner-for.ts'
import { BEGINNING_FD, type Beginning, type Manner } from './supervise.ts'

/** A line in the run's log, among those of the engines. */
function say(words: string): void {
  process.stdout.write(`${new Date().toISOString()} supervisor: ${words.replaceAll('\n', ' ')}\n`)
}

let begun = false

/** Tells whoever started us, once; it may be gone already. */
function tellBeginning(beginning: Beginning): void {
  if (begun) return
  begun = true
  try {
    writeSync(BEGINNING_FD, JSON.stringify(beginning))
  } catch {}
  closeSync(BEGINNING_FD)
}

/** A signal that is aborted when we are asked to end; a terminal that hangs up is none of ours. */
function onEnd(): AbortSignal {
  const controller = new AbortController()
  process.on('SIGHUP', () => {})
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130)
      say(`${signal}: stopping, what is done is kept`)
      controller.abort()
    })
  }
  return controller.signal
}

async function carryOut(lab: Lab, run: RunFolder, manner: Manner, signal: AbortSignal): Promise<Outcome> {
  const { capsule } = readPlan(run)
  const located = (words: string) => locateIn(lab, capsule.sha256, words)
  const beginning = (words: string) => ({
    begun() {
      say(`process ${process.pid} ${words}`)
      tellBeginning({ pid: process.pid })
    },
  })
  const observer: Observer = {
    replicating: (count) => say(`executing ${count} chunks a second time on fresh engines`),
    lost: (engine, reason, chunks) =>
      say(`engine ${engine} was lost (${located(reason)}); others take over ${chunks.length} chunks`),
    setAside: (chunk, reason) => say(`chunk ${chunk} is set aside: ${located(reason)}`),
  }
  if (isScheduler(manner.runner)) {
    const following = { ...observer, ...beginning(`collects the run from ${manner.runner}`) }
    return executeThere(lab, run, manner, signal, following, { tell: say })
  }
  const { runner, maxCoreHours, traffic, close } = await runnerFor(lab, manner.runner, manner, { tell: say })
  const executing = beginning(`executes the run, ${runner.kind}, engines: ${runner.engines}`)
  try {
    return await executeRun(
      lab,
      run,
      runner,
      signal,
      { ...observer, ...executing },
      { keepRefused: true, maxCoreHours },
    )
  } finally {
    for (const { host, sent, received } of traffic())
      say(`${host}: sent ${bytesWords(sent)}, received ${bytesWords(received)}`)
    await close()
  }
}

const [labPath = '', id = '', manner = '{}'] = process.argv.slice(2)
const lab = labAt(resolve(labPath))
try {
  const outcome = await carryOut(lab, runFolder(lab, id), JSON.parse(manner) as Manner, onEnd())
  say(outcome.state)
  process.exit(0)
} catch (error) {
  tellBeginning({ error: toErrorRecord(error, 'engine') })
  say((error as Partial<RepriseError>).line ?? (error as Error).stack ?? String(error))
  process.exit(1)
}
