/**
 * What a supervisor on the head has chunks executed by, where there is a scheduler: tasks of arrays, whose store is in the run's
 * own folder, and so is the program that they run, since what is in caches may be emptied meanwhile.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { folderStore } from '../array/folder-store.ts'
import { arrayRunner } from '../array/runner.ts'
import { sha256Of } from '../digests.ts'
import { slurmEngine } from '../slurm/engine.ts'
import { contentPath } from './far-runs.ts'
import type { SchedulerManner, Submission } from './submission.ts'
import type { Far } from './supervise.ts'
import { syncFolder, writeWhole } from './written.ts'

const FOLDER = 'array'

/** `program` is this program's own path. */
export function startArray(
  folder: string,
  submission: Submission,
  { wishes, node, taskMs, chunkMs }: SchedulerManner,
  program = process.argv[1]!,
): Far {
  const { capsule, inputs, timeoutMs, env } = submission
  const storeFolder = join(folder, FOLDER)
  const tasks = new Map<string, number>()
  const engine = slurmEngine({
    ...{ wishes, storeFolder, node: node ?? process.execPath, taskEnv: env },
    program: placeProgram(storeFolder, program),
  })
  return {
    capsule: contentPath(folder, submission, capsule),
    inputs: Object.fromEntries(inputs.map((sha256) => [sha256, contentPath(folder, submission, sha256)])),
    runner: arrayRunner({
      ...{ engine, store: folderStore(storeFolder), timeoutMs, taskMs, chunkMs },
      engines: wishes.engines ?? wishes.cpus ?? 1,
      maxTasks: wishes.maxTasks ?? null,
      tell(counts) {
        tasks.clear()
        for (const [state, count] of Object.entries(counts)) tasks.set(state, count)
      },
    }),
    hosts: new Map(),
    tasks,
    remembers: true,
    close() {},
  }
}

/** By its content, so that tasks of an earlier version keep theirs. */
function placeProgram(storeFolder: string, program: string): string {
  const bytes = readFileSync(program)
  mkdirSync(storeFolder, { recursive: true, mode: 0o700 })
  syncFolder(dirname(storeFolder))
  const path = join(storeFolder, `program-${sha256Of(bytes).slice(0, 16)}.mjs`)
  if (!existsSync(path)) writeWhole(path, bytes)
  return path
}
