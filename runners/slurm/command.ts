/**
 * Slurm's programs, each run once with fixed words: no shell, an end to patience and to what is read, and an environment in
 * which their words and times do not depend on the user's: what SBATCH_* and the like would change is not there.
 */
import { spawn } from 'node:child_process'
import { RepriseError } from '../../lib/errors.ts'

export type SlurmProgram = 'sbatch' | 'squeue' | 'sacct' | 'scontrol' | 'scancel'

/** What came of it. */
export interface Answer {
  /** Null where it did not end by itself. */
  readonly code: number | null
  readonly stdout: string
  /** The first of it. */
  readonly stderr: string
  /** Why it did not end by itself. */
  readonly trouble: 'not-there' | 'too-late' | 'too-much' | 'killed' | null
}

export type RunProgram = (
  program: SlurmProgram,
  words: readonly string[],
  patienceMs: number,
) => Promise<Answer>

export interface ProgramOptions {
  /** Paths or names of programs; their own names, by PATH, when not given. */
  readonly programs?: Partial<Record<SlurmProgram, string>>
  /** What they see of the environment; this process's when not given. */
  readonly env?: NodeJS.ProcessEnv
  /** Most bytes of output. */
  readonly most?: number
}

/** A row is some 80 bytes, an array at most 4 million tasks. */
const MOST_BYTES = 400e6
const MOST_WORDS = 10_000
/** Variables by which options are given to Slurm's programs; they win over those of a job script. */
const OPTIONS = /^(SLURM|SBATCH|SQUEUE|SACCT|SCANCEL|SCONTROL|SALLOC|SRUN|SINFO)_/
/** Where the cluster is, and who one is there. */
const KEPT = ['SLURM_CONF', 'SLURM_CONF_SERVER', 'SLURM_JWT']

export function slurmPrograms({ programs = {}, env, most = MOST_BYTES }: ProgramOptions = {}): RunProgram {
  const surroundings = surroundingsOf(env ?? process.env)
  return (program, words, patienceMs) =>
    new Promise((resolve) => {
      const child = spawn(programs[program] ?? program, words, {
        cwd: '/', // that of this process may be gone
        env: surroundings,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true, // a process group, which can be ended whole
      })
      const stdout: Buffer[] = []
      let bytes = 0
      let stderr = ''
      let trouble: Answer['trouble'] = null
      const end = (why: Answer['trouble']) => {
        trouble ??= why
        endGroup(child.pid)
      }
      const timer = setTimeout(() => end('too-late'), patienceMs)
      child.stdout.on('data', (some: Buffer) => {
        bytes += some.length
        if (bytes > most) end('too-much')
        else stdout.push(some)
      })
      child.stderr.on('data', (some: Buffer) => {
        if (stderr.length < MOST_WORDS) stderr = (stderr + some.toString('utf8')).slice(0, MOST_WORDS)
      })
      const settle = (code: number | null) => {
        clearTimeout(timer)
        if (code === null) trouble ??= 'killed'
        const text = Buffer.concat(stdout).toString('utf8')
        resolve({ code: trouble === null ? code : null, stdout: text, stderr, trouble })
      }
      child.on('error', () => {
        trouble ??= 'not-there'
        if (child.pid === undefined) settle(null)
      })
      child.on('close', settle)
    })
}

/** Asks, and gives what it said, whatever its exit code. Throws `engine` where it did not end by itself. */
export async function ask(
  run: RunProgram,
  program: SlurmProgram,
  words: readonly string[],
  patienceMs: number,
): Promise<Answer> {
  const answer = await run(program, words, patienceMs)
  switch (answer.trouble) {
    case null:
      return answer
    case 'not-there':
      throw new RepriseError('engine', `${program} is not there`, {
        subject: 'slurm',
        remedy:
          'Name the machine that has it in `via` of the cluster’s profile, or see that it is in the PATH there',
      })
    case 'too-late':
      throw unanswered(program, `${program} did not answer within ${Math.round(patienceMs / 1000)} s`)
    case 'too-much':
      throw unanswered(program, `${program} said too much`)
    case 'killed':
      throw unanswered(program, `${program} was killed`)
  }
}

/** It answered that it cannot answer. */
export function unanswered(program: SlurmProgram, what: string): RepriseError {
  return new RepriseError('engine', what, {
    subject: 'slurm',
    remedy: `See whether \`${program === 'sbatch' ? 'sinfo' : program}\` answers there, and try again`,
  })
}

/** The last line that a program complained with, without its own name. */
export function complaint({ stderr, code }: Answer): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^\w+: (error|fatal): /, '').trim())
  return lines.filter((line) => line !== '').at(-1) ?? `exit code ${code}`
}

/** What Slurm's programs see: times are UTC, words English, lists of indices whole. */
export function surroundingsOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => KEPT.includes(name) || !OPTIONS.test(name))
  return {
    ...Object.fromEntries(others),
    LC_ALL: 'C',
    TZ: 'UTC',
    SLURM_TIME_FORMAT: 'standard',
    SLURM_BITSTR_LEN: '0',
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
