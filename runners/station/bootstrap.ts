/**
 * Turns a shell on a host into a station: gives it the script, and the program where it is not there yet. A shell may have
 * read ahead of the script, so nothing more is sent before the far side has answered; what a login prints before that is
 * skipped, and shown when no answer comes.
 */
import { randomBytes } from 'node:crypto'
import { RepriseError } from '../../lib/errors.ts'
import type { Channel } from '../channel.ts'
import { printable, readError } from './facts.ts'
import type { BootAnswer, BootOrder } from './far/boot.ts'
import type { Program } from './program.ts'
import { script } from './script.ts'

const MOST_NOISE = 2 ** 20
const MOST_ANSWER = 2 ** 16
const SHOWN = 300

export interface Booted {
  /** What came after the last answer. */
  readonly rest: Buffer
  readonly sent: number
  readonly received: number
}

/** Throws after `patienceMs` at most. Errors name no host: whoever called knows which it is. */
export async function bootstrap(
  shell: Channel,
  program: Program,
  wish: { directory: string; node: string | undefined; silenceMs: number },
  patienceMs: number,
): Promise<Booted> {
  const mark = [`REPRISE-${randomBytes(8).toString('hex')}`, `${randomBytes(8).toString('hex')} `] as const
  const { directory, node, silenceMs } = wish
  const order: BootOrder = {
    mark,
    directory,
    silenceMs,
    sha256: program.sha256,
    bytes: program.bytes.length,
  }
  const listener = new Listener(shell, mark.join(''))
  let sent = 0
  const send = (bytes: Buffer) => {
    sent += bytes.length
    shell.stdin.write(bytes)
  }
  const steps = async () => {
    send(Buffer.from(script(program.boot, order, node)))
    const { have } = await listener.answer(node)
    if (have === false) send(program.bytes)
    await listener.answer(node)
  }
  let timer: NodeJS.Timeout | undefined
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(listener.silent(`did not answer within ${patienceMs / 1000} s`)),
        patienceMs,
      )
    })
    const gone = shell.ended.then(({ how }) => Promise.reject(listener.silent(`ended (${how})`)))
    await Promise.race([steps(), late, gone])
  } finally {
    clearTimeout(timer)
    listener.stop()
  }
  return { rest: listener.held, sent, received: listener.received }
}

/** Reads answers out of what a shell prints. */
class Listener {
  held: Buffer = Buffer.alloc(0)
  received = 0
  readonly #shell: Channel
  readonly #mark: Buffer
  #noise = ''
  #noiseBytes = 0
  #wake: () => void = () => {}

  constructor(shell: Channel, mark: string) {
    this.#shell = shell
    this.#mark = Buffer.from(mark)
    shell.stdout.on('data', this.#hear)
    shell.stderr.on('data', this.#hearNoise)
  }

  stop(): void {
    this.#shell.stdout.pause()
    this.#shell.stdout.off('data', this.#hear)
    this.#shell.stderr.off('data', this.#hearNoise)
  }

  /** The next answer; throws what it says is wrong. */
  async answer(node: string | undefined): Promise<BootAnswer> {
    for (;;) {
      const at = this.held.indexOf(this.#mark)
      const begin = at < 0 ? Math.max(0, this.held.length - this.#mark.length) : at
      this.#hearNoise(this.held.subarray(0, begin))
      this.held = this.held.subarray(begin)
      const end = at < 0 ? -1 : this.held.indexOf(10)
      if (end >= 0) {
        const said = this.held.subarray(this.#mark.length, end).toString('utf8')
        this.held = this.held.subarray(end + 1)
        return understood(said, node)
      }
      if (this.#noiseBytes > MOST_NOISE || this.held.length > MOST_ANSWER)
        throw this.silent('prints without end')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** The shell did not do what it was told: what it said instead. */
  silent(how: string): RepriseError {
    const said = printable(this.#noise + this.held.toString('utf8')).trim()
    const words = said === '' ? 'and printed nothing' : `and printed: ${said.slice(-SHOWN)}`
    return new RepriseError('engine', `the shell there ${how} ${words}`, {
      remedy:
        'See that `ssh HOST exec /bin/sh` gives a shell that does what it reads, and that no start-up file of it waits',
    })
  }

  readonly #hear = (bytes: Buffer): void => {
    this.received += bytes.length
    this.held = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes])
    this.#wake()
  }

  readonly #hearNoise = (bytes: Buffer): void => {
    this.#noiseBytes += bytes.length
    this.#noise = (this.#noise + bytes.toString('utf8')).slice(-4 * SHOWN)
    this.#wake()
  }
}

function understood(said: string, node: string | undefined): BootAnswer {
  if (said.startsWith('!')) {
    const tried = printable(said.slice(1)).trim()
    const found = tried === '' ? 'none was found' : `found ${tried}`
    const where = node === undefined ? 'on its path and in the usual places' : `as ${JSON.stringify(node)}`
    throw new RepriseError('not-found', `there is no Node 20.19 or later ${where}: ${found}`, {
      remedy: 'Install Node 20.19 or later there, or say where it is: "node" in the cluster’s profile',
    })
  }
  let answer: BootAnswer
  try {
    answer = JSON.parse(said) as BootAnswer
  } catch {
    throw new RepriseError('engine', `what came instead of an answer is: ${printable(said.slice(0, SHOWN))}`)
  }
  if (answer.error !== undefined) throw readError(answer.error, '')
  return answer
}
