/**
 * Where a station's engines have their folders: `scratch/<machine>-<process>-<random>/`. It is also how stations that share
 * a folder know of each other: whoever lives writes a file in its own now and then, and what nobody has written to for a
 * while, or whose process is gone, is removed by the next.
 */
import { createHash, randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { folderIn } from './folder.ts'
import { STALE_MS } from './whole.ts'

export const SCRATCH = 'scratch'
/** A station's folder: its machine, process and a random number. Nothing of another name is touched. */
const NAME = /^[0-9a-f]{12}-\d+-[0-9a-f]{8}$/
const ALIVE = 'alive'
const TOUCH_MS = STALE_MS / 10

export class Scratch {
  readonly #directory: string
  readonly #name = `${thisMachine()}-${process.pid}-${randomBytes(4).toString('hex')}`
  readonly #touch: NodeJS.Timeout

  constructor(directory: string) {
    this.#directory = directory
    const now = this.touch()
    this.#touch = setInterval(() => this.touch(), TOUCH_MS)
    this.#touch.unref()
    for (const name of this.#others()) {
      if (!this.#lives(name, now)) rmSync(join(directory, SCRATCH, name), { recursive: true, force: true })
    }
  }

  /** Its folder, made where it is not there. */
  get path(): string {
    const all = folderIn(this.#directory, SCRATCH)
    return folderIn(all, this.#name)
  }

  /** Shows that this station lives; gives the time as the folder's disk tells it. */
  touch(): number {
    const path = join(this.path, ALIVE)
    try {
      writeFileSync(path, String(Date.now()), { mode: 0o600 })
      return lstatSync(path).mtimeMs
    } catch {
      return Date.now() // its disk is full
    }
  }

  /** How many other stations are at work in this folder. */
  get neighbours(): number {
    const now = this.touch()
    return this.#others().filter((name) => this.#lives(name, now)).length
  }

  /** Engines of this station have folders in it. */
  get inUse(): boolean {
    return readdirSync(this.path).some((name) => name !== ALIVE)
  }

  /** Takes its folder away, and the one around it where it was the last. */
  remove(): void {
    const all = join(this.#directory, SCRATCH)
    try {
      rmSync(join(all, this.#name), { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
      rmdirSync(all)
    } catch {} // others are at work, or an engine is on its way out: whoever comes next removes it
  }

  close(): void {
    clearInterval(this.#touch)
    this.remove()
  }

  #others(): string[] {
    const names = readdirSync(join(this.#directory, SCRATCH))
    return names.filter((name) => NAME.test(name) && name !== this.#name)
  }

  #lives(name: string, now: number): boolean {
    const [machine, pid] = name.split('-')
    if (machine === thisMachine()) return isAlive(Number(pid))
    const path = join(this.#directory, SCRATCH, name)
    const state = lstatSync(join(path, ALIVE), { throwIfNoEntry: false })
    const { mtimeMs } = state ?? lstatSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0 }
    return now - mtimeMs < STALE_MS
  }
}

/** Where process numbers mean the same: one machine, and one container of it. */
function thisMachine(): string {
  const named = [hostname(), read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))]
  const within = read(() => readlinkSync('/proc/self/ns/pid'))
  return createHash('sha256')
    .update(JSON.stringify([named, within]))
    .digest('hex')
    .slice(0, 12)
}

function read(what: () => string): string {
  try {
    return what()
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
