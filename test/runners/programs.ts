/** Program experiments for tests: a python program or any other, executed by the local runner. */
import { spawnSync } from 'node:child_process'
import { NO_ATTACHMENTS } from '../../provenance/capsule.ts'
import { localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import { type Recorder, record } from '../conformance/recorder.ts'
import { assign, type Workshop } from '../conformance/workshop.ts'

export interface ProgramCase {
  readonly program: string
  readonly arguments?: readonly string[]
  /** Contents by path. */
  readonly files?: Readonly<Record<string, string>>
  readonly parameters?: object
  readonly repetitions?: number
  readonly chunk?: number
  readonly inputs?: Readonly<Record<string, string>>
  /** Paths by digest. */
  readonly paths?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

/** False, with one loud line, where python3 is missing. */
export function hasPython(): boolean {
  const has = spawnSync('python3', ['-c', ''], { stdio: 'ignore' }).status === 0
  if (!has) console.log('SKIPPING: python3 is not here, so programs in other languages are not tested')
  return has
}

export async function runProgram(workshop: Workshop, given: ProgramCase): Promise<Recorder> {
  const { files = {}, inputs = {}, paths = {}, timeoutMs = 60_000, ...asked } = given
  const names = Object.fromEntries(Object.keys(inputs).map((name) => [name, name]))
  const spec = { name: 'program', ...asked, files: Object.keys(files), inputs: names }
  const source = `import { command } from 'reprise'\nexport default command(${JSON.stringify(spec)})\n`
  const encoded = Object.entries(files).map(([path, text]) => [path, Buffer.from(text).toString('base64')])
  const made = await workshop.make(source, { ...NO_ATTACHMENTS, files: Object.fromEntries(encoded), inputs })
  const launcher = localLauncher()
  try {
    return await record(pool(launcher, { engines: 1, timeoutMs }), assign(made, undefined, paths))
  } finally {
    launcher.close()
  }
}

export type JobOutcome = { readonly result?: unknown; readonly error?: { name: string; message: string } }

/** The jobs of all chunks, in order. */
export function jobsOf(done: Recorder): JobOutcome[] {
  return done.delivered.flatMap((chunk) => (JSON.parse(done.words(chunk)) as { jobs: JobOutcome[] }).jobs)
}
