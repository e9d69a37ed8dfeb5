/** The program that makes a station of a host, as the head has it: in its own file, put there by build/programs.ts. */
import { createHash } from 'node:crypto'
import type { Program } from '../station/program.ts'

declare const STATION_PROGRAM: { readonly text: string; readonly boot: string }

export function stationHere(): Program {
  const bytes = Buffer.from(STATION_PROGRAM.text, 'utf8')
  return { bytes, boot: STATION_PROGRAM.boot, sha256: createHash('sha256').update(bytes).digest('hex') }
}
