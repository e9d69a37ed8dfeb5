/**
 * What of Slurm there is on this machine, and whether it would take tasks as they are wished for: sbatch is asked about one
 * that is never submitted, so that a partition that is none is told before anything is planned.
 */
import type { EngineFacts } from '../array/engine.ts'
import { ask, type RunProgram, slurmPrograms } from './command.ts'
import { wishWords } from './directives.ts'
import { slurmEngine } from './engine.ts'
import type { SlurmWishes } from './profile.ts'
import { refusalOf } from './refusal.ts'

const PATIENCE_MS = 60_000

export interface ProbingHere {
  /** A folder that nodes see. */
  readonly directory: string
  /** This program's file. */
  readonly program: string
  /** In place of Slurm's programs. */
  readonly run?: RunProgram
}

/** Throws `usage` for wishes that are not taken, `busy` where there is no room now, `engine` where nobody answers. */
export async function probeSlurm(
  wishes: SlurmWishes,
  { directory, program, run = slurmPrograms() }: ProbingHere,
): Promise<EngineFacts> {
  const engine = slurmEngine({ wishes, storeFolder: directory, program, node: process.execPath, run })
  const facts = await engine.probe()
  const words = ['--test-only', '--export=NONE', '--nodes=1', '--ntasks=1', ...wishWords(wishes), '--wrap=:']
  const answer = await ask(run, 'sbatch', words, PATIENCE_MS)
  if (answer.code !== 0) throw refusalOf(answer)
  return facts
}
