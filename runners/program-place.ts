/** Where the programs that an engine starts find themselves: a fresh folder for each, and variables that are always the same. */
import { dirname, join } from 'node:path'
import { InfrastructureFailure } from '../lib/execute.ts'
import { environmentVariables, mkdirSync, mkdtempSync, startFolder, writeFileSync } from './unguarded.ts'

/** One thread and one hash seed: what a program computes must not depend on the machine's size or on chance. */
const STEADY = {
  PYTHONHASHSEED: '0',
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
}

/** The engine's own few variables, and those that steady a program. */
export function programVariables(): NodeJS.ProcessEnv {
  return { ...environmentVariables, ...STEADY }
}

/**
 * A fresh folder, in the engine's own, with the capsule's `files` (base64 by path) and `contents` by name. Where that
 * fails, no job is to blame.
 */
export function programFolder(
  files: Readonly<Record<string, string>>,
  contents: readonly (readonly [name: string, bytes: Uint8Array])[],
): string {
  try {
    const folder = mkdtempSync(join(startFolder, 'program-'))
    for (const [path, text] of Object.entries(files)) {
      const target = join(folder, path)
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, Buffer.from(text, 'base64'), { mode: 0o755 })
    }
    for (const [name, bytes] of contents) writeFileSync(join(folder, name), bytes)
    return folder
  } catch (cause) {
    throw new InfrastructureFailure(`no folder for the program can be made: ${(cause as Error).message}`)
  }
}
