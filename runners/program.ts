/**
 * Programs in other languages at the engine: how `command({...})` is executed (see lib/command.ts for the two
 * forms). Each start gets a fresh folder with the capsule's files and the inputs, so that one start leaves nothing
 * to the next. A program that exits with an error fails its job; one that is killed, or cannot be started, or answers
 * what it was not asked, is an infrastructure failure.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { fillPlaceholders, placeholders } from '../lib/command.ts'
import { InfrastructureFailure } from '../lib/execute.ts'
import type { Job, Program, Work } from '../lib/experiment.ts'
import { BadAnswer, excerpt, parseAnswer, parseResult } from './answer.ts'
import { Lacking } from './lacking.ts'
import type { Loaded, Surroundings } from './loaded.ts'
import { programFolder, programVariables } from './program-place.ts'
import { clearTimeout, rmSync, setTimeout, spawn } from './unguarded.ts'
import { position, send } from './wire.ts'

/** Time that a program has to end by itself when there is nothing more to do, ms. */
const END_MS = 2_000

type InputBytes = Surroundings['inputBytes']
type AnyJob = Job<Readonly<Record<string, unknown>>>

/** The work of a program experiment: line form, or simple form where an argument holds a placeholder. */
export function programWork(loaded: Loaded, inputBytes: InputBytes): Work {
  const program = loaded.description.program!
  const start = (words: readonly string[]) => new Started(program, words, loaded, inputBytes)
  if (program.arguments.some((argument) => placeholders(argument).length > 0)) {
    return { run: ((job: AnyJob) => runOnce(program, job, start)) as unknown as Work['run'] }
  }
  const blockOf = loaded.document.chunk
  return {
    setup: () => new Lines(() => start(program.arguments)),
    run: ((job: AnyJob & { setup: Lines }) => {
      const { point, repetition, seed, setup } = job
      return setup.ask({ chunk: position().chunk, job: repetition % blockOf, point, repetition, seed })
    }) as unknown as Work['run'],
    teardown: (lines) => (lines as Lines).end(),
  }
}

async function runOnce(
  program: Program,
  job: AnyJob,
  start: (words: readonly string[]) => Started,
): Promise<unknown> {
  const { seed, repetition } = job
  const seed31 = Number.parseInt(seed.slice(0, 8), 16) >>> 1
  const values = { ...job.point, seed, seed31, repetition }
  const started = start(program.arguments.map((argument) => fillPlaceholders(argument, values)))
  try {
    started.child.stdin.end()
    let printed = ''
    started.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    await started.success()
    return parseResult(printed)
  } finally {
    started.clear()
  }
}

/** A running program that answers line by line, started again for the next job after it failed. */
class Lines {
  readonly #start: () => Started
  #started: Started | null = null
  #lines: Interface | null = null
  #answers: AsyncIterator<string> | null = null

  constructor(start: () => Started) {
    this.#start = start
  }

  async ask(question: object): Promise<unknown> {
    if (this.#started === null) {
      this.#started = this.#start()
      this.#lines = createInterface({
        input: this.#started.child.stdout,
        crlfDelay: Number.POSITIVE_INFINITY,
      })
      this.#answers = this.#lines[Symbol.asyncIterator]()
    }
    const started = this.#started
    started.child.stdin.write(`${JSON.stringify(question)}\n`)
    const answer = await this.#answers!.next()
    if (answer.done === true) {
      this.#started = null
      started.child.stdin.end()
      try {
        await started.success()
      } finally {
        started.clear()
      }
      throw new ProgramFailed('the program ended without an answer')
    }
    try {
      return parseAnswer(answer.value)
    } catch (error) {
      if (error instanceof BadAnswer) {
        this.#started = null // what it says next may belong to this job
        await started.finish(0)
      }
      throw error
    }
  }

  /** Lines beyond the answers would have shifted them by one: which belongs to which job cannot be told any more. */
  async end(): Promise<void> {
    if (this.#started === null) return
    await this.#started.finish(END_MS)
    this.#lines!.close()
    const more = await this.#answers!.next()
    if (more.done !== true)
      throw new InfrastructureFailure(
        `the program printed more lines than it was asked: ${excerpt(more.value)}`,
      )
  }
}

/** Characters kept of what a program says on stderr; its last line is part of a failed job's error. */
const LAST_WORDS = 10_000

class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed'
}

/** One start of the program, in its own folder. */
class Started {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<{ code: number | null; signal: string | null; error?: Error }>
  readonly #folder: string
  readonly #name: string
  #lastWords = ''

  constructor(program: Program, words: readonly string[], loaded: Loaded, inputBytes: InputBytes) {
    this.#name = program.program
    this.#folder = newFolder(loaded, inputBytes)
    this.child = spawn(program.program, words, {
      cwd: this.#folder,
      env: programVariables(),
      stdio: 'pipe',
    })
    this.child.stdin.on('error', () => {}) // a program that does not read its input is told by its exit
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS)
      send({ type: 'log', ...position(), stream: 'stderr', text })
    })
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error) => resolve({ code: null, signal: null, error }))
      this.child.on('close', (code, signal) => resolve({ code, signal }))
    })
  }

  /** Waits for the end; a failed exit fails the job, a kill or a failed start the engine. */
  async success(): Promise<void> {
    const { code, signal, error } = await this.ended
    if (error !== undefined) {
      throw new Lacking(`the program ${this.#name} cannot be started: ${error.message}`)
    }
    if (signal !== null) throw new InfrastructureFailure(`the program ${this.#name} was ended by ${signal}`)
    if (code !== 0) {
      const last = this.#lastWords.replaceAll(this.#folder, '.').trim().split('\n').at(-1) ?? ''
      throw new ProgramFailed(`exit code ${code}${last === '' ? '' : `: ${last}`}`)
    }
  }

  /** Gives it `ms` to end by itself, then ends it, and leaves nothing behind. */
  async finish(ms: number): Promise<void> {
    this.child.stdin.end()
    const patience = setTimeout(() => {
      this.child.kill('SIGKILL')
      this.child.stdout.destroy() // what it started may hold it open
      this.child.stderr.destroy()
    }, ms)
    await this.ended
    clearTimeout(patience)
    this.clear()
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** A folder with the capsule's files and the inputs. */
function newFolder({ attachments }: Loaded, inputBytes: InputBytes): string {
  const { files, inputs } = attachments
  const contents = Object.entries(inputs).map(([name, digest]) => [name, inputBytes(digest, name)] as const)
  return programFolder(files, contents)
}
