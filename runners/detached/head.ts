/**
 * A head as the near side sees it: what it is asked, and what it answers. Each order is a process of our own program
 * there, which the head's station starts as it starts engines; so the station needs to know nothing of detached runs.
 */
import { createHash } from 'node:crypto'
import { RepriseError } from '../../lib/errors.ts'
import type { EngineFacts } from '../array/engine.ts'
import { lastLine } from '../link.ts'
import type { Station } from '../station/station.ts'
import { answerOf, engineFactsOf, farRunOf } from './heard.ts'
import type { HeadOrder } from './orders.ts'
import type { FarRun } from './status.ts'
import type { Position } from './stream.ts'
import { type Manner, parseSubmission, type SchedulerManner, type Submission } from './submission.ts'

const MAX_ANSWER = 64 * 2 ** 20
const LAST_WORDS = 2_000

type Order<V extends HeadOrder['verb']> = Extract<HeadOrder, { verb: V }>

/** Our program's file on this side. */
export interface HeadProgram {
  readonly path: string
  readonly sha256: string
}

export class Head {
  readonly #station: Station
  readonly #program: string

  private constructor(station: Station, program: string) {
    this.#station = station
    this.#program = program
  }

  /** Has our program there. */
  static async open(station: Station, { path, sha256 }: HeadProgram): Promise<Head> {
    await station.keep([{ kind: 'capsule', sha256, path }])
    return new Head(station, sha256)
  }

  /** Hands a run over; what it names must be kept there. The same again changes nothing. */
  async submit(submission: Submission): Promise<FarRun> {
    return farRunOf(await this.#answer({ verb: 'submit', submission: JSON.stringify(submission) }))
  }

  async runs(): Promise<FarRun[]> {
    const answer = await this.#answer({ verb: 'runs' })
    return Array.isArray(answer) ? answer.map(farRunOf) : []
  }

  /** What of a scheduler there is. Throws `usage` where it would not take tasks in this manner, `engine` where there is none. */
  async probe(how: SchedulerManner): Promise<EngineFacts> {
    return engineFactsOf(await this.#answer({ verb: 'probe', how: JSON.stringify(how) }))
  }

  async run(run: string): Promise<FarRun> {
    return farRunOf(await this.#answer({ verb: 'run', run }))
  }

  async cancel(run: string): Promise<FarRun> {
    return farRunOf(await this.#answer({ verb: 'cancel', run }))
  }

  /** Has it executed further, from now on as is said here; one that is being executed goes on as it does. */
  async restart(run: string, how: Manner): Promise<FarRun> {
    return farRunOf(await this.#answer({ verb: 'restart', run, how: JSON.stringify(how) }))
  }

  async release(run: string): Promise<FarRun> {
    return farRunOf(await this.#answer({ verb: 'release', run }))
  }

  async submission(run: string): Promise<Submission> {
    const bytes = await this.#bytes({ verb: 'submission', run }, 2 ** 28)
    return parseSubmission(bytes.toString('utf8'))
  }

  /** The content with this digest. Throws `not-intact` where it is another. */
  async content(run: string, sha256: string): Promise<Buffer> {
    const bytes = await this.#bytes({ verb: 'content', run, sha256 }, 2 ** 32)
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes
    throw new RepriseError('not-intact', `is not the file with SHA-256 ${sha256}`, { subject: 'the head' })
  }

  async *journal(
    run: string,
    from: Position,
    follow: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    yield* this.#ask({ verb: 'journal', run, follow, ...from }, () => {}, signal)
  }

  async #answer(order: Asked): Promise<unknown> {
    let answer: unknown
    for await (const _ of this.#ask(order, (told) => {
      answer = told
    })) {
      // what comes after the answer is for orders that ask for it
    }
    return answer
  }

  async #bytes(order: Asked, most: number): Promise<Buffer> {
    const pieces: Uint8Array[] = []
    let size = 0
    for await (const piece of this.#ask(order, () => {})) {
      pieces.push(piece)
      size += piece.length
      if (size > most)
        throw new RepriseError('not-intact', `sends more than ${most} bytes`, { subject: 'the head' })
    }
    return Buffer.concat(pieces)
  }

  async *#ask(
    order: Asked,
    onAnswer: (answer: unknown) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const process = this.#station.launch(this.#program, [])
    const stop = () => process.kill()
    signal?.addEventListener('abort', stop)
    let words = ''
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS)
    })
    try {
      process.stdin.write(`${JSON.stringify({ ...order, directory: this.#station.facts.directory })}\n`)
      let line: Buffer | null = Buffer.alloc(0)
      for await (const piece of process.stdout as AsyncIterable<Buffer>) {
        if (line === null) {
          yield piece
          continue
        }
        line = Buffer.concat([line, piece])
        const end = line.indexOf(10)
        if (end < 0 && line.length > MAX_ANSWER) break
        if (end < 0) continue
        onAnswer(answerOf(line.toString('utf8', 0, end)))
        const rest: Buffer = line.subarray(end + 1)
        line = null
        if (rest.length > 0) yield rest
      }
      if (line === null || signal?.aborted === true) return
      const { how } = await process.ended
      throw new RepriseError('engine', `the head did not answer: ${lastLine(words) || how}`, {
        subject: this.#station.facts.host,
        remedy: 'Ask again; what it executes goes on without us',
      })
    } finally {
      signal?.removeEventListener('abort', stop)
      process.kill()
    }
  }
}

type Asked = { [V in HeadOrder['verb']]: Omit<Order<V>, 'directory'> }[HeadOrder['verb']]
