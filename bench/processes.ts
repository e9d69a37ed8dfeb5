/**
 * Whole processes under the clock: `reprise run` as a user would start it, and the same work as a bare loop. Times
 * are wall-clock from the start of the first process to the end of the last.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const COMPILED = fileURLToPath(new URL('.', import.meta.url)) // dist/bench
const COMMAND = join(COMPILED, '../cli/main.js')
const SOURCES = join(COMPILED, '../../bench')

export const TINY = join(SOURCES, 'tiny.ts')

export interface Run {
  readonly seconds: number
  /** Peak resident memory of the controller, bytes; 0 when not watched. */
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
export async function reprise(file: string, engines: number, watchMemory = false): Promise<Run> {
  const home = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  try {
    const env = {
      ...process.env,
      REPRISE_LAB: join(home, '.reprise'),
      XDG_CONFIG_HOME: join(tmpdir(), 'reprise-bench-keys'),
    }
    const start = performance.now()
    const child = spawn(process.execPath, [COMMAND, 'run', file, '--engines', String(engines), '--json'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const peak = watchMemory ? watchPeak(child) : () => 0
    const output = await finished(child)
    const seconds = (performance.now() - start) / 1000
    const report = JSON.parse(output) as Record<string, unknown>
    if (report.failedJobs !== 0 || typeof report.root !== 'string') throw new Error(`not sealed: ${output}`)
    return { seconds, peak: peak(), report }
  } finally {
    rmSync(home, { recursive: true, force: true })
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
 * The kernel's own high-water mark of a process (VmHWM), read 20 times a second while it lives. Of the process
 * alone: what wait4 and /usr/bin/time report would include its engines.
 */
function watchPeak(child: ChildProcess): () => number {
  let peak = 0
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0)
      peak = Math.max(peak, kilobytes * 1024)
    } catch {
      // it has ended
    }
  }, 50)
  child.on('close', () => clearInterval(timer))
  return () => peak
}
