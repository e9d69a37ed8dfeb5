/**
 * Portable Math as a capsule gets it: runners/math.ts and lib/math, bundled into a script that stands at the capsule's
 * top. A module would come too late: esbuild's helpers stand before all modules, and take `Math.pow` for `**`.
 *
 * What esbuild computes itself while it builds is not portable Math's: the values of TypeScript's enums, where `**` is
 * folded with Go's pow. The values are then text in the capsule, the same for everybody who has it.
 */
import { join } from 'node:path'

/** The first module of a capsule with portable Math: from here on `Math.pow` is the function again. */
export const SETTLE_MATH = 'Math.pow.settle()'

const made = new Map<string, Promise<string>>()

/** The script, from the files of a Reprise that lies in `root` (no link); made once in a process. */
export function portableMath(root: string): Promise<string> {
  const known = made.get(root) ?? build(root)
  made.set(root, known)
  return known
}

async function build(root: string): Promise<string> {
  const { build } = await import('esbuild')
  const result = await build({
    entryPoints: [join(root, 'dist/runners/math.js')],
    absWorkingDir: root, // files are named in comments, relative to it
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'neutral',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'silent',
    tsconfigRaw: {},
  })
  return result.outputFiles[0]!.text
}
