/**
 * Whole processes under the clock: `reprise run` as a user would start it, and the same work as a bare loop. Times
 * are wall-clock from the start of the first process to the end of the last.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'

const COMPILED = fileURLToPath(new URL('.', import.meta.url)) // dist/bench
const COMMAND = join(COMPILED, '../cli/main.js')
const SOURCES = join(COMPILED, '../../bench')

export const TINY = join(SOURCES, 'tiny.ts')

export interface Run {
  /** From the start of the process to its end. */
  readonly seconds: number
  /** Of these, from `started` to `sealed` in the run's own events. */
  readonly phase: number
  /** Until the first chunk was durable; only when watched. */
  readonly firstChunk: number
  /** Peak resident memory of the controller, bytes; only when watched. */
  readonly peak: number
  /** What `run --json` printed. */
  readonly report: Readonly<Record<string, unknown>>
}

/** An experiment file that says `expression`, for sizes that are only known now. Lies where no git looks. */
export function experimentFile(name: string, expression: string): string {
  const folder = join(COMPILED, 'generated')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.mjs`)
  const imports = `import { tiny } from '../tiny.js'\nimport { busy } from '../busy.js'\n`
  writeFileSync(file, `${imports}export default ${expression}\n`)
  return file
}

/** `reprise run FILE --engines N --json` in a lab of its own, thrown away afterwards; failed jobs are an error. */
export async function reprise(file: string, engines: number, watched = false): Promise<Run> {
  const home = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  const lab = join(home, '.reprise')
  try {
    const env = { ...process.env, REPRISE_LAB: lab, XDG_CONFIG_HOME: join(tmpdir(), 'reprise-bench-keys') }
    const words = [COMMAND, 'run', file, '--engines', String(engines), '--json']
    const start = performance.now()
    const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const seen = watched ? watch(child, lab, start) : { peak: 0, firstChunk: 0 }
    const output = await finished(child)
    const seconds = (performance.now() - start) / 1000
    const report = JSON.parse(output) as Record<string, unknown>
    if (report.failedJobs !== 0 || typeof report.root !== 'string') throw new Error(`not sealed: ${output}`)
    return { seconds, phase: phaseOf(lab), ...seen, report }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** Seconds from `started` to `sealed`, by the events of the one run in a lab. */
function phaseOf(lab: string): number {
  const at = query(lab, "SELECT kind, time FROM events WHERE kind IN ('started', 'sealed') ORDER BY seq")
  const [first, last] = [at.at(0), at.at(-1)]
  if (first?.kind !== 'started' || last?.kind !== 'sealed')
    throw new Error(`odd events: ${JSON.stringify(at)}`)
  return (Date.parse(String(last.time)) - Date.parse(String(first.time))) / 1000
}

/** Rows of the store of the one run in a lab; none when it is not there yet. */
function query(lab: string, sql: string): Record<string, unknown>[] {
  const runs = join(lab, 'runs')
  const [run] = existsSync(runs) ? readdirSync(runs) : []
  const path = join(runs, run ?? '', 'results.sqlite')
  if (run === undefined || !existsSync(path)) return []
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return database.prepare(sql).all() as Record<string, unknown>[]
  } finally {
    database.close()
  }
}

/** The same jobs in plain processes: no framework, nothing stored, nothing sent. */
export async function bare(jobs: number, draws: number, processes: number): Promise<number> {
  const start = performance.now()
  const children = Array.from({ length: processes }, (_, k) => {
    const words = [join(COMPILED, 'bare.js'), jobs, draws, k, processes].map(String)
    return finished(spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] }))
  })
  await Promise.all(children)
  return (performance.now() - start) / 1000
}

/** Seconds of the same run with the bare minimum recorded: see unrecorded.ts. */
export async function unrecorded(file: string, engines: number): Promise<number> {
  const start = performance.now()
  const words = [join(COMPILED, 'unrecorded.js'), file, String(engines)]
  await finished(spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] }))
  return (performance.now() - start) / 1000
}

/** What a process wrote to stdout, once it has ended well. */
function finished(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    let words = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${child.spawnargs.slice(1).join(' ')}: exit code ${code}\n${words}`))
    })
  })
}

/**
 * Watches a run from outside, every 10 ms: when the first chunk can be read from its store, and the kernel's own
 * high-water mark of the controller's memory (VmHWM). Of that process alone: what wait4 and /usr/bin/time report
 * would include its engines.
 */
function watch(child: ChildProcess, lab: string, start: number): { peak: number; firstChunk: number } {
  const seen = { peak: 0, firstChunk: 0 }
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      seen.peak = Math.max(seen.peak, 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0))
      if (seen.firstChunk === 0 && query(lab, 'SELECT chunk FROM chunks LIMIT 1').length > 0) {
        seen.firstChunk = (performance.now() - start) / 1000
      }
    } catch {
      // the process has ended, or its store is being put in place
    }
  }, 10)
  child.on('close', () => clearInterval(timer))
  return seen
}
