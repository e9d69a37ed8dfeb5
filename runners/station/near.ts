/** A station as its user has it: the verbs of the far side as functions, engines as processes, and the beat. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { RepriseError } from '../../lib/errors.ts'
import type { Fingerprint } from '../../lib/fingerprint.ts'
import type { Channel, Ending } from '../channel.ts'
import type { EngineProcess } from '../launcher.ts'
import { answered } from './answered.ts'
import { type Calls, LostStation } from './calls.ts'
import { keptPath } from './far/folder.ts'
import type { Latency } from './latency.ts'
import type { OpenStation } from './open.ts'
import type { Content, Facts } from './station.ts'
import type { Wire } from './wire.ts'

const CLOSE_MS = 5_000
/** Computing it takes a second or so. */
const FINGERPRINT_MS = 60_000
/** What nobody reads is not waited for longer than this after an engine has ended, ms. */
const LINGER_MS = 1_000
/** An engine that is killed is taken for gone after this, even where its host does not say so, ms. */
const KILL_MS = 10_000

interface Opened {
  readonly shell: Channel
  readonly wire: Wire
  readonly calls: Calls
  readonly facts: Facts
  readonly env: Readonly<Record<string, string>>
  readonly latency: Latency
}

export function nearStation({ shell, wire, calls, facts, env, latency }: Opened): OpenStation {
  const sending = new Map<string, Promise<void>>()
  let binary: Promise<string | null> | null = null

  return {
    facts,
    get latencyMs() {
      return latency.ms
    },
    get traffic() {
      return { sent: wire.sent, received: wire.received }
    },
    lost: wire.over,
    call: (verb, args) => calls.call(verb, args),

    async keep(contents) {
      const named = contents.map(({ kind, sha256 }) => ({ kind, sha256 }))
      const lacking = new Set(await calls.call<string[]>('lacking', { contents: named }).result)
      for (const content of contents) {
        if (!lacking.has(content.sha256)) continue
        const key = `${content.kind} ${content.sha256}`
        const under = sending.get(key) ?? send(calls, content).finally(() => sending.delete(key))
        sending.set(key, under)
        await under
      }
    },

    launch(capsule, inputs, more = {}) {
      binary ??= calls.call<string | null>('binary').result.catch(() => null)
      const call = calls.call<string>('launch', { capsule, env: { ...env, ...more } })
      call.input.on('error', () => {}) // an engine that is gone is told by `ended`
      const { killed, kill } = killing(call.cancel)
      const told = call.result.then(
        (how): Ending => ({ how, unreachable: false }),
        (error: RepriseError): Ending => {
          if (error instanceof LostStation) return { how: error.message, unreachable: true }
          const how = `could not be started: ${error.line}`
          return { how, unreachable: false, lacking: error.code === 'not-found' }
        },
      )
      const paths = inputs.map((sha256) => [sha256, keptPath(facts.directory, 'input', sha256)])
      const engine: EngineProcess = {
        stdin: call.input,
        stdout: call.output,
        stderr: call.errors,
        ended: Promise.race([
          killed,
          told.then(async (ending) => {
            await wereRead(call.output, call.errors)
            return ending
          }),
        ]),
        kill,
        binary,
        inputs: Object.fromEntries(paths),
        get latencyMs() {
          return latency.ms
        },
      }
      return engine
    },

    fingerprint: () => answered(FINGERPRINT_MS, calls.call<Fingerprint>('fingerprint').result),
    clean: (dryRun = false, emptied = null) => calls.call<number>('clean', { dryRun, emptied }).result,

    async close() {
      shell.stdin.end()
      const patience = setTimeout(() => shell.kill(), CLOSE_MS)
      await shell.ended
      clearTimeout(patience)
      wire.end('it was closed')
    },
  }
}

/** Whoever kills an engine waits for its end, but not for a host that does not answer. */
function killing(cancel: () => void): { killed: Promise<Ending>; kill(): void } {
  let kill = () => {}
  const killed = new Promise<Ending>((resolve) => {
    kill = () => {
      cancel()
      setTimeout(
        () => resolve({ how: 'killed; its host does not answer', unreachable: true }),
        KILL_MS,
      ).unref()
    }
  })
  return { killed, kill }
}

/** Sends a file. The far side judges what it got. */
async function send(calls: Calls, { kind, sha256, path }: Content): Promise<void> {
  let bytes: number
  try {
    bytes = (await stat(path)).size
  } catch (cause) {
    throw new RepriseError('not-found', `cannot be read: ${(cause as Error).message}`, {
      subject: path,
      cause,
    })
  }
  const call = calls.call('put', { kind, sha256, bytes })
  call.input.on('error', () => {})
  const file = createReadStream(path, { highWaterMark: 2 ** 18 })
  const failed = new Promise<never>((_, reject) => {
    file.on('error', (cause) => {
      call.cancel()
      reject(new RepriseError('not-found', `cannot be read: ${cause.message}`, { subject: path, cause }))
    })
  })
  file.pipe(call.input)
  try {
    await Promise.race([call.result, failed])
  } finally {
    file.destroy()
  }
}

async function wereRead(...streams: readonly NodeJS.ReadableStream[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, LINGER_MS)
  })
  const read = streams.map((stream) => finished(stream, { writable: false }))
  await Promise.race([Promise.allSettled(read), late])
  clearTimeout(timer)
}
