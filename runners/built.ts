/** Programs that were made when Reprise was built (`build/programs.ts`): read when first wanted, and named by their SHA-256. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { RepriseError } from '../lib/errors.ts'

export interface BuiltProgram {
  readonly path: string
  readonly bytes: Buffer
  /** SHA-256, hex. */
  readonly sha256: string
}

const known = new Map<string, BuiltProgram>()

/** The program whose file is called `name`. Throws `not-found` where Reprise was not built to its end. */
export function builtProgram(name: string): BuiltProgram {
  const found = known.get(name) ?? read(name)
  known.set(name, found)
  return found
}

function read(name: string): BuiltProgram {
  const path = fileURLToPath(new URL(`../programs/${name}`, import.meta.url))
  try {
    const bytes = readFileSync(path)
    return { path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
  } catch (cause) {
    throw new RepriseError('not-found', 'this program of Reprise itself is not there', {
      subject: path,
      remedy: 'Install Reprise again; in its repository: npm run build',
      cause,
    })
  }
}
