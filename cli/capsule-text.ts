/** The text of a capsule that is not in its manifest, from beside it or from the lab. */
import { readBeside } from '../lab/beside.ts'
import type { Lab } from '../lab/lab.ts'
import { RepriseError } from '../lib/errors.ts'

/** Throws `not-found`. */
export function capsuleText(lab: Lab, folder: string, sha256: string): string {
  const bytes = readBeside([folder, lab.capsules], `${sha256}.mjs`)
  if (bytes !== null) return new TextDecoder().decode(bytes)
  throw new RepriseError('not-found', `the file ${sha256}.mjs that the manifest names is not beside it`, {
    subject: 'manifest',
    remedy: 'Get it from where the manifest came from',
  })
}
