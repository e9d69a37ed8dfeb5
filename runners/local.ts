/**
 * Engines as child processes on this machine. Each leads a process group of its own, so that Ctrl-C at the terminal
 * reaches only the controller and a kill reaches all that an engine started; each gets a folder of its own and an
 * environment that says as little as possible about the user's (law 1).
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binaryDigest } from './binary.ts'
import { ownCache } from './cache.ts'
import type { Ending } from './channel.ts'
import type { LocalLauncher } from './launcher.ts'
import { ENGINE } from './role.ts'

/** Where digests of executables are kept. */
const DIGESTS = join(ownCache(process.env), 'digests')

/** Where programs, libraries and a scheduler are found; everything else about the user's surroundings is kept away. */
const PASSED = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'SystemRoot', 'SLURM_CONF', 'SLURM_CONF_SERVER']

/** A process that left the engine's group may hold its output open; it is not waited for longer than this, ms. */
const LINGER_MS = 1_000

/** How engines are to differ from the usual: another Node, flags for it, surroundings that `check` varies. */
export interface LocalOptions {
  /** Path of the Node to run them on; the controller's own when not given. */
  readonly node?: string
  /** Flags of Node's, before the capsule. */
  readonly flags?: readonly string[]
  /** Environment variables on top of the usual. */
  readonly env?: Readonly<Record<string, string>>
  /** Working directory; a fresh folder for each engine when not given. */
  readonly folder?: string
  /** Folder in which the fresh ones are made; the system's own for such things when not given. */
  readonly within?: string
}

export function localLauncher(options: LocalOptions = {}): LocalLauncher {
  const { node = process.execPath, flags = [], env = {}, folder, within = tmpdir() } = options
  const scratch = mkdtempSync(join(within, 'reprise-engines-'))
  const alive = new Set<number>()
  return {
    kind: 'local',
    scratch,
    launch(capsule) {
      const child = spawn(node, [...flags, capsule, ENGINE], {
        cwd: folder ?? mkdtempSync(join(scratch, 'engine-')),
        env: { ...engineEnvironment(process.env), ...env },
        detached: true,
        stdio: 'pipe',
      })
      if (child.pid !== undefined) alive.add(child.pid)
      const ended = new Promise<Ending>((resolve) => {
        const end = (how: string) => resolve({ how, unreachable: false })
        child.on('error', (error) => end(`could not be started: ${error.message}`))
        child.on('close', (code, signal) =>
          end(signal === null ? `exit code ${code}` : `killed by ${signal}`),
        )
      })
      child.on('exit', () => {
        killGroup(child.pid) // what it left behind would keep its output open
        alive.delete(child.pid!)
        setTimeout(() => [child.stdout, child.stderr].map((stream) => stream.destroy()), LINGER_MS).unref()
      })
      child.stdin.on('error', () => {}) // an engine that is gone is told by `ended`
      return {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        ended,
        binary: binaryDigest(node, DIGESTS),
        kill: () => killGroup(child.pid),
      }
    },
    close() {
      for (const pid of alive) killGroup(pid)
      rmSync(scratch, { recursive: true, force: true })
    },
  }
}

export function engineEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.fromEntries(
    PASSED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  )
  return { ...passed, TZ: 'UTC', LC_ALL: 'C', LANG: 'C', NO_COLOR: '1' }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw error // nobody is left, or only what is on its way out
  }
}
