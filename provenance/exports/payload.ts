/**
 * The files that go with a manifest into a folder: they lie there as `rerun` and `verify` look for them, the manifest
 * among them, so that the folder needs nothing else.
 */

export type PayloadKind = 'manifest' | 'capsule' | 'leaves' | 'results' | 'input' | 'readme'

export interface PayloadFile {
  readonly kind: PayloadKind
  /** Below the folder, with `/`; made of digests and fixed names alone. */
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

/** Paths of what a payload may hold. */
export const PATHS = {
  manifest: 'manifest.json',
  results: 'results.jsonl',
  readme: 'README.md',
  capsule: (sha256: string): string => `${sha256}.mjs`,
  leaves: (sha256: string): string => `${sha256}.leaves`,
  input: (sha256: string): string => `inputs/${sha256}`,
} as const

/** The one file of this kind, or null. */
export function fileOf(files: readonly PayloadFile[], kind: PayloadKind): PayloadFile | null {
  return files.find((file) => file.kind === kind) ?? null
}
