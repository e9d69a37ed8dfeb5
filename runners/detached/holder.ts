/**
 * One supervisor at a time for a run, on however many hosts its folder is to be seen. Who takes over makes the next in a
 * row of numbered files, which only one can, and removes none that could be another's: so there is no moment in which
 * two have it. Whether the last of the row is alive the system's own table of processes says, which knows a number that
 * was given anew; of a process on another host, the beat that it writes.
 */
import { readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import { diskError, segmentsIn } from './journal.ts'
import { writeOver, writeWhole } from './written.ts'

export interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
  /** Which boot of which machine, which table of processes, and when the process was started; null where it cannot be told. */
  readonly boot: string | null
  readonly table: string | null
  readonly started: string | null
  readonly released: boolean
}

export interface Hold {
  /** Number of this supervision, above all before it. */
  readonly segment: number
  release(): void
}

const BEAT_MS = 10_000
/** Who has not written a beat for this long, ms, is gone. */
const STALE_MS = 60_000
const ATTEMPTS = 10

/** Takes the run over; `lost` is told when somebody else believed this process dead and did so too. Throws `busy`, `storage`. */
export function takeHold(folder: string, lost: () => void): Hold {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const top = holdersIn(folder).at(-1) ?? 0
    const holder = top === 0 ? null : readHolder(folder, top)
    if (holder !== null && isAlive(holder, holderPath(folder, top))) throw busy(folder, holder)
    const segment = Math.max(top, segmentsIn(folder).at(-1) ?? 0) + 1
    const mine = ownHolder()
    if (placed(holderPath(folder, segment), JSON.stringify(mine))) return holding(folder, segment, mine, lost)
  }
  throw new RepriseError('busy', 'others take it over at the same time', { subject: folder })
}

/** Who executes the run now, or null. */
export function currentHolder(folder: string): Holder | null {
  const top = holdersIn(folder).at(-1)
  const holder = top === undefined ? null : readHolder(folder, top)
  return holder !== null && isAlive(holder, holderPath(folder, top!)) ? holder : null
}

function placed(path: string, text: string): boolean {
  try {
    return writeWhole(path, text, { first: true })
  } catch (cause) {
    throw diskError(path, cause)
  }
}

function holding(folder: string, segment: number, mine: Holder, lost: () => void): Hold {
  const path = holderPath(folder, segment)
  for (const older of holdersIn(folder).filter((n) => n < segment))
    rmSync(holderPath(folder, older), { force: true })
  const beat = setInterval(() => {
    try {
      writeOver(path, JSON.stringify(mine)) // so its time is that of whose disk it is
      if (holdersIn(folder).at(-1) !== segment) lost()
    } catch {} // a disk that is full or away is told where the journal is written
  }, BEAT_MS)
  beat.unref()
  return {
    segment,
    release() {
      clearInterval(beat)
      try {
        writeOver(path, `${JSON.stringify({ ...mine, released: true })} `) // as long as it was
      } catch {} // it ends with this process in any case
    },
  }
}

function ownHolder(): Holder {
  return {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    boot: bootId(),
    table: processTable(),
    started: startOf(process.pid),
    released: false,
  }
}

function isAlive({ pid, host, boot, table, started, released }: Holder, path: string): boolean {
  if (released) return false
  if (started !== null && boot !== null && boot === bootId() && table === processTable())
    return startOf(pid) === started
  const here = boot === null && bootId() === null && host === hostname()
  if (here && !exists(pid)) return false // where it exists it may be another of that number: its beat says
  const probe = join(path, '..', `.beat.${process.pid}`)
  try {
    writeWhole(probe, '', { durably: false }) // its time is by the same clock as the beat's
    return statSync(probe).mtimeMs - statSync(path).mtimeMs < STALE_MS
  } catch {
    return true // what cannot be told is not taken from anybody
  } finally {
    rmSync(probe, { force: true })
  }
}

/** When a process was started, in ticks since the boot; null where it is not there, or only waits to be buried. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return words[0] === 'Z' || words[0] === 'X' ? null : words[19]!
  } catch {
    return null
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return null
  }
}

function processTable(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

function holderPath(folder: string, n: number): string {
  return join(folder, `holder.${n}`)
}

function holdersIn(folder: string): number[] {
  const names = readdirSync(folder).flatMap((name) => /^holder\.([1-9]\d{0,8})$/.exec(name)?.[1] ?? [])
  return names.map(Number).sort((a, b) => a - b)
}

function readHolder(folder: string, n: number): Holder | null {
  try {
    return JSON.parse(readFileSync(holderPath(folder, n), 'utf8')) as Holder
  } catch {
    return null
  }
}

function busy(folder: string, { pid, host, since }: Holder): RepriseError {
  return new RepriseError('busy', `is being executed by process ${pid} on ${host}, since ${since}`, {
    subject: folder,
    remedy: 'See how far it is: reprise status',
  })
}
