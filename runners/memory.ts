/**
 * A runner without processes: chunks are executed here, one after the other, by the loaded capsule. It is what
 * small maps, browsers and tests use, and the measure for all others: no other runner may give other bytes.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'
import { RepriseError } from '../lib/errors.ts'
import { ownEnvironment } from './environment.ts'
import type { Loaded } from './loaded.ts'
import { leafOf } from './protocol.ts'
import type { Runner } from './runner.ts'

export function memoryRunner(): Runner {
  return {
    kind: 'memory',
    engines: 1,
    async execute({ capsule, hash, chunks, inputs }, sink, signal) {
      const { loaded } = (await import(pathToFileURL(capsule).href)) as { loaded: Loaded }
      if (loaded.description.hash !== hash) {
        throw new RepriseError('not-intact', 'the capsule holds another experiment', { subject: 'capsule' })
      }
      const files = readInputs(inputs, Object.entries(loaded.attachments.inputs))
      const { pid, version } = process
      sink.engine({ engine: 1, pid, host: 'memory', node: version, environment: ownEnvironment() })
      for (const chunk of chunks) {
        if (signal.aborted) return
        const start = performance.now()
        const done = await loaded.execute(chunk, {
          inputBytes: (digest) => files.get(digest)!,
          log: (words) =>
            sink.log({ engine: 1, chunk, job: -1, stream: 'log', text: `${format(...words)}\n` }),
          at: () => {},
          touched: (touch) => sink.touched(touch),
          programWork: null,
        })
        const ms = performance.now() - start
        sink.chunk({ ...done, chunk, leaf: leafOf(done.bytes), ms, engine: 1 })
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

/** All declared inputs, checked before the first chunk: one that is not there must not become a job's failure. */
function readInputs(
  paths: Readonly<Record<string, string>>,
  declared: readonly (readonly [string, string])[],
): Map<string, Uint8Array> {
  const refuse = (name: string, what: string) =>
    new RepriseError('not-found', what, { subject: `input ${name}` })
  return new Map(
    declared.map(([name, digest]) => {
      let bytes: Uint8Array
      try {
        bytes = readFileSync(paths[digest] ?? '')
      } catch (cause) {
        throw refuse(name, `cannot be read: ${(cause as Error).message}`)
      }
      if (createHash('sha256').update(bytes).digest('hex') !== digest)
        throw refuse(name, `${paths[digest]} is not the file with SHA-256 ${digest}`)
      return [digest, bytes]
    }),
  )
}
