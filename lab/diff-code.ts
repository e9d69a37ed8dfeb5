/**
 * The code of a run as single facts, so that each difference is told by itself: capsule, commit and what was changed beside it,
 * lock, versions, inputs. What a later version records of its code is told by its own name.
 */
import type { Manifest } from '../provenance/manifest.ts'

export function codeOf({ capsule, run }: Manifest): Record<string, unknown> {
  const { code, packages, lock, inputs, reprise } = run
  const versions = new Map<string, string[]>() // a package may be there in several
  for (const { name, version } of packages) versions.set(name, [...(versions.get(name) ?? []), version])
  return {
    capsule: capsule.sha256,
    ...facts({ ...code }),
    lock: lock?.sha256 ?? null,
    reprise,
    math: run.math ?? 'native',
    guard: run.guard ?? 'off',
    ...Object.fromEntries([...versions].map(([name, all]) => [`package ${name}`, all.join(', ')])),
    ...Object.fromEntries(Object.entries(inputs).map(([name, digest]) => [`input ${name}`, digest])),
  }
}

/** One level of keys: a list of named things has a key for each, a file is its digest. */
function facts(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]): (readonly [string, unknown])[] => {
      if (typeof value !== 'object' || value === null) return [[key, value]]
      if (Array.isArray(value)) {
        const named = value.flatMap((item) => namedFact(key, item))
        return named.length === value.length ? named : [[key, value]] // none of an empty list
      }
      if ('sha256' in value) return [[key, value.sha256]]
      return Object.entries(value).map(([inner, item]) => [`${key}.${inner}`, item] as const)
    }),
  )
}

/** `remote origin` and its URL, `untracked lib/x.ts` and its digest. */
function namedFact(list: string, item: unknown): (readonly [string, unknown])[] {
  if (typeof item !== 'object' || item === null) return []
  const { name, path = name, ...rest } = item as Record<string, unknown>
  const values = Object.values(rest)
  if (typeof path !== 'string') return []
  return [[`${list.replace(/s$/, '')} ${path}`, values.length === 1 ? values[0] : rest]]
}
