/** The station's program: the far side of this folder as one file that needs nothing but Node, and the text that takes it. */
import { type BuiltProgram, builtProgram } from '../built.ts'

export interface Program extends Pick<BuiltProgram, 'bytes' | 'sha256'> {
  /** Text of the program that takes it; see far/boot.ts. */
  readonly boot: string
}

export function stationProgram(): Program {
  return { ...builtProgram('station.mjs'), boot: builtProgram('station-boot.js').bytes.toString('utf8') }
}
