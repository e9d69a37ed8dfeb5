/**
 * Files that a manifest names by their digest, and that lie beside it: so a bundle is filled and emptied, and verification
 * knows what to ask for. What is embedded is not among them.
 */
import type { Manifest } from './manifest.ts'

/** Their names, each once: leaves and capsule first, then inputs, then objects. */
export function namedFiles(manifest: Manifest): string[] {
  const { capsule, results } = manifest
  return [
    ...('sha256' in results.leaves ? [`${results.leaves.sha256}.leaves`] : []),
    ...(capsule.source === null ? [`${capsule.sha256}.mjs`] : []),
    ...usedFiles(manifest),
  ]
}

/** Those of them that hold neither code nor results: inputs, and what no commit has (a patch, untracked files). */
export function usedFiles({ run }: Manifest): string[] {
  const inputs = [...new Set(Object.values(run.inputs))]
  return [
    ...inputs.map((digest) => `inputs/${digest}`),
    ...objectsOf(run.code).map((digest) => `objects/${digest}`),
  ]
}

function objectsOf(code: object): string[] {
  const { patch, untracked } = code as { patch?: unknown; untracked?: unknown }
  const named = [patch, ...(Array.isArray(untracked) ? untracked : [])]
  const digests = named.map((item) => (item as { sha256?: unknown } | null | undefined)?.sha256)
  return [...new Set(digests.filter((digest) => typeof digest === 'string'))].sort()
}
