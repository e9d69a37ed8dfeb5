/**
 * Reprise itself as a package that npm installs from a file, made by `npm pack` of where it is installed: no script of it is
 * executed, and the same installation gives the same bytes.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endOf } from './bounded-program.ts'
import { ROOT } from './installed.ts'

export interface OwnPackage {
  /** `reprise-0.7.0.tgz`. */
  readonly name: string
  readonly bytes: Uint8Array
}

const PATIENCE_MS = 120_000

/** The package; where it cannot be made, why. */
export async function ownPackage(): Promise<OwnPackage | { readonly reason: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-package-'))
  try {
    const words = ['pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', folder, ROOT]
    const child = spawn('npm', words, { cwd: folder, stdio: 'ignore', detached: true })
    const reason = await endOf(child, PATIENCE_MS)
    if (reason !== null) return { reason: `npm pack: ${reason}` }
    const [name] = readdirSync(folder).filter((file) => /^reprise-[0-9A-Za-z.+-]+\.tgz$/.test(file))
    return name === undefined
      ? { reason: 'npm pack made no file' }
      : { name, bytes: readFileSync(join(folder, name)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
