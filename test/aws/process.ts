/** A container as a process of this machine: exactly its own environment, a folder for what it writes, and an end for all of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MOST_OUTPUT = 65_536

/** How it ended; the signal is that which killed it. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export class ContainerProcess {
  readonly ended: Promise<Ended>
  output = ''
  readonly #child: ChildProcess
  #isOver = false

  /** `tell` is given what it prints, as it does. */
  constructor(command: readonly string[], env: Readonly<Record<string, string>>) {
    const folder = mkdtempSync(join(tmpdir(), 'reprise-container-'))
    const scratch = join(folder, 'tmp')
    mkdirSync(scratch)
    const [program = '', ...words] = command
    this.#child = spawn(program === 'node' ? process.execPath : program, words, {
      cwd: folder,
      env: { ...env, PATH: process.env.PATH ?? '', TMPDIR: scratch },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own, which is ended with it
    })
    const hear = (some: Buffer) => {
      this.output = (this.output + some.toString('utf8')).slice(-MOST_OUTPUT)
    }
    this.#child.stdout!.on('data', hear)
    this.#child.stderr!.on('data', hear)
    this.ended = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        hear(Buffer.from(`${error.message}\n`))
        if (this.#child.pid === undefined) over({ code: 127, signal: null })
      })
      this.#child.on('exit', (code, signal) => {
        this.#end('SIGKILL') // what it left behind
        over({ code, signal })
      })
      const over = (ended: Ended) => {
        this.#isOver = true
        rmSync(folder, { recursive: true, force: true })
        resolve(ended)
      }
    })
  }

  /** Sends a signal to it, or, to kill, to all that it started. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#isOver) return
    if (signal === 'SIGKILL') this.#end(signal)
    else this.#child.kill(signal)
  }

  #end(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return
    try {
      process.kill(-this.#child.pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
