/**
 * Probes at the engine: the commands that the experiment declares are run where its programs would run (a fresh folder with
 * the capsule's files, the engine's variables, no shell), and what they print is digested. One that fails is an outcome like
 * any other; nothing here ends an engine or touches a job.
 */
import { createHash } from 'node:crypto'
import { MAX_PROBE_TEXT, type ProbeOutcome } from '../lib/probe.ts'
import { programFolder, programVariables } from './program-place.ts'
import { clearTimeout, rmSync, setTimeout, spawn } from './unguarded.ts'

export const PROBE_MS = 30_000
const MAX_OUTPUT = 64 * 2 ** 20
/** After its end, what it started may hold its output open: so long a silence is the end of that too. */
const SILENCE_MS = 1000

/** Runs them all, side by side: together they take no longer than the slowest may. `tell` gets what they say on stderr. */
export async function runProbes(
  probes: Readonly<Record<string, readonly string[]>>,
  files: Readonly<Record<string, string>>,
  tell: (text: string) => void,
  patience = PROBE_MS,
): Promise<ProbeOutcome[]> {
  const running = Object.entries(probes).map(async ([name, argv]) => {
    const ending = await ended(argv, files, tell, patience)
    return { name, argv, ...ending }
  })
  return Promise.all(running)
}

type Ending = Omit<ProbeOutcome, 'name' | 'argv'>

async function ended(
  argv: readonly string[],
  files: Readonly<Record<string, string>>,
  tell: (text: string) => void,
  patience: number,
): Promise<Ending> {
  let folder: string
  try {
    folder = programFolder(files, [])
  } catch (error) {
    return failed((error as Error).message.slice(0, 300))
  }
  try {
    return await outcome(argv, folder, tell, patience)
  } catch (error) {
    return failed(notStarted(error))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function outcome(
  [program, ...words]: readonly string[],
  cwd: string,
  tell: (text: string) => void,
  patience: number,
): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(program!, words, { cwd, env: programVariables(), stdio: ['ignore', 'pipe', 'pipe'] })
    const hash = createHash('sha256')
    const kept: Buffer[] = []
    let bytes = 0
    let failure: string | null = null
    const end = (why: string) => {
      failure ??= why
      child.kill('SIGKILL')
      child.stdout.destroy() // what it started may hold them open
      child.stderr.destroy()
    }
    const timer = setTimeout(() => end(`took longer than ${patience / 1000} s`), patience)
    let silence: ReturnType<typeof setTimeout> | null = null
    const awaitSilence = () => {
      if (silence !== null) clearTimeout(silence)
      silence = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, SILENCE_MS)
    }
    child.on('exit', awaitSilence)
    child.stdout.on('data', (chunk: Buffer) => {
      if (silence !== null) awaitSilence()
      hash.update(chunk)
      bytes += chunk.length
      if (bytes <= MAX_PROBE_TEXT) kept.push(chunk)
      if (bytes > MAX_OUTPUT) end(`printed more than ${MAX_OUTPUT} bytes`)
    })
    child.stderr.setEncoding('utf8').on('data', tell)
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve(failed(failure ?? notStarted(error)))
    })
    child.on('close', (exit, signal) => {
      clearTimeout(timer)
      if (silence !== null) clearTimeout(silence)
      if (failure !== null) resolve(failed(failure))
      else if (exit === null || exit < 0) resolve(failed(`ended by ${signal}`))
      else {
        const text = bytes <= MAX_PROBE_TEXT ? exactText(Buffer.concat(kept)) : null
        resolve({ exit, failure: null, sha256: hash.digest('hex'), text })
      }
    })
  })
}

function failed(failure: string): Ending {
  return { exit: null, failure: failure.toWellFormed(), sha256: null, text: null }
}

/** Its message would name the folder that it was started in. */
function notStarted(error: unknown): string {
  return `cannot be started: ${(error as NodeJS.ErrnoException).code ?? 'refused'}`
}

/** The bytes as text, where the text gives these bytes again. */
function exactText(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
