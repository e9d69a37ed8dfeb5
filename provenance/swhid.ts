/**
 * Software Heritage's identifiers (SWHID 1.2, ISO/IEC 18670): names of a commit, a tree and a file that follow from
 * their content alone, so that the code can be found in any archive that has it. They are git's own SHA-1 names.
 */
import { createHash } from 'node:crypto'

export interface Swhids {
  readonly revision: string
  readonly directory: string
  /** Of the experiment's file, as it was bundled. */
  readonly content: string
}

/** Git's name for a file with these bytes, in a repository whose names are of that hash. */
export function blobId(bytes: Uint8Array, algorithm: 'sha1' | 'sha256'): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** The hash that a repository names its objects by, told from one of the names. */
export function algorithmOf(id: string): 'sha1' | 'sha256' {
  return id.length === 64 ? 'sha256' : 'sha1'
}

/** The identifiers, or null in a repository that names objects by SHA-256: there git's names are no SWHIDs. */
export function swhidsOf(commit: string, tree: string, experiment: Uint8Array): Swhids | null {
  if (algorithmOf(commit) !== 'sha1') return null
  return {
    revision: `swh:1:rev:${commit}`,
    directory: `swh:1:dir:${tree}`,
    content: `swh:1:cnt:${blobId(experiment, 'sha1')}`,
  }
}
