/** Opens a station through a shell on its host. */
import { RepriseError } from '../../lib/errors.ts'
import type { Channel } from '../channel.ts'
import { lastLine } from '../link.ts'
import { answered } from './answered.ts'
import { bootstrap } from './bootstrap.ts'
import { type Call, Calls } from './calls.ts'
import { printable, readFacts } from './facts.ts'
import { DEFAULT_DIRECTORY } from './far/folder.ts'
import { Latency } from './latency.ts'
import { nearStation } from './near.ts'
import { type Program, stationProgram } from './program.ts'
import { watchSilence } from './silence.ts'
import type { Station } from './station.ts'
import { Wire } from './wire.ts'

export interface StationOptions {
  /** Folder on the host, made where it is not there; `~` and what is not absolute are in the home folder there. */
  readonly directory?: string
  /** Path of Node on the host; looked for when not given. */
  readonly node?: string
  /** Environment variables of its engines, on top of the usual. */
  readonly env?: Readonly<Record<string, string>>
  readonly patience?: Partial<StationPatience>
  /** The program that makes a station; bundled from our own files when not given. */
  readonly program?: Program
}

export interface StationPatience {
  /** Until the station has answered for the first time, ms. */
  readonly answerMs: number
  /** Between two signs of life, ms. */
  readonly beatMs: number
  /** Either side that has heard nothing of the other for this long takes it for lost, ms. */
  readonly silenceMs: number
}

const LAST_WORDS = 2_000
const WORDS_MS = 1_000
/** The first takes longer than any later. */
const FIRST_ROUNDS = 2

const PATIENCE: StationPatience = { answerMs: 30_000, beatMs: 10_000, silenceMs: 45_000 }

/** A station whose verbs can be called by name, for those that build on them. */
export interface OpenStation extends Station {
  call<R>(verb: string, args?: unknown): Call<R>
}

/** The shell is the station's from now on: it is ended with it, and when it cannot be opened. Throws RepriseError. */
export async function openStation(shell: Channel, options: StationOptions = {}): Promise<OpenStation> {
  const { directory = DEFAULT_DIRECTORY, node, env = {} } = options
  const patience = { ...PATIENCE, ...options.patience }
  for (const stream of [shell.stdin, shell.stdout, shell.stderr]) stream.on('error', () => {}) // `ended` tells
  try {
    plain('directory', directory)
    if (node !== undefined) plain('node', node)
    const { answerMs, silenceMs } = patience
    const program = options.program ?? stationProgram()
    const booted = await bootstrap(shell, program, { directory, node, silenceMs }, answerMs)
    const silence = watchSilence(silenceMs, () =>
      wire.end(`nothing was heard of it for ${silenceMs / 1000} s`),
    )
    const wire: Wire = new Wire(shell.stdout, shell.stdin, {
      heard: () => silence.heard(),
      message: (id, message) => calls.hear(id, message),
      closed: () => setTimeout(() => wire.end('it was closed'), WORDS_MS).unref(), // its end says more
    })
    const calls: Calls = new Calls(wire)
    wire.sent += booted.sent
    wire.received += booted.received
    void wire.over.then(() => {
      silence.stop()
      shell.kill()
    })
    const words = listen(shell, wire)
    void shell.ended.then(({ how }) => wire.end([how, lastLine(words())].filter(Boolean).join(': ')))
    shell.stdout.unshift(booted.rest)
    shell.stdout.resume()
    const facts = readFacts(await answered(answerMs, calls.call('facts').result))
    calls.host = facts.host
    const latency = new Latency(() => calls.call('ping').result)
    for (let i = 0; i < FIRST_ROUNDS; i++) await answered(answerMs, latency.measure())
    const beat = setInterval(() => latency.measure().catch(() => {}), patience.beatMs) // `lost` tells
    void wire.over.then(() => clearInterval(beat))
    return nearStation({ shell, wire, calls, facts, env, latency })
  } catch (error) {
    shell.kill()
    throw error
  }
}

/** What it says besides, which is little and mostly its last: to be read at all times. */
function listen(shell: Channel, wire: Wire): () => string {
  let words = ''
  shell.stderr.on('data', (bytes: Buffer) => {
    wire.received += bytes.length
    words = (words + bytes.toString('utf8')).slice(-LAST_WORDS)
  })
  return () => printable(words)
}

function plain(name: string, value: string): void {
  if (value !== '' && !value.includes('\0') && value.isWellFormed()) return
  throw new RepriseError('usage', `is no path: ${JSON.stringify(value)}`, { subject: name })
}
