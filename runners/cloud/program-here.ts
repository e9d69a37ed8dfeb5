/** The programs of tasks in containers, as a head has them: in its own file, put there by build/programs.ts. */
import { createHash } from 'node:crypto'
import type { CloudProgram } from './program.ts'

declare const CLOUD_PROGRAM: { readonly boot: string; readonly pod: string }

export function cloudProgramHere(): CloudProgram {
  const bytes = Buffer.from(CLOUD_PROGRAM.pod, 'utf8')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { boot: CLOUD_PROGRAM.boot, pod: { bytes, sha256 } }
}
