/** A container's process: started in a group of its own, ended with its whole group. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Start } from './container-start.ts'
import { stamp } from './things.ts'

export interface Ended {
  readonly code: number | null
  /** Its number; 0 when none ended it. */
  readonly signal: number
  readonly oom: boolean
}

/** Why a pod had to go, as its condition says it. */
export interface Disruption {
  readonly reason: string
  readonly message: string
  /** Reason in the pod's own status. */
  readonly pod?: string
  /** The pod is deleted as well. */
  readonly deletes: boolean
}

export class Process {
  readonly startedAt = stamp()
  readonly ended: Promise<Ended>
  readonly pid: number | null
  alive = true
  oom = false
  disruption: Disruption | null = null
  error = false
  readonly #child: ChildProcess
  readonly #log: string
  #grace: NodeJS.Timeout | null = null

  constructor({ program, words, env }: Start, folder: string) {
    this.#log = join(folder, 'log')
    const log = openSync(this.#log, 'a')
    this.#child = spawn(program, words, { env, cwd: folder, detached: true, stdio: ['ignore', log, log] })
    closeSync(log)
    this.pid = this.#child.pid ?? null
    this.ended = new Promise((resolve) => {
      this.#child.once('error', () => {
        this.error = true
        if (this.pid === null) resolve(this.#over(128, null))
      })
      this.#child.once('exit', (code, signal) => resolve(this.#over(code, signal)))
    })
  }

  #over(code: number | null, signal: NodeJS.Signals | null): Ended {
    this.alive = false
    if (this.#grace !== null) clearTimeout(this.#grace)
    this.signal('SIGKILL') // what it left in its group
    return { code, signal: signal === null ? 0 : constants.signals[signal], oom: this.oom }
  }

  /** To its whole group. */
  signal(name: NodeJS.Signals): void {
    if (this.pid === null) return
    try {
      process.kill(-this.pid, name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  async end(name: NodeJS.Signals): Promise<void> {
    if (this.alive) this.signal(name)
    await this.ended
  }

  /** SIGTERM, and SIGKILL when it is not over after a while. */
  terminate(graceMs: number): void {
    if (this.#grace !== null) return
    this.signal(graceMs > 0 ? 'SIGTERM' : 'SIGKILL')
    this.#grace = setTimeout(() => this.signal('SIGKILL'), graceMs)
  }

  log(): Buffer {
    return readFileSync(this.#log)
  }
}
