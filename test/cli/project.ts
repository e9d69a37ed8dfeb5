/**
 * A project folder of its own for a test, in which the real command line is run as a process. The folder goes away
 * after the test, and so does every process that is still there.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { labAt, runFolder } from '../../lab/lab.ts'
import { runState } from '../../lab/state.ts'

export { mean, SLOW } from './mean.ts'

export const MAIN: string = fileURLToPath(new URL('../../cli/main.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly pid: number
  readonly finished: Promise<Finished>
}

export interface Surroundings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** A program that starts the command line in its place, with its first arguments. */
  readonly through?: readonly string[]
  /** Milliseconds after which the process is killed. */
  readonly patience?: number
}

const PATIENCE_MS = 120_000

/** What is ended with a test, or with the file of tests. */
interface Lasting {
  after(end: () => void): unknown
}

const ends: (() => void)[] = []
const FILE: Lasting = { after: (end) => ends.push(end) }
after(() => {
  for (const end of ends) end()
})

/** Projects in which `x.ts` was run, by their files, and what was answered. */
const executed = new Map<string, Promise<{ project: Project; run: Answer }>>()

export class Project {
  readonly folder: string
  readonly lab: string
  readonly runs: string
  readonly #env: Readonly<Record<string, string>>
  readonly #running = new Set<ChildProcess>()

  /** A project with these files in it; `package.json` makes it a project. `env` is what its user's shell has set. */
  constructor(
    t: Lasting,
    files: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {},
  ) {
    this.#env = env
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'reprise-test-')))
    this.lab = join(this.folder, '.reprise')
    this.runs = join(this.lab, 'runs')
    mkdirSync(join(this.folder, 'tmp'))
    mkdirSync(join(this.folder, 'home'))
    for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) this.write(name, text)
    t.after(() => this.remove())
  }

  /**
   * A project in which `x.ts` was run, and what was answered: executed once for all tests of a file that ask for these
   * files, and copied for each.
   */
  static async ran(
    t: Lasting,
    files: Readonly<Record<string, string>>,
  ): Promise<{ project: Project; run: Answer }> {
    const key = JSON.stringify(files)
    const made = executed.get(key) ?? Project.#execute(files)
    executed.set(key, made)
    const { project: first, run } = await made
    const project = new Project(t)
    cpSync(first.folder, project.folder, { recursive: true, preserveTimestamps: true })
    return { project, run: JSON.parse(JSON.stringify(run).replaceAll(first.folder, project.folder)) }
  }

  static async #execute(files: Readonly<Record<string, string>>): Promise<{ project: Project; run: Answer }> {
    const project = new Project(FILE, files)
    return { project, run: await project.json(0, 'run', 'x.ts') }
  }

  write(name: string, text: string | Uint8Array): string {
    const path = join(this.folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }

  path(...names: string[]): string {
    return join(this.folder, ...names)
  }

  /** Starts `reprise` with these words. */
  start(words: readonly string[], surroundings: Surroundings = {}): Running {
    const [program, ...first] = [...(surroundings.through ?? []), process.execPath]
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: this.path('home'),
      TMPDIR: this.path('tmp'),
      XDG_CACHE_HOME: process.env.REPRISE_TEST_CACHE ?? this.path('cache'),
      ...this.#env,
      ...surroundings.env,
    }
    const child = spawn(program!, [...first, MAIN, ...words], {
      cwd: surroundings.cwd ?? this.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#running.add(child)
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
    const patience = setTimeout(() => child.kill('SIGKILL'), surroundings.patience ?? PATIENCE_MS)
    const finished = new Promise<Finished>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        clearTimeout(patience)
        this.#running.delete(child)
        const [stdout, stderr] = [Buffer.concat(out).toString('utf8'), Buffer.concat(err).toString('utf8')]
        resolve({ code, signal, stdout, stderr })
      })
    })
    return { child, pid: child.pid ?? 0, finished }
  }

  /** Runs `reprise` with these words to its end. */
  reprise(...words: string[]): Promise<Finished> {
    return this.start(words).finished
  }

  /** Runs `reprise … --json` and gives the one object that it must print, after checking the exit code. */
  async json(code: number, ...words: string[]): Promise<Answer> {
    return answerOf(await this.start([...words, '--json']).finished, code)
  }

  /** Names in `.reprise/runs`. */
  runNames(): string[] {
    return existsSync(this.runs) ? readdirSync(this.runs).sort() : []
  }

  /** Waits until the only run there is planned, and gives its id. */
  async firstRun(): Promise<string> {
    return eventually('a run is planned', () => this.runNames().find((name) => !name.startsWith('.')))
  }

  remove(): void {
    for (const child of this.#running) child.kill('SIGKILL')
    for (const pid of supervisorsOf(this.lab)) process.kill(pid, 'SIGKILL')
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** Processes that execute runs of this lab by themselves. */
export function supervisorsOf(lab: string): number[] {
  const listed = spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).stdout
  const ours = listed.split('\n').filter((line) => line.includes(`supervisor.js ${lab} `))
  return ours.map((line) => Number.parseInt(line, 10))
}

/** What a command answers with --json; its keys are checked by the tests that read them. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests are about
export type Answer = any

/** Asserts that stdout holds exactly one JSON object, and gives it. */
export function answerOf({ code, stdout, stderr }: Finished, expected: number): Answer {
  assert.equal(code, expected, `exit code, with stderr: ${stderr}`)
  assert.match(stdout, /^\{[^\n]*\}\n$/, `one line with one object: ${stdout.slice(0, 500)}`)
  const answer: unknown = JSON.parse(stdout)
  assert.ok(typeof answer === 'object' && answer !== null && !Array.isArray(answer))
  return answer
}

/** Asks until there is an answer. */
export async function eventually<T>(what: string, ask: () => T | undefined | false): Promise<T> {
  const end = performance.now() + 60_000
  for (;;) {
    const answer = ask()
    if (answer !== undefined && answer !== false) return answer
    assert.ok(performance.now() < end, `waited in vain until ${what}`)
    await sleep(10)
  }
}

/** Waits until some chunks of a run that is executed are durable. */
export async function someDone(project: Project, run: string, least = 5): Promise<void> {
  const folder = runFolder(labAt(project.lab), run)
  await eventually(`${least} chunks are durable`, () => runState(folder).chunksDone >= least)
}
