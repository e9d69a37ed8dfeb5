/**
 * The most memory that an engine had, with all that it started: the peak of each process of its group, as Linux counts it.
 * Elsewhere it is not known.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** How often the processes of the group are looked at, ms: one that is gone tells nothing more. */
const LOOK_MS = 250

export interface MemoryWatch {
  /** Looks at the group that this process leads. */
  follow(leader: number): void
  look(): void
  /** Bytes; null where nothing could be seen. */
  peak(): number | null
  end(): void
}

export function watchMemory(): MemoryWatch {
  const peaks = new Map<number, Map<number, number>>()
  const look = () => {
    for (const [leader, group] of peaks)
      for (const pid of groupOf(leader)) group.set(pid, Math.max(group.get(pid) ?? 0, peakOf(pid)))
  }
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return {
    follow: (leader) => void peaks.set(leader, new Map()),
    look,
    peak() {
      const groups = [...peaks.values()].map((group) =>
        [...group.values()].reduce((sum, one) => sum + one, 0),
      )
      const most = Math.max(0, ...groups)
      return most === 0 ? null : most
    },
    end: () => clearInterval(timer),
  }
}

function groupOf(leader: number): number[] {
  try {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return all.map(Number).filter((pid) => groupLed(pid) === leader)
  } catch {
    return [] // no Linux
  }
}

/** Third after the name, which is in brackets and may hold anything. */
function groupLed(pid: number): number | null {
  const stat = read(pid, 'stat')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[2] === undefined ? null : Number(fields[2])
}

function peakOf(pid: number): number {
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(pid, 'status'))?.[1] ?? 0)
}

/** Empty where the process is gone. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
