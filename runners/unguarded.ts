/**
 * What the engine itself uses of its surroundings, taken before the guards stand in front of it: the engine may look
 * at the clock and read files, and is not reported to itself for it.
 */
import * as childProcess from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as workerThreads from 'node:worker_threads'

export const { spawn } = childProcess
export const { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } = fs
export const { hostname } = os
export const { Worker } = workerThreads
export const { clearTimeout, setTimeout } = globalThis
/** Not there in a browser, where no engine is. */
export const setImmediate: typeof globalThis.setImmediate = globalThis.setImmediate

const clock = performance

/** Milliseconds since some moment. */
export const now = (): number => clockNow.call(clock)
const clockNow = clock.now

/** The environment variables, unguarded; empty where there are none. */
export const environmentVariables: Readonly<Record<string, string | undefined>> =
  globalThis.process?.env ?? {}
/** The folder that the engine was started in; empty where there is none. */
export const startFolder: string = globalThis.process?.cwd?.() ?? ''
/** This process; 0 where there is none. */
export const pid: number = globalThis.process?.pid ?? 0
