/**
 * What a head's program does: it carries out one order of the near side, or, started by itself, supervises a run; and a
 * scheduler starts it as a task of one. Nothing of Reprise is installed there.
 */
import { once } from 'node:events'
import { type ErrorRecord, RepriseError, toErrorRecord } from '../../lib/errors.ts'
import { pathsAsTheyAre } from '../array/content.ts'
import { folderStore } from '../array/folder-store.ts'
import { executeTask } from '../array/task.ts'
import { parseTaskWords, TASK } from '../array/task-words.ts'
import { startHere } from './far-start.ts'
import type { HeadAnswer, HeadOrder } from './orders.ts'
import type { SchedulerKinds } from './scheduler-kind.ts'
import { serve } from './serve.ts'
import { SUPERVISE } from './start.ts'
import { supervise } from './supervise.ts'

const MAX_ORDER = 2 ** 28

/** Does what this process was started for, and ends it. */
export async function beHead(kinds: SchedulerKinds): Promise<void> {
  const [role, ...words] = process.argv.slice(2)
  if (role === SUPERVISE) await superviseHere(words[0]!, kinds)
  else if (role === TASK) await executeHere(words)
  else await serveHere(kinds)
}

async function superviseHere(folder: string, kinds: SchedulerKinds): Promise<void> {
  process.on('SIGHUP', () => {}) // there is no terminal whose end could matter
  try {
    const state = await supervise(folder, (submission) =>
      startHere(submission, kinds, { folder, program: process.argv[1]! }),
    )
    console.log(`${new Date().toISOString()} ${state}`)
  } catch (error) {
    console.error(`Error: ${toErrorRecord(error, 'engine').message}`)
    process.exitCode = 1
  }
  process.exit() // whatever a broken connection may still hold open
}

async function executeHere(words: readonly string[]): Promise<void> {
  try {
    const { store, ...place } = parseTaskWords(words)
    process.exitCode = await executeTask(place, { store: folderStore(store), content: pathsAsTheyAre })
  } catch (error) {
    console.error(`Error: ${error instanceof RepriseError ? error.line : (error as Error).message}`)
    process.exitCode = 1
  }
  process.exit() // whatever an engine may have left open
}

async function serveHere(kinds: SchedulerKinds): Promise<void> {
  const stop = new AbortController()
  const order = readOrder(() => stop.abort())
  try {
    const served = await serve(await order, { program: process.argv[1]!, kinds }, stop.signal)
    await say({ answer: served.answer })
    for await (const bytes of served.bytes ?? []) await write(bytes)
  } catch (error) {
    await say({ error: toErrorRecord(error, 'storage') satisfies ErrorRecord })
  }
  process.exit()
}

/** The order, in one line; `left` is told when nobody is there any more. */
function readOrder(left: () => void): Promise<HeadOrder> {
  return new Promise((resolve, reject) => {
    let text = ''
    process.stdin.setEncoding('utf8')
    process.stdin.on('data', (piece: string) => {
      text += piece
      const end = text.indexOf('\n')
      if (end < 0 && text.length < MAX_ORDER) return
      try {
        resolve(JSON.parse(text.slice(0, end)) as HeadOrder)
      } catch {
        reject(new RepriseError('usage', 'is no JSON', { subject: 'order' }))
      }
    })
    process.stdin.on('end', () => {
      left()
      reject(new RepriseError('usage', 'ended before it was whole', { subject: 'order' }))
    })
    process.stdin.on('error', left)
  })
}

async function say(answer: HeadAnswer): Promise<void> {
  await write(Buffer.from(`${JSON.stringify(answer)}\n`))
}

/** At the pace of whoever reads. */
async function write(bytes: Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
}
