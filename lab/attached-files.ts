/** What goes with a manifest into a paper, and what it is called there. */
import { readFileSync, statSync } from 'node:fs'
import { RepriseError } from '../lib/errors.ts'
import { namedFiles } from '../provenance/named-files.ts'
import { pathAtHand } from './beside.ts'
import type { Exportable } from './export.ts'
import { sha256Of } from './objects.ts'

/** What is larger stays out: a paper is sent around. */
const MOST_BYTES = 10 * 2 ** 20

export interface FilesBeside {
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  readonly missing: readonly { readonly name: string; readonly why: string }[]
}

/** `reprise-1f2e3d4c5b6a.json`, by the root; the second of one root is `reprise-1f2e3d4c5b6a-2.json`. */
export function manifestName(root: string, taken: ReadonlySet<string> = new Set()): string {
  const stem = `reprise-${root.slice(0, 12)}`
  for (let i = 1; ; i++) {
    const name = i === 1 ? `${stem}.json` : `${stem}-${i}.json`
    if (!taken.has(name)) return name
  }
}

/**
 * Files that the manifest names, those that are at hand and small. Their names have no folder, so that what lies in one folder is
 * found. Throws `not-intact` for one that is not what it is called.
 */
export function filesBeside(found: Exportable): FilesBeside {
  const files: { name: string; bytes: Uint8Array }[] = []
  const missing: { name: string; why: string }[] = []
  for (const name of namedFiles(found.manifest)) {
    const bytes = fileAtHand(found, name)
    if (typeof bytes === 'string') missing.push({ name, why: bytes })
    else files.push({ name: name.replace(/^inputs\//, ''), bytes })
  }
  return { files, missing }
}

/** The bytes of a file, or why it does not go with the manifest. */
function fileAtHand({ lab, record }: Exportable, name: string): Uint8Array | string {
  if (name.startsWith('objects/')) return 'what no commit has is not put into papers; a bundle takes it'
  const path = pathAtHand(lab, record.folder, name)
  if (path === null) return 'it is not at hand'
  if (statSync(path).size > MOST_BYTES)
    return `it is larger than ${MOST_BYTES / 2 ** 20} MiB; a bundle takes it`
  const bytes = readFileSync(path)
  if (sha256Of(bytes) === /[0-9a-f]{64}/.exec(name)?.[0]) return bytes
  throw new RepriseError('not-intact', 'is not the file with this SHA-256', { subject: path })
}
