/**
 * The head's program as one file: our far side with all that it needs, and in it the program that makes stations of the
 * workers, which cannot be bundled there.
 */
import { type BuiltProgram, builtProgram } from '../built.ts'

/** For hosts, and clusters of Slurm. */
export function headProgram(): BuiltProgram {
  return builtProgram('head.mjs')
}

/** For this machine, as the head of what is executed in a cloud: with its clients, and with the programs of its tasks. */
export function cloudHeadProgram(): BuiltProgram {
  return builtProgram('cloud-head.mjs')
}
