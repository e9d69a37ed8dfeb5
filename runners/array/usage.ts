/**
 * What the processes of a task take: processor time and memory, as Linux tells it in /proc. Where it does not, nothing is
 * known; it is a note beside results, and never a reason to fail.
 */
import { readFileSync } from 'node:fs'

/** Ticks of a second in /proc; it is 100 on every platform that Node runs on. */
const TICK_MS = 10
const LOOK_MS = 1_000
const PAGE_KB = 1_024

export interface Usage {
  readonly cpuMs: number | null
  readonly maxRssBytes: number | null
}

export interface Meter {
  /** Looks once more: whoever is about to end has been at its largest. */
  look(): void
  /** What this process and all that have ended below it took. */
  read(): Usage
  stop(): void
}

/** Begins to measure. Memory is the most that this process and those below it ever had together, as far as it was looked at. */
export function meter(): Meter {
  let most: number | null = null
  const look = () => {
    const now = togetherBytes(process.pid)
    if (now !== null) most = Math.max(most ?? 0, now)
  }
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return {
    look,
    read: () => ({ cpuMs: processorMs(), maxRssBytes: groupPeak() ?? most }),
    stop: () => clearInterval(timer),
  }
}

/** User and system time of this process and of its children that it has waited for, and of theirs. */
function processorMs(): number | null {
  const line = read('/proc/self/stat')
  if (line === null) return null
  // What comes before the last parenthesis is a name, which may hold anything; the 3rd field is behind it.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const ticks = fields.slice(11, 15).map(Number)
  return ticks.length === 4 && ticks.every(Number.isSafeInteger)
    ? ticks.reduce((sum, one) => sum + one, 0) * TICK_MS
    : null
}

/** The peaks of a process and of all that live below it. */
function togetherBytes(pid: number): number | null {
  const status = read(`/proc/${pid}/status`)
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec(status ?? '')?.[1]
  if (peak === undefined) return null
  const children = read(`/proc/${pid}/task/${pid}/children`)?.trim().split(' ') ?? []
  const below = children.map((child) => (child === '' ? 0 : (togetherBytes(Number(child)) ?? 0)))
  return below.reduce((sum, one) => sum + one, Number(peak) * PAGE_KB)
}

/** What the kernel counted for the job's own control group, where the scheduler has made one; others hold strangers too. */
function groupPeak(): number | null {
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, kinds, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    if (path === undefined || !/\/job_\d+/.test(path)) continue
    const file =
      kinds === ''
        ? `/sys/fs/cgroup${path}/memory.peak`
        : `/sys/fs/cgroup/memory${path}/memory.max_usage_in_bytes`
    const peak = kinds === '' || kinds === 'memory' ? Number(read(file) ?? Number.NaN) : Number.NaN
    if (Number.isSafeInteger(peak)) return peak
  }
  return null
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
