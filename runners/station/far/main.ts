/**
 * The station's program on its host: bundled into one file, started by boot.ts, which hands it the folder. It answers
 * calls until its input ends or nothing has come for `silenceMs`; then all that it started ends with it.
 */
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { watchSilence } from '../silence.ts'
import { Wire } from '../wire.ts'
import { answerCalls } from './answer.ts'
import { ROLES } from './roles.ts'
import { Scratch } from './scratch.ts'
import { VERBS } from './verbs.ts'

export function serve(directory: string, silenceMs: number): void {
  process.title = 'reprise-station'
  const scratch = new Scratch(directory)
  let over = false
  const end = () => {
    if (over) return
    over = true
    calls.endAll()
    try {
      scratch.close()
    } finally {
      process.exit(0)
    }
  }
  process.on('exit', () => calls.endAll())
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end)
  const silence = watchSilence(silenceMs, end)
  // Not process.stdout, of which Node says that it may wait for its reader: this process must not.
  const output = new Socket({ fd: 1, readable: false, writable: true })
  const wire = new Wire(process.stdin, output, {
    heard: () => silence.heard(),
    message: (id, message) => calls.hear(id, message),
  })
  const calls = answerCalls(wire, VERBS, { directory, scratch })
  void wire.over.then(end)
}

const [, file, role = ''] = process.argv
if (file === fileURLToPath(import.meta.url) && Object.hasOwn(ROLES, role)) {
  void ROLES[role]!(process.argv.slice(3))
}
