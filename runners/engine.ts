/**
 * The engine: the far side of every runner, wherever it lives. It is in each capsule, speaks frames over stdio and
 * executes the chunks it is given, in order, until it is told to close or its pool is gone.
 */
import { createHash } from 'node:crypto'
import { format } from 'node:util'
import { toHex } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import { InfrastructureFailure } from '../lib/execute.ts'
import { Lacking } from './lacking.ts'
import type { Loaded, Surroundings } from './loaded.ts'
import { engineEnvironment } from './prelude.ts'
import { runProbes } from './probe.ts'
import { programWork } from './program.ts'
import { FrameReader, type Order, type Stack } from './protocol.ts'
import { isEngine } from './role.ts'
import { hostname, now, pid, readFileSync, setImmediate } from './unguarded.ts'
import { endAll, flush, position, queue, send, setPosition, startBeat } from './wire.ts'

/** Stacks kept of one chunk, and characters of each: enough to find the fault, never a flood. */
const MAX_STACKS = 10
const MAX_STACK = 4_000
/** The longest time between two looks at the orders, ms. */
const LOOK_MS = 5

/** Serves the pool at the other end of stdio; does nothing in a process that is no engine. */
export function serve(loaded: Loaded): void {
  if (!isEngine) return
  const waiting: number[] = []
  let wake: (() => void) | null = null
  let inputs: Readonly<Record<string, string>> = {}
  let opened = false
  const reader = new FrameReader<Order>(
    ({ message }) => {
      if (message.type === 'describe') send({ type: 'description', ...loaded.description })
      else if (message.type === 'open') {
        open(loaded, message)
        inputs = message.inputs
        opened = true
      } else if (message.type === 'batch') waiting.push(...message.chunks)
      else if (message.type === 'probe') void tellProbes(loaded)
      else end()
      wake?.()
    },
    () => {},
  )
  process.stdin.on('data', (bytes: Buffer) => reader.push(bytes))
  process.stdin.on('end', endAll)
  const work = async () => {
    let looked = now()
    for (;;) {
      while (!opened || waiting.length === 0) {
        flush()
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      await executeOne(loaded, waiting.shift()!, surroundingsOf(inputs))
      if (waiting.length === 0) flush()
      if (now() - looked < LOOK_MS && waiting.length > 0) continue
      await new Promise((resolve) => setImmediate(resolve))
      looked = now()
    }
  }
  work().catch(giveUp)
}

function end(): void {
  flush()
  endAll()
}

/** No chunk is to blame: the engine says why and ends. */
function giveUp(thrown: unknown): void {
  if (!(thrown instanceof InfrastructureFailure)) throw thrown
  throw new RepriseError(thrown instanceof Lacking ? 'not-found' : 'engine', thrown.message)
}

function open(loaded: Loaded, order: Extract<Order, { type: 'open' }>): void {
  const hash = toHex(loaded.hash)
  if (hash !== order.hash) {
    throw new RepriseError('not-intact', `it holds experiment ${hash}, not ${order.hash}`, {
      subject: 'capsule',
      remedy:
        'Either it is not the capsule of this record, or the experiment is another each time it is loaded',
    })
  }
  startBeat(order.beatMs, order.key)
  const probes = Object.keys(loaded.description.probes).length
  send({
    type: 'ready',
    pid,
    node: process.version,
    host: hostname(),
    ...(engineEnvironment === null ? {} : { environment: engineEnvironment }),
    ...(probes === 0 ? {} : { probes }),
  })
}

/** Nothing else is executed meanwhile: the pool gives no chunk before it has the answer. */
async function tellProbes({ description, attachments }: Loaded): Promise<void> {
  const outcomes = await runProbes(description.probes, attachments.files, (text) =>
    send({ type: 'log', ...position(), stream: 'stderr', text }),
  )
  send({ type: 'probed', outcomes })
}

async function executeOne(loaded: Loaded, chunk: number, surroundings: Surroundings): Promise<void> {
  setPosition(chunk, -1)
  const start = now()
  const done = await loaded.execute(chunk, {
    ...surroundings,
    at: (job) => setPosition(chunk, job),
  })
  const ms = Math.round((now() - start) * 1000) / 1000
  const stacks: Stack[] = done.stacks
    .slice(0, MAX_STACKS)
    .map(({ job, stack }) => ({ job, stack: stack.slice(0, MAX_STACK) }))
  queue({ type: 'chunk', chunk, failed: done.failed, ms, stacks }, done.bytes)
  setPosition(-1, -1)
}

function surroundingsOf(inputs: Readonly<Record<string, string>>): Surroundings {
  const inputBytes: Surroundings['inputBytes'] = (digest, name) => readInput(inputs[digest], digest, name)
  return {
    inputBytes,
    log: (words) => send({ type: 'log', ...position(), stream: 'log', text: `${format(...words)}\n` }),
    touched: (touch) => send({ type: 'touched', ...position(), ...touch }),
    at: () => {},
    programWork: (loaded) => programWork(loaded, inputBytes),
  }
}

const read = new Map<string, Uint8Array>()

/** An input's bytes, checked against its digest once. A missing or changed file is no job's fault. */
function readInput(path: string | undefined, digest: string, name: string): Uint8Array {
  const known = read.get(digest)
  if (known !== undefined) return known
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path ?? '')
  } catch (cause) {
    throw new Lacking(`the input ${name} cannot be read: ${(cause as Error).message}`)
  }
  if (createHash('sha256').update(bytes).digest('hex') !== digest) {
    throw new Lacking(`the input ${name} at ${path} is not the file with SHA-256 ${digest}`)
  }
  read.set(digest, bytes)
  return bytes
}
