/**
 * What a task's container runs, as texts that need nothing but Node: the few kilobytes that are a word of its command, and the
 * program that those have from the store.
 */
import { type BuiltProgram, builtProgram } from '../built.ts'

export interface CloudProgram {
  /** Text of the program that has the task's program; see boot.ts. */
  readonly boot: string
  /** The task's program; see pod.ts. */
  readonly pod: Pick<BuiltProgram, 'bytes' | 'sha256'>
}

export function cloudProgram(): CloudProgram {
  return { boot: builtProgram('cloud-boot.js').bytes.toString('utf8'), pod: builtProgram('cloud-pod.mjs') }
}
