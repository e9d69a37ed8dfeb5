/**
 * Slurm as a head has it: its programs are on the head itself, the store is in the run's own folder, and so is the program
 * that tasks run, since what is in caches may be emptied meanwhile.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { folderStore } from '../array/folder-store.ts'
import { sha256Of } from '../digests.ts'
import { slurmEngine } from '../slurm/engine.ts'
import { probeSlurm } from '../slurm/probe-here.ts'
import { contentPath } from './far-runs.ts'
import type { SchedulerKind } from './scheduler-kind.ts'
import type { SlurmManner } from './submission.ts'
import { taskEngines } from './task-engines.ts'
import { syncFolder, writeWhole } from './written.ts'

const FOLDER = 'array'

export const slurmKind: SchedulerKind<SlurmManner> = {
  probe: ({ wishes }, here) => probeSlurm(wishes, here),

  begin(submission, manner, { folder, program }) {
    const { capsule, inputs, env } = submission
    const { wishes, node } = manner
    const storeFolder = join(folder, FOLDER)
    const pathOf = (sha256: string) => contentPath(folder, submission, sha256)
    return {
      engine: slurmEngine({
        ...{ wishes, storeFolder, node: node ?? process.execPath, taskEnv: env },
        program: placeProgram(storeFolder, program),
      }),
      store: folderStore(storeFolder),
      capsule: pathOf(capsule),
      inputs: Object.fromEntries(inputs.map((sha256) => [sha256, pathOf(sha256)])),
      engines: taskEngines(manner),
      maxTasks: wishes.maxTasks ?? null,
    }
  },
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
