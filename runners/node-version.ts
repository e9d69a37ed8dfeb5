/**
 * Versions of Node: what is one, which are recent enough, and which an executable says it is. Nothing is taken for Node
 * before it has answered.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { RepriseError } from '../lib/errors.ts'
import { engineEnvironment } from './local.ts'

/** The first version that Reprise's engines run on. */
export const LEAST = '20.19'

/** What to do without the Node that was asked for, in the middle of a sentence or as one. */
export const ELSE = `give the path of a Node (--runtime PATH), or leave --runtime out to go on with today's ${process.version}, whose bits may differ`
export const INSTEAD: string = ELSE.replace(/^g/, 'G')

/** An executable must answer within this, ms: a cold disk may have to read a hundred megabytes. */
const ANSWER_MS = 30_000

/** True for `22.23.3` and `v22.23.3` and for nothing else, whoever wrote it; a number begins with 0 only when it is 0. */
export function isVersion(word: string): boolean {
  return /^v?(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})$/.test(word)
}

/** What an executable answers to `--version`, such as `v22.23.3`. Throws `engine` when it is no Node. */
export async function answeredVersion(path: string): Promise<string> {
  let said: string
  try {
    const options = {
      env: engineEnvironment(process.env),
      timeout: ANSWER_MS,
      killSignal: 'SIGKILL',
    } as const
    said = (await promisify(execFile)(path, ['--version'], options)).stdout.trim()
  } catch (error) {
    const { code, signal, message } = error as NodeJS.ErrnoException & { readonly signal?: string | null }
    const why = signal ? `was ended by ${signal}` : typeof code === 'number' ? `exit code ${code}` : message
    throw noNode(path, `cannot be executed as Node: --version gave no answer (${why})`, error)
  }
  if (/^v\d+\.\d+\.\d+(-[\w.+-]+)?$/.test(said)) return said
  throw noNode(path, `is no Node: --version answers ${JSON.stringify(said.slice(0, 60))}`)
}

function noNode(path: string, message: string, cause?: unknown): RepriseError {
  return new RepriseError('engine', message, {
    subject: path,
    remedy: INSTEAD,
    cause,
  })
}

/** Whether engines can run on it. */
export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = LEAST.split('.').map(Number)
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}

/** Throws `engine` for a version that engines cannot run on. */
export function checkAge(version: string, subject: string): void {
  if (isRecent(version)) return
  throw new RepriseError('engine', `engines need Node ${LEAST} or later, and this is ${version}`, {
    subject,
    remedy: `Name a later one, or leave --runtime out to go on with today's ${process.version}, whose bits may differ`,
  })
}
