/**
 * Verification of the files that a run used: inputs, and what no commit has of its code. They are named by their digests;
 * those that are not at hand are named as not checked, since a record is intact without them and nobody can rerun it.
 */
import type { Manifest } from './manifest.ts'
import { usedFiles } from './named-files.ts'
import type { Findings } from './verify-proof.ts'

/** Names told one by one. */
const MOST = 100

/** `digests` are those (hex) of files at hand, by name. */
export function checkFiles(
  manifest: Manifest,
  digests: ReadonlyMap<string, string>,
  { report, checked, unchecked }: Findings,
): void {
  const names = usedFiles(manifest)
  const present = names.filter((name) => digests.has(name))
  const absent = names.filter((name) => !digests.has(name))
  for (const name of present)
    if (!name.endsWith(`/${digests.get(name)}`)) report(name, 'is not the file with this SHA-256')
  if (present.length > 0) checked.push(`inputs and objects (${present.length})`)
  for (const name of absent.slice(0, MOST)) unchecked.push(`${name} (it is not here)`)
  if (absent.length > MOST) unchecked.push(`${absent.length - MOST} more inputs and objects`)
}
