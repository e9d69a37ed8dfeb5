/**
 * Starts the supervisor of a run: the same program again, in a session of its own without a terminal, so that neither the
 * end of the connection nor that of the station reaches it. What it says goes to a file in the run's folder.
 */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import { lastLine } from '../link.ts'
import { currentHolder } from './holder.ts'
import { diskError } from './journal.ts'
import { writeWhole } from './written.ts'

export const SUPERVISE = 'supervise'

const LOG = 'supervisor.txt'
const PATIENCE_MS = 60_000
const LOOK_MS = 50
const MAX_LOG = 2 ** 20

/** Bytes, for a file that is written to see whether the disk says no: a supervisor could not even say so. */
const ROOM = 2 ** 16

function demandRoom(folder: string): void {
  const path = join(folder, `.room.${process.pid}`)
  try {
    writeWhole(path, ' '.repeat(ROOM))
  } catch (cause) {
    throw diskError(folder, cause)
  } finally {
    rmSync(path, { force: true })
  }
}

/** Returns when the run has a supervisor, a new one or one that was there. Throws `engine` with what it said, or `storage`. */
export async function startSupervisor(folder: string, program: string): Promise<void> {
  if (currentHolder(folder) !== null) return
  demandRoom(folder)
  const path = join(folder, LOG)
  const grown = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG
  const log = openSync(path, grown ? 'w' : 'a', 0o600)
  const child = spawn(process.execPath, [program, SUPERVISE, folder], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let ended: string | null = null
  child.on('error', (error) => {
    ended = error.message
  })
  child.on('exit', (code, signal) => {
    ended = signal ?? `exit code ${code}`
  })
  child.unref()
  const end = performance.now() + PATIENCE_MS
  while (currentHolder(folder) === null) {
    if (ended === 'exit code 0') return // there was next to nothing to do
    if (ended !== null || performance.now() > end) {
      const words = lastLine(readFileSync(path, 'utf8').slice(-2000))
      throw new RepriseError('engine', `the supervisor did not start: ${words || ended || 'it is silent'}`, {
        subject: folder,
        remedy: `See ${LOG} in that folder on the head`,
      })
    }
    await sleep(LOOK_MS)
  }
}
