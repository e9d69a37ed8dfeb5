/**
 * Slurm as an array engine: its own programs are asked, on a machine that has them, and what they say is never more than a hint.
 * Of tasks that ended some minutes ago the scheduler knows nothing any more; the accounting does, where there is one.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import type { ArrayEngine, ArrayOrder, EngineFacts } from '../array/engine.ts'
import { storageError, syncFolder, writeWhole } from '../station/far/whole.ts'
import { ask, complaint, type ProgramOptions, type RunProgram, slurmPrograms, unanswered } from './command.ts'
import { clusterAsked } from './directives.ts'
import { byCluster, handleIn, toCluster } from './handle.ts'
import { factsOf, readConfig } from './limits.ts'
import { type Asking, findArray, lookAtTasks, usageOfTasks } from './looking.ts'
import type { SlurmWishes } from './profile.ts'
import { refusalOf } from './refusal.ts'
import { jobScript } from './script.ts'

export interface SlurmOptions extends ProgramOptions {
  readonly wishes: SlurmWishes
  /** Paths, as nodes see them: of the store's folder, of this program's file, and of Node. */
  readonly storeFolder: string
  readonly program: string
  readonly node: string
  /** Environment of tasks, on top of what the nodes give them. */
  readonly taskEnv?: Readonly<Record<string, string>>
  /** In place of Slurm's programs. */
  readonly run?: RunProgram
  /** How long an answer is waited for, ms: a question's, and a submission's. */
  readonly patience?: { readonly ask?: number; readonly submit?: number }
}

const ASK_MS = 60_000
/** sbatch itself tries again for two minutes where there is no room. */
const SUBMIT_MS = 240_000
/** Of what a task printed, the last so many bytes are shown. */
const LOG_BYTES = 65_536

export function slurmEngine(options: SlurmOptions): ArrayEngine {
  const { wishes, storeFolder, program, node, taskEnv, run = slurmPrograms(options), patience = {} } = options
  const askMs = patience.ask ?? ASK_MS
  const cluster = clusterAsked(wishes)
  const logsOf = (array: number) => join(storeFolder, 'logs', String(array))
  const scriptOf = (array: number) => join(storeFolder, 'arrays', String(array), 'job.sh')
  let known: Promise<EngineFacts> | null = null

  const facts = () => {
    known ??= probe()
    known.catch(() => {
      known = null
    })
    return known
  }
  const accounted = async () => (await facts()).accounting
  const asking: Asking = { run, askMs, cluster, accounted, remembered: new Map() }

  async function probe(): Promise<EngineFacts> {
    await ask(run, 'sbatch', ['--version'], askMs)
    const answer = await ask(run, 'scontrol', [...toCluster(cluster), 'show', 'config'], askMs)
    const found = factsOf(readConfig(answer.stdout), wishes.maxTasks ?? null)
    if (found === null)
      throw unanswered('scontrol', `the controller of the cluster cannot be asked: ${complaint(answer)}`)
    if (found.maxArray < 1)
      throw new RepriseError('engine', 'takes no job arrays (its MaxArraySize is 0)', {
        subject: 'slurm',
        remedy: 'Ask its administrators, or run on its nodes by ssh',
      })
    return found
  }

  return {
    kind: 'slurm',
    remedy: 'See that the nodes have Node, and that they see the shared folder',
    probe: facts,

    async stage(order: ArrayOrder): Promise<void> {
      const logs = logsOf(order.array)
      const script = scriptOf(order.array)
      const text = jobScript(order, wishes, { storeFolder, logs, program, node }, taskEnv)
      for (const folder of [logs, dirname(script)]) makeFolder(folder)
      writeWhole(script, text)
    },

    async submit({ array }: ArrayOrder): Promise<string> {
      const words = ['--parsable', '--export=NONE', ...toCluster(cluster), scriptOf(array)]
      const answer = await ask(run, 'sbatch', words, patience.submit ?? SUBMIT_MS)
      if (answer.code !== 0) throw refusalOf(answer)
      const handle = handleIn(answer.stdout)
      if (handle === null) throw unanswered('sbatch', 'it is not known as what it was submitted')
      return handle
    },

    find: (name) => findArray(asking, name),
    status: (handles) => lookAtTasks(asking, handles),
    collect: (handle) => usageOfTasks(asking, handle),

    async logs(array: number, index: number): Promise<string> {
      return endOf(join(logsOf(array), `${index}.txt`))
    },

    async cancel(handles: readonly string[]): Promise<void> {
      for (const [on, ids] of byCluster(handles)) {
        const answer = await ask(run, 'scancel', [...toCluster(on), ...ids.keys()], askMs)
        const lines = answer.stderr.split('\n').filter((line) => /error|fatal|scancel:/i.test(line))
        const left = lines.filter((line) => !/invalid job id|already complet|not active/i.test(line))
        if (left.length > 0 || (answer.code !== 0 && lines.length === 0))
          throw unanswered('scancel', `not all arrays could be cancelled: ${complaint(answer)}`)
      }
    },

    async clean(array: number): Promise<void> {
      try {
        rmSync(scriptOf(array), { force: true })
        rmSync(logsOf(array), { recursive: true, force: true })
      } catch (error) {
        throw storageError(storeFolder, error)
      }
    },
  }
}

/** Makes a folder and those above it that are not there, durably. */
function makeFolder(path: string): void {
  try {
    const first = mkdirSync(path, { recursive: true, mode: 0o700 })
    if (first === undefined) return
    for (let folder = path; folder.length >= first.length; folder = dirname(folder))
      syncFolder(dirname(folder))
  } catch (error) {
    throw storageError(path, error)
  }
}

function endOf(path: string): string {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw storageError(path, error)
  }
  try {
    const { size } = fstatSync(file)
    const bytes = Buffer.alloc(Math.min(size, LOG_BYTES))
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length)
    return bytes.subarray(0, read).toString('utf8')
  } catch (error) {
    throw storageError(path, error)
  } finally {
    closeSync(file)
  }
}
