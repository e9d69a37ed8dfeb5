/**
 * The code of a run as single facts, so that each difference is told by itself: capsule, commit and what was changed beside it,
 * lock, versions, inputs. What a later version records of its code is told by its own name.
 */
import type { Manifest, RunRecord } from '../provenance/manifest.ts'

export function codeOf({ capsule, run }: Manifest): Record<string, unknown> {
  const { code, packages, lock, inputs, reprise } = run
  const versions = new Map<string, string[]>() // a package may be there in several
  for (const { name, version } of packages) versions.set(name, [...(versions.get(name) ?? []), version])
  return {
    capsule: capsule.sha256,
    ...flatCode(code),
    lock: lock?.sha256 ?? null,
    reprise,
    math: run.math ?? 'native',
    guard: run.guard ?? 'off',
    ...Object.fromEntries([...versions].map(([name, all]) => [`package ${name}`, all.join(', ')])),
    ...Object.fromEntries(Object.entries(inputs).map(([name, digest]) => [`input ${name}`, digest])),
  }
}

/** Code identity by single facts: a list of named things has a key for each, a file is its digest. */
function flatCode(code: RunRecord['code']): Record<string, unknown> {
  if (code.commit === null) return { ...code }
  const { remotes = [], swhids, patch, patchOmitted, untracked = [], ...plain } = code
  return {
    ...plain,
    ...(swhids == null ? {} : { 'experiment file': swhids.content }),
    ...Object.fromEntries(remotes.map(({ name, url }) => [`remote ${name}`, url])),
    patch: patch?.sha256 ?? patchOmitted?.reason ?? null,
    ...Object.fromEntries(untracked.map(({ path, sha256 }) => [`untracked ${path}`, sha256])),
  }
}
